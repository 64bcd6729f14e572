import { destinationTypes } from '@/lib/domain/destination-types'
import { closeInventory, closePartInventory, failedReads, forgetNotAsked, forgetUnused, partStates, saveAzureStart, saveFacts, saveInventoryPage } from '@/lib/db'
import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type ReadFailure } from '@/lib/domain/collected'
import type { Subscription } from '@/lib/domain/estate'
import { tenantSubject, type Fact } from '@/lib/domain/fact'
import { KeySet } from '@/lib/domain/key-set'
import type { MissedCounts } from '@/lib/domain/scan'
import { ownSources, type CollectDeps } from './collect-subscription'
import { collectTables } from './collect-tables'
import { loadDestinationInventory } from './destination-inventory'
import { DestinationReading } from './destination-reading'
import { destinationSources } from './destinations'
import type { Discovered } from './discover'
import { SubscriptionLister } from './list-subscription'
import { Listing } from './listing'
import { oneAhead } from './one-ahead'
import { subscriptionsAtOnce, type PartBoard } from './part-board'
import { openPartReading, type PartReading } from './part-reading'
import { planReads } from './planned-reads'
import { importPolicyExemptions } from './policy-exemptions'
import type { FailedReads } from './part-status'
import type { ScanEstateInput } from './scan-estate'
import { settleMissed } from './settle-missed'
import { Survey } from './survey'
import { workAhead } from './work-ahead'
import { WorkQueue } from './work-queue'

/** What a collected estate is judged and reported with, beside what is stored of it. */
export interface CollectedEstate {
  resources: number
  /** Subscriptions whose inventory could not be read. */
  unreadable: Map<string, ReadFailure>
  failures: Map<string, FailedReads[]>
  /** Subscriptions of which only what has changed was read. */
  carriesOver: Set<string>
  resourcesOf: Map<string, number>
  tenantFailures: ReadFailure[]
  missed: MissedCounts
  /** What was surveyed of it meanwhile. */
  survey: Survey
}

/** What the inventory lists, to be asked for when all is listed. */
export interface Listed {
  /** How many machines each scanned subscription has, by lower-case id. */
  machines: Map<string, number>
  /** How many virtual networks each scanned subscription has, by lower-case id. */
  networks: Map<string, number>
  /** Firewalls and DNS security policies whose settings were read with their subscription. */
  queryLoggers: Set<ResourceKey>
  /** Workspaces that a solution of Sentinel stands beside. */
  sentinel: string[]
}

/** Reads the inventory and all evidence, and stores both. */
export async function collectEstate(input: ScanEstateInput, found: Discovered): Promise<CollectedEstate> {
  const { db, azure, estate, claimed, progress, signal } = input
  // Discovery has asked Azure, and nothing of the evidence.
  await saveAzureStart(db, claimed.seq, azure.time() ?? new Date(claimed.startedAt))
  if (claimed.resumed) await forgetNotAsked(db, estate.estateId, claimed.seq)
  const reading = await openPartReading({ db, azure, estateId: estate.estateId, scan: claimed, policy: input.policy, catalog: input.catalog, progress, signal }, new Listing(), input.saveOwn)
  const { deps } = reading
  const { now } = deps
  progress.subscriptionsTotal = found.scanned.length + found.lost.length
  const result: CollectedEstate = { resources: 0, unreadable: new Map(), failures: new Map(), carriesOver: new Set(), resourcesOf: new Map(), tenantFailures: [], missed: { missed: 0, perhapsMissed: 0 }, survey: new Survey() }
  const listed: Listed = { machines: new Map(), networks: new Map(), queryLoggers: new Set(), sentinel: [] }
  // Resource Graph answers three queries a second: first the inventory, which all reading of evidence waits for.
  const inventoried = Promise.withResolvers<void>()
  const visible = found.visible.map((s) => s.subscriptionId)
  const destinations = new DestinationReading(input, reading.reading, now)
  const ended = new AbortController()
  const tables = inventoried.promise.then(() => collectTables(input, found, listed, result.unreadable, now))
  const [tenantFailures, alertingFailures, { named, failures, failuresAnywhere, missingRules }] = await Promise.all([
    found.tenantWide ? collectTenant(input, found, deps) : [],
    inventoried.promise.then(() => collectAlerting(input, found, deps)),
    tables,
    inventoried.promise.then(() => importPolicyExemptions(db, azure, estate.estateId, visible, input.policy.exemptionApprover)),
    // An incremental scan learns only in the end which destinations it need not read again, and has little to wait for.
    reading.reading.incremental ? null : tables.then((by) => workAhead({ input, found, unreadable: result.unreadable, destinations, named: by.named, survey: result.survey, ended: ended.signal })),
    collectSubscriptions(input, found, reading, result, listed, inventoried.resolve).finally(() => ended.abort()),
  ])
  result.tenantFailures = [...tenantFailures, ...alertingFailures]
  await collectOtherDestinations(input, found, result)
  const inventory = await loadDestinationInventory(db, estate.estateId)
  await saveFacts(db, estate.estateId, claimed.seq, missingRules(inventory.workspaces.flatMap(({ defaultRuleId }) => defaultRuleId ?? [])))
  await destinations.read(named, inventory, result.carriesOver)
  const readInFull = found.scanned.map(({ subscriptionId }) => subscriptionId.toLowerCase()).filter((id) => !result.carriesOver.has(id) && !result.unreadable.has(id))
  await forgetUnused(db, estate.estateId, claimed.seq, readInFull, destinationSources)
  result.missed = await settleMissed(db, azure, claimed.seq, reading.reading, signal)
  for (const [subscriptionId, failure] of failures) result.failures.get(subscriptionId)?.push(failure)
  for (const [subscriptionId, failure] of [...failuresAnywhere, ...destinations.failures]) (result.failures.get(subscriptionId) ?? result.tenantFailures).push(failure)
  return result
}

/** Lists the inventory, the subscriptions with most to read first, and gives out the subscriptions for reading while it still arrives. */
async function collectSubscriptions(input: ScanEstateInput, found: Discovered, reading: PartReading, result: CollectedEstate, listed: Listed, onInventoried: () => void): Promise<void> {
  const { db, azure, claimed, estate, progress, signal } = input
  const { ordered, sizes } = await planReads(azure, input.catalog, found.scanned)
  const listers = new Map(ordered.map((s) => [s.subscriptionId.toLowerCase(), new SubscriptionLister(s, reading.deps)]))
  const board = input.openBoard(claimed, reading)
  try {
    const offers = new Offers(board, reading, await partStates(db, claimed.seq), ordered.slice(0, subscriptionsAtOnce))
    const closing = new WorkQueue(closedAtOnce)
    for await (const page of oneAhead(azure.readInventory(ordered.map((s) => s.subscriptionId), { sizes }))) {
      signal.throwIfAborted()
      switch (page.kind) {
        case 'page':
          for (const [subscriptionId, resources] of Map.groupBy(page.resources, (r) => r.subscriptionId.toLowerCase())) {
            const fresh = await listers.get(subscriptionId)?.add(resources)
            progress.resourcesFound += fresh ?? 0
            await offers.begun(subscriptionId)
          }
          break
        case 'listed':
          for (const { subscriptionId, failure } of page.unreadable) result.unreadable.set(subscriptionId, failure)
          for (const subscriptionId of page.subscriptions) {
            const lister = listers.get(subscriptionId)
            // What it has listed is not kept longer than it is needed.
            if (listers.delete(subscriptionId) && lister !== undefined) closing.add(() => close(lister, offers, reading, result, listed))
          }
          break
      }
    }
    await closing.idle()
    onInventoried()
    await board.finished()
  } finally {
    await board.close()
  }
  for (const [subscriptionId, { carriesOver }] of await partStates(db, claimed.seq)) if (carriesOver) result.carriesOver.add(subscriptionId)
  for (const { subscriptionId } of ordered) {
    // What an incremental scan did not try again stands, too.
    const since = result.carriesOver.has(subscriptionId) ? 1 : claimed.seq
    result.failures.set(subscriptionId, await failedReads(db, estate.estateId, since, subscriptionId, ownSources))
  }
}

/** Inventories that are ended at once, while further pages arrive. */
const closedAtOnce = 8

/** Gives each subscription out once: with its first page where nothing is known of it and it is among those with most to read, otherwise when it is listed. */
class Offers {
  private readonly offered = new Set<string>()
  private readonly early: ReadonlySet<string>

  constructor(
    private readonly board: PartBoard, private readonly reading: PartReading,
    private readonly before: Awaited<ReturnType<typeof partStates>>, largest: readonly Subscription[],
  ) {
    this.early = new Set(largest.map((s) => s.subscriptionId.toLowerCase()).filter((id) => reading.reading.of(id).before === null && before.get(id)?.read !== true))
  }

  async begun(subscriptionId: string): Promise<void> {
    if (this.early.has(subscriptionId)) await this.offer(subscriptionId, false)
  }

  /** What an interrupted attempt has read is read again only where something was added since. */
  async listed({ subscription, written }: SubscriptionLister, state: 'complete' | 'unread'): Promise<void> {
    const { subscriptionId } = subscription
    const read = this.before.get(subscriptionId.toLowerCase())?.read === true
    const again = read && written && state === 'complete'
    await closePartInventory(this.reading.deps.db, this.reading.deps.seq, subscriptionId, state, again)
    this.reading.listing.note(subscriptionId, state)
    if (state === 'complete' && (!read || again)) await this.offer(subscriptionId.toLowerCase(), again)
  }

  private async offer(subscriptionId: string, again: boolean): Promise<void> {
    if (this.offered.has(subscriptionId)) return
    this.offered.add(subscriptionId)
    await this.board.offer(subscriptionId, again)
  }
}

/** Ends a subscription's inventory. Out of sight, what is stored of it is of an earlier scan and stays as it is. */
async function close(lister: SubscriptionLister, offers: Offers, { deps }: PartReading, result: CollectedEstate, listed: Listed): Promise<void> {
  deps.signal.throwIfAborted()
  const subscriptionId = lister.subscription.subscriptionId.toLowerCase()
  const complete = !result.unreadable.has(subscriptionId)
  if (complete) await lister.close()
  if (complete) {
    listed.machines.set(subscriptionId, lister.machines)
    listed.networks.set(subscriptionId, lister.networks)
  }
  for (const key of lister.queryLoggers) listed.queryLoggers.add(key)
  listed.sentinel.push(...lister.sentinel)
  result.resources += lister.resources
  result.resourcesOf.set(subscriptionId, lister.resources)
  await offers.listed(lister, complete ? 'complete' : 'unread')
}

/** Settings of the tenant (Entra) and of each management group. Returns the reads that failed. */
async function collectTenant(input: ScanEstateInput, found: Discovered, deps: CollectDeps): Promise<ReadFailure[]> {
  const { azure, estate } = input
  const facts: Fact[] = []
  const keep = (subject: Fact['subject'], read: Fact['read']) => facts.push({ subject, source: 'diagnostic-settings', subscriptionId: null, read, readAt: deps.now() })
  const entra = await azure.readEntraDiagnosticSettings()
  keep(tenantSubject(estate.tenantId), entra)
  const listed = found.managementGroups.ok ? found.managementGroups.value : []
  for (const group of [...listed, ...found.managementGroupsOutOfSight]) {
    const read = await azure.readDiagnosticSettings(group.id)
    keep(toResourceKey(group.id), read)
  }
  await saveFacts(deps.db, deps.estateId, deps.seq, facts)
  const failures = facts.map((fact) => fact.read).filter((read) => isFailure(read))
  return isFailure(found.managementGroups) ? [...failures, found.managementGroups] : failures
}

/** Alert rules of every subscription in sight, whatever the scan's scope: a rule in one may watch another. Returns what failed of it. */
async function collectAlerting({ azure, estate }: ScanEstateInput, found: Discovered, deps: CollectDeps): Promise<ReadFailure[]> {
  // Those out of sight are asked for too: they come back as unread, and a rule of theirs may be the one that is missed.
  const read = await azure.readAlerting([...found.visible, ...found.outOfSight].map((s) => s.subscriptionId))
  await saveFacts(deps.db, deps.estateId, deps.seq, [{ subject: tenantSubject(estate.tenantId), source: 'alerting', subscriptionId: null, read, readAt: deps.now() }])
  if (isFailure(read)) return [read]
  return read.ok ? (read.value.failures ?? []).map(({ failure }) => failure) : []
}

/** A scan of some subscriptions still needs to know the destinations that lie in the others: those that are there, and those that are not there any more. */
async function collectOtherDestinations({ db, azure, estate, claimed }: ScanEstateInput, found: Discovered, result: CollectedEstate): Promise<void> {
  const scanned = new Set(found.scanned.map((s) => s.subscriptionId))
  const others = found.visible.map((s) => s.subscriptionId).filter((id) => !scanned.has(id))
  if (others.length === 0) return
  const listed = new KeySet()
  const sizes = await azure.countResources(others, destinationTypes)
  for await (const page of azure.readInventory(others, { destinationsOnly: true, sizes })) {
    if (page.kind === 'page') {
      for (const { id } of page.resources) listed.add(toResourceKey(id))
      await saveInventoryPage(db, estate.estateId, claimed.seq, page.resources)
      continue
    }
    for (const { subscriptionId, failure } of page.unreadable) result.unreadable.set(subscriptionId, failure)
    for (const subscriptionId of page.subscriptions) {
      if (!result.unreadable.has(subscriptionId)) await closeInventory(db, estate.estateId, claimed.seq, subscriptionId, listed, destinationTypes)
    }
  }
}
