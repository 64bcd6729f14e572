import { knownManagementGroups, loadFacts, loadFactsAbout, loadFactsBySource, loadResources, managementGroupsOfSubscriptions, type Database } from '@/lib/db'
import type { CheckContext, Destinations } from '@/lib/domain/check'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Resource, Subscription } from '@/lib/domain/estate'
import { tenantSubject, type FactSource } from '@/lib/domain/fact'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import { queryLoggers } from '@/lib/domain/network'
import type { Policy } from '@/lib/domain/policy'
import { buildEstate, FactIndex } from './estate'

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
  destinationInventory: readonly Resource[]
}

/** Facts that serve all subscriptions: of destinations, of rules, and of what is the same for a type or the tenant. */
const sharedSources = [
  'log-categories', 'workspace-tables', 'data-exports', 'workspace-queries', 'machine-arrivals', 'audit-arrivals', 'sentinel-onboarding', 'sentinel-rules', 'sentinel-connectors',
  'sentinel-incidents', 'storage-lifecycle', 'log-containers', 'alerting', 'collection-rule', 'name-resolution',
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
  for (const fact of await loadFactsAbout(db, estateId, 'diagnostic-settings', loggers)) shared.add(fact)
  return shared
}

/** Gives one subscription's stored facts (the tenant's own for null), ready for the checks. */
export type ContextOf = (subscription: Subscription | null, lost?: ReadFailure) => Promise<CheckContext>

/**
 * So many resources share what checks work out once for all that share destinations. Most of that is a subscription's own (settings that name its workspaces), so that it
 * would grow with the estate.
 */
const resourcesSharing = 6_000

/** @param load how its own facts are taken: as they are, or as they were last known. */
export async function contextsWith(input: StoredInput, shared: FactIndex): Promise<(destinations: Destinations, load?: typeof loadFacts) => ContextOf> {
  const groupNames = await managementGroupsOfSubscriptions(input.db, input.estateId)
  return (destinations, load = loadFacts) => {
    let sharing = destinations
    let resources = 0
    return async (subscription, lost) => {
      const parts = await storedParts(input, subscription, load)
      resources += parts.resources.length
      if (resources > resourcesSharing) {
        sharing = { ...destinations }
        resources = parts.resources.length
      }
      return {
        estate: buildEstate({ ...parts, managementGroupNames: groupNames.get(subscription?.subscriptionId ?? '') ?? [], shared, destinations: sharing, lost }),
        policy: input.policy,
        catalog: input.catalog,
        scannedAt: input.scannedAt,
      }
    }
  }
}

async function storedParts(input: StoredInput, subscription: Subscription | null, load: typeof loadFacts) {
  const subscriptionId = subscription?.subscriptionId ?? null
  const [resources, managementGroups, facts] = await Promise.all([
    subscriptionId === null ? [] : loadResources(input.db, input.estateId, subscriptionId),
    subscriptionId === null ? knownManagementGroups(input.db, input.estateId) : [],
    load(input.db, input.estateId, subscriptionId),
  ])
  return { tenantId: input.tenantId, cloud: input.cloud, subscription, managementGroups, resources, own: new FactIndex(facts.filter(({ source }) => !passingSources.has(source))) }
}
