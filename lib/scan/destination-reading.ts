import { auditedStorage, environmentLogCustomers, keptReads, loadFactsBySource, notePartMissed, referencedDestinations, saveFacts, workspacesNamedBy, type Queryable, type SavedFacts } from '@/lib/db'
import { eventHubNamespaceOf, storageAccountNameOf, subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import { isFailure, type ReadFailure } from '@/lib/domain/collected'
import type { Fact, FactSource } from '@/lib/domain/fact'
import type { DestinationInventory } from './destination-inventory'
import { collectDestinations, destinationSources, turnsOn, type ReferencedDestinations } from './destinations'
import type { Reading } from './reading'
import type { ScanEstateInput } from './scan-estate'
import { changedSince } from './told-changes'

/** Reads destinations over the course of a scan: whatever is named by then, each once. */
export class DestinationReading {
  /** With the subscription that each lies in. */
  readonly failures: [subscriptionId: string, failure: ReadFailure][] = []
  private readonly known = new Set<string>()

  constructor(private readonly input: ScanEstateInput, private readonly reading: Reading, private readonly now: () => string) {}

  /**
   * @param carriesOver subscriptions of which only what has changed was read.
   */
  async read(named: NamedBy, inventory: DestinationInventory, carriesOver: ReadonlySet<string>): Promise<void> {
    const { db, azure, estate, claimed } = this.input
    for (const key of await carriedOver(this.input, carriesOver)) this.known.add(key)
    const save = async (facts: readonly Fact[]) => {
      await db.$transaction(async (tx) => this.noteMissed(tx, facts, await saveFacts(tx, estate.estateId, claimed.seq, facts)))
      for (const { subscriptionId, read } of facts) if (isFailure(read)) this.failures.push([subscriptionId ?? '', read])
    }
    await collectDestinations({ referenced: await destinationsInUse(this.input, named, inventory), inventory, azure, now: this.now, known: this.known, save })
  }

  /** Notes what the scans before had carried over though it had changed; what their logs told is seen in the end. */
  private async noteMissed(tx: Queryable, facts: readonly Fact[], saved: SavedFacts): Promise<void> {
    const sources: readonly FactSource[] = destinationSources
    for (const [subscriptionId, those] of Map.groupBy(facts.filter(({ source }) => sources.includes(source)), (fact) => fact.subscriptionId ?? '')) {
      const last = this.reading.of(subscriptionId).before
      if (last !== null) await notePartMissed(tx, this.input.claimed.seq, subscriptionId, changedSince(last, those, saved))
    }
  }
}

/** Reads of destinations that need not be made again, as `source subject`: what this scan has read, and what is unchanged where it was looked for changes. */
async function carriedOver({ db, estate, claimed }: ScanEstateInput, carriesOver: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const read = await keptReads(db, estate.estateId, destinationSources, claimed.seq)
  if (carriesOver.size === 0) return read
  for (const key of await keptReads(db, estate.estateId, destinationSources, 1)) {
    if (carriesOver.has(subscriptionIdOf(key.slice(key.indexOf(' ') + 1)) ?? '')) read.add(key)
  }
  return read
}

/** What names destinations besides what is stored. */
export interface NamedBy {
  /** Workspaces that data collection rules name. */
  ruleWorkspaces: readonly string[]
  /** Storage accounts that flow logs name. */
  flowLogStorage: readonly string[]
  /** Workspaces that traffic analytics takes flow logs to. */
  flowLogWorkspaces: readonly string[]
  /** Workspaces that a solution of Sentinel stands beside. */
  sentinel: readonly string[]
}

/** What some stored setting, SQL audit, environment of container apps, collection rule, flow log or export of Defender’s alerts names, those with Sentinel, and the approved workspaces: these can be central before anything is sent to them. */
async function destinationsInUse({ db, estate, policy }: ScanEstateInput, { ruleWorkspaces, flowLogStorage, flowLogWorkspaces, sentinel }: NamedBy, inventory: DestinationInventory): Promise<ReferencedDestinations> {
  const { workspaces, storageAccounts, hubRules } = await referencedDestinations(db, estate.estateId)
  // Sentinel that was seen once is looked for until it is seen to be gone.
  const onboarded = (await loadFactsBySource(db, estate.estateId, 'sentinel-onboarding')).map(({ subject }) => subject)
  const customers = new Set(await environmentLogCustomers(db, estate.estateId))
  const ofEnvironments = inventory.workspaces.filter(({ customerId }) => customers.has(customerId?.toLowerCase() ?? '')).map(({ id }) => id)
  const ofAudits = (await auditedStorage(db, estate.estateId)).flatMap((endpoint) => inventory.accountsNamed(storageAccountNameOf(endpoint)))
  const ofExports = (await loadFactsBySource(db, estate.estateId, 'data-exports')).flatMap(({ read }) => (read.ok ? read.value.flatMap(({ destinationId }) => (typeOf(destinationId) === 'microsoft.storage/storageaccounts' ? [destinationId] : [])) : []))
  const alertExports = (await loadFactsBySource(db, estate.estateId, 'alerting')).flatMap(({ read }) => (read.ok ? read.value.exports.filter(({ enabled }) => enabled) : []))
  const ofAlerts = alertExports.flatMap(({ workspaceIds }) => workspaceIds)
  const ofAlertHubs = alertExports.flatMap(({ eventHubIds }) => eventHubIds)
  return {
    workspaces: [...onboarded, ...workspaces, ...ofEnvironments, ...ruleWorkspaces, ...flowLogWorkspaces, ...ofAlerts, ...sentinel, ...(policy.approvedWorkspaces ?? [])],
    storageAccounts: [...storageAccounts, ...ofAudits, ...flowLogStorage, ...ofExports],
    hubs: [...hubRules, ...ofAlertHubs].map((id) => eventHubNamespaceOf(id) ?? id),
    countQueries: turnsOn('logs-queried', policy),
    arrivals: turnsOn('machine-events-arrive', policy) ? [...ruleWorkspaces] : [],
    auditArrivals: turnsOn('audit-events-arrive', policy) ? await workspacesNamedBy(db, estate.estateId, 'microsoft.sql/managedinstances') : [],
  }
}
