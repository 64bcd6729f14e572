import { destinationUse, judgeSubjects, proposeCentral } from '@/lib/checks'
import { loadFacts, loadFactsBySource, loadResources, storeFindings, type Database } from '@/lib/db'
import type { DestinationUse, Destinations } from '@/lib/domain/check'
import type { Collected, ReadFailure } from '@/lib/domain/collected'
import type { ManagementGroup, Resource, Subscription } from '@/lib/domain/estate'
import type { ResourceKey } from '@/lib/domain/arm-id'
import type { Finding } from '@/lib/domain/finding'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import { buildDestinations, mergeUse } from './destinations'
import { buildEstate, FactIndex } from './estate'

/** What judging needs: stored facts alone, so that the same facts can be judged again without asking Azure. */
export interface EvaluateInput {
  db: Database
  estateId: number
  seq: number
  tenantId: string
  cloud: string
  policy: Policy
  catalog: LogCatalog
  scannedAt: string
  /** Subscriptions whose inventory is known to be complete: an absent id there is deleted. */
  visibleSubscriptions: ReadonlySet<string>
  destinationInventory: readonly Resource[]
  subscriptions: readonly { subscription: Subscription; lost?: ReadFailure }[]
  /** Null for a scan of some subscriptions: the tenant's own settings are left alone. */
  tenantScope: { managementGroups: Collected<ManagementGroup[]> } | null
  onFindings: (findings: readonly Finding[]) => void
  onSubscriptionDone: () => void
  signal: AbortSignal
}

/** Judges every subscription and the tenant from stored facts, and stores the findings. */
export async function evaluate(input: EvaluateInput): Promise<CentralWorkspaces> {
  const shared = new FactIndex()
  for (const source of ['log-categories', 'workspace-tables', 'sentinel-onboarding', 'storage-lifecycle'] as const) {
    for (const fact of await loadFactsBySource(input.db, input.estateId, source)) shared.add(fact)
  }
  const { use, central } = await surveyDestinations(input, shared)
  const destinations = destinationsOf(input, use, central)

  for (const { subscription, lost } of input.subscriptions) {
    input.signal.throwIfAborted()
    const estate = buildEstate({ ...(await storedParts(input, subscription)), shared, destinations, lost })
    await store(input, subscription.subscriptionId, judgeSubjects(contextOf(input, estate)))
    input.onSubscriptionDone()
  }
  if (input.tenantScope !== null) {
    const estate = buildEstate({ ...(await storedParts(input, null)), shared, destinations })
    await store(input, null, judgeSubjects(contextOf(input, estate)))
  }
  return central
}

/** First pass: what sends where over the whole estate, and which workspaces are the central ones. */
async function surveyDestinations(input: EvaluateInput, shared: FactIndex): Promise<{ use: Map<ResourceKey, DestinationUse>; central: CentralWorkspaces }> {
  const none: CentralWorkspaces = { ids: [], basis: 'none' }
  const use = new Map<ResourceKey, DestinationUse>()
  const destinations = destinationsOf(input, use, none)
  const activityLogReceivers = new Map<ResourceKey, string>()
  for (const { subscription, lost } of [...input.subscriptions, { subscription: null, lost: undefined }]) {
    if (lost !== undefined) continue
    input.signal.throwIfAborted()
    const estate = buildEstate({ ...(await storedParts(input, subscription)), shared, destinations })
    const part = destinationUse(contextOf(input, estate))
    mergeUse(use, part.use)
    for (const [key, id] of part.activityLogWorkspaces) activityLogReceivers.set(key, id)
  }
  const central = proposeCentral({
    policy: input.policy,
    workspaces: input.destinationInventory.filter((r) => r.type === 'microsoft.operationalinsights/workspaces'),
    activityLogReceivers,
    sentinel: (id) => shared.get(id, 'sentinel-onboarding'),
    use,
  })
  return { use, central }
}

function destinationsOf(input: EvaluateInput, use: ReadonlyMap<ResourceKey, DestinationUse>, central: CentralWorkspaces): Destinations {
  return buildDestinations({ inventory: input.destinationInventory, visibleSubscriptions: input.visibleSubscriptions, use, central })
}

async function storedParts(input: EvaluateInput, subscription: Subscription | null) {
  const subscriptionId = subscription?.subscriptionId ?? null
  const [resources, facts] = await Promise.all([
    subscriptionId === null ? [] : loadResources(input.db, input.estateId, subscriptionId),
    loadFacts(input.db, input.estateId, subscriptionId),
  ])
  const groups = subscription === null && input.tenantScope?.managementGroups.ok ? input.tenantScope.managementGroups.value : []
  return { tenantId: input.tenantId, cloud: input.cloud, subscription, managementGroups: groups, resources, own: new FactIndex(facts) }
}

function contextOf(input: EvaluateInput, estate: ReturnType<typeof buildEstate>) {
  return { estate, policy: input.policy, catalog: input.catalog, scannedAt: input.scannedAt }
}

async function store(input: EvaluateInput, subscriptionId: string | null, findings: Finding[]): Promise<void> {
  await storeFindings(input.db, input.estateId, input.seq, subscriptionId, findings)
  input.onFindings(findings)
}
