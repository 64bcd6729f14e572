import { knownManagementGroups, loadFacts, loadFactsBySource, loadFactsOf, managementGroupsOfSubscriptions, resourceKinds, type Database, type FactReading } from '@/lib/db'
import type { CheckContext, Destinations, ResourceKind } from '@/lib/domain/check'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Subscription } from '@/lib/domain/estate'
import { tenantSubject, type Fact, type FactSource } from '@/lib/domain/fact'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import { queryLoggers } from '@/lib/domain/network'
import type { Policy } from '@/lib/domain/policy'
import type { DestinationInventory } from './destination-inventory'
import { buildEstate, FactIndex, type EstateParts } from './estate'
import { slicesOf } from './part-slices'

/** What any part of an estate is judged with, beside its own stored facts and those that all share. */
export interface StoredInput extends Pick<JudgingBasis, 'scannedAt'> {
  db: Database
  estateId: number
  tenantId: string
  cloud: string
  policy: Policy
  catalog: LogCatalog
  /** The newest scan whose reads are judged. */
  readSeq: number
  /** Subscriptions whose inventory is known to be complete: an absent id there is deleted. */
  visibleSubscriptions: ReadonlySet<string>
  destinationInventory: DestinationInventory
  /** Resources judged, and stored, together; absent: as many as serve best. */
  resourcesPerSlice?: number
}

/** Facts that serve all subscriptions: of destinations, of rules, and of what is the same for a type or the tenant. */
const sharedSources = [
  'log-categories', 'workspace-tables', 'data-exports', 'workspace-queries', 'machine-arrivals', 'audit-arrivals', 'sentinel-onboarding', 'sentinel-rules', 'sentinel-connectors',
  'sentinel-incidents', 'storage-lifecycle', 'log-containers', 'event-hub-namespace', 'alerting', 'collection-rule', 'name-resolution',
] as const satisfies FactSource[]

/** Shared facts that a workspace tells of its last days: true in the scan that asked, and read in every scan that still asks. */
const passingSources: ReadonlySet<FactSource> = new Set(['workspace-queries', 'machine-arrivals', 'audit-arrivals'])

export function isShared(source: FactSource): boolean {
  return sharedSources.some((shared) => shared === source)
}

export async function loadSharedFacts({ db, estateId, tenantId, readSeq }: StoredInput): Promise<FactIndex> {
  const shared = new FactIndex()
  for (const source of sharedSources) for (const fact of await loadFactsBySource(db, estateId, source, passingSources.has(source) ? readSeq : 0)) shared.add(fact)
  // A network's queries may be logged by a policy or firewall of another subscription.
  const resolution = shared.get(tenantSubject(tenantId), 'name-resolution')
  const loggers = resolution?.ok ? queryLoggers(resolution.value) : []
  for (const fact of await loadFactsOf(db, estateId, loggers, { source: 'diagnostic-settings' })) shared.add(fact)
  return shared
}

/** Gives one subscription's stored facts (the tenant's own for null), ready for the checks: some resources at a time, and with the last of them the subscription itself. */
export type ContextsOf = (subscription: Subscription | null, lost?: ReadFailure) => AsyncGenerator<CheckContext>

/**
 * So many resources share what checks work out once for all that share destinations. Most of that is a subscription's own (settings that name its workspaces), so that it
 * would grow with the estate.
 */
const resourcesSharing = 6_000

/** Resources judged, and stored, together, unless the input says otherwise. */
const resourcesPerSlice = 1_000

/** @param reading how a subscription's own facts are taken: as they are, or as they were last known. */
export async function contextsWith(input: StoredInput, shared: FactIndex): Promise<(destinations: Destinations, reading?: FactReading) => ContextsOf> {
  const { tenantId, cloud, policy, catalog, scannedAt } = input
  const groupNames = await managementGroupsOfSubscriptions(input.db, input.estateId)
  return (destinations, reading) => {
    let sharing = destinations
    let resources = 0
    return async function* (subscription, lost) {
      const managementGroupNames = groupNames.get(subscription?.subscriptionId ?? '') ?? []
      for await (const { facts, ...part } of storedParts(input, subscription, reading)) {
        resources += part.resources.length
        if (resources > resourcesSharing) {
          sharing = { ...destinations }
          resources = part.resources.length
        }
        const own = new FactIndex(facts.filter(({ source }) => !passingSources.has(source)))
        yield { estate: buildEstate({ ...part, tenantId, cloud, subscription, managementGroupNames, own, shared, destinations: sharing, lost }), policy, catalog, scannedAt }
      }
    }
  }
}

interface StoredPart extends Pick<EstateParts, 'managementGroups' | 'resources' | 'beside' | 'kinds' | 'judgesScopes'> {
  facts: Fact[]
}

async function* storedParts(input: StoredInput, subscription: Subscription | null, reading: FactReading | undefined): AsyncGenerator<StoredPart> {
  const { db, estateId } = input
  if (subscription === null) {
    yield { managementGroups: await knownManagementGroups(db, estateId), resources: [], beside: [], kinds: [], judgesScopes: true, facts: await loadFacts(db, estateId, null, reading) }
    return
  }
  const { subscriptionId } = subscription
  let allKinds: ResourceKind[] | undefined
  for await (const { whole, last, ...slice } of slicesOf({ db, estateId, subscriptionId, reading, perSlice: input.resourcesPerSlice ?? resourcesPerSlice })) {
    const kinds = whole ? slice.resources : (allKinds ??= await resourceKinds(db, estateId, subscriptionId))
    yield { ...slice, managementGroups: [], kinds, judgesScopes: last }
  }
}
