import { destinationUse, judgeInSlices, logReach, proposeCentral } from '@/lib/checks'
import { countPresentResources, loadFacts, loadFactsAbout, loadFactsBySource, loadLastKnownFacts, loadResources, managementGroupsOfSubscriptions, saveLogReach, storeFindings, type Database } from '@/lib/db'
import type { CheckContext, DestinationUse, Destinations } from '@/lib/domain/check'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Resource, Subscription } from '@/lib/domain/estate'
import type { ResourceKey } from '@/lib/domain/arm-id'
import { tenantSubject } from '@/lib/domain/fact'
import { queryLoggers } from '@/lib/domain/network'
import type { Finding } from '@/lib/domain/finding'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import { buildDestinations, mergeUse } from './destinations'
import { buildEstate, FactIndex } from './estate'
import { WorkQueue } from './work-queue'

/** Resources in hand at once: several small subscriptions or one large, so that memory does not grow with the number of either. */
const resourcesInHand = 6_000
/** Subscriptions in hand at once, at most: while PostgreSQL stores one, the next is judged. */
const partsInHand = 3
/** Resources whose findings are stored together. */
const resourcesPerSlice = 1_000

/** What judging needs: stored facts alone, so that the same facts can be judged again without asking Azure. */
export interface JudgingInput extends JudgingBasis {
  db: Database
  estateId: number
  tenantId: string
  cloud: string
  policy: Policy
  catalog: LogCatalog
  /** Subscriptions whose inventory is known to be complete: an absent id there is deleted. */
  visibleSubscriptions: ReadonlySet<string>
  destinationInventory: readonly Resource[]
  signal: AbortSignal
}

export interface EvaluateInput extends JudgingInput {
  seq: number
  onFindings: (findings: readonly Finding[]) => void
  onSubscriptionDone: () => void
}

/** Judges every subscription and the tenant from stored facts, and stores the findings. */
export async function evaluate(input: EvaluateInput): Promise<CentralWorkspaces> {
  const { central, contextOf } = await prepareJudging(input)
  const sizes = await countPresentResources(input.db, input.estateId)
  const sizeOf = ({ subscriptionId }: Subscription) => sizes.get(subscriptionId.toLowerCase()) ?? 0
  const queue = new WorkQueue(resourcesInHand)
  for (const { subscription, lost } of input.subscriptions.toSorted((a, b) => sizeOf(b.subscription) - sizeOf(a.subscription))) {
    queue.add(async () => {
      input.signal.throwIfAborted()
      await judgePart(input, subscription.subscriptionId, await contextOf(subscription, lost))
      input.onSubscriptionDone()
    }, Math.max(sizeOf(subscription), resourcesInHand / partsInHand))
  }
  await queue.idle()
  if (input.tenantScope !== null) await judgePart(input, null, await contextOf(null))
  return central
}

export interface Judging {
  central: CentralWorkspaces
  /** One subscription's stored facts (the tenant's own for null), ready for the checks. */
  contextOf(subscription: Subscription | null, lost?: ReadFailure): Promise<CheckContext>
}

/** First pass over stored facts: what sends where over the whole estate, and which workspaces are the central ones. */
export async function prepareJudging(input: JudgingInput): Promise<Judging> {
  const shared = new FactIndex()
  for (const source of ['log-categories', 'workspace-tables', 'data-exports', 'workspace-queries', 'machine-arrivals', 'audit-arrivals', 'sentinel-onboarding', 'sentinel-rules', 'sentinel-connectors', 'sentinel-incidents', 'storage-lifecycle', 'log-containers', 'alerting', 'collection-rule', 'name-resolution'] as const) {
    for (const fact of await loadFactsBySource(input.db, input.estateId, source)) shared.add(fact)
  }
  // A network's queries may be logged by a policy or firewall of another subscription.
  const resolution = shared.get(tenantSubject(input.tenantId), 'name-resolution')
  const loggers = resolution?.ok ? queryLoggers(resolution.value) : []
  for (const fact of await loadFactsAbout(input.db, input.estateId, 'diagnostic-settings', loggers)) shared.add(fact)
  const groupNames = await managementGroupsOfSubscriptions(input.db, input.estateId)
  const contextWith = (destinations: Destinations, load = loadFacts) => async (subscription: Subscription | null, lost?: ReadFailure): Promise<CheckContext> => ({
    estate: buildEstate({ ...(await storedParts(input, subscription, load)), managementGroupNames: groupNames.get(subscription?.subscriptionId ?? '') ?? [], shared, destinations, lost }),
    policy: input.policy,
    catalog: input.catalog,
    scannedAt: input.scannedAt,
  })
  const use = new Map<ResourceKey, DestinationUse>()
  const activityLogReceivers = new Map<ResourceKey, string>()
  // What cannot be read today probably sends where it sent before: without it a workspace in use would look unused, and its gaps closed.
  const surveyed = buildDestinations({ inventory: input.destinationInventory, visibleSubscriptions: input.visibleSubscriptions, use, central: { ids: [], basis: 'none' } })
  const survey = contextWith(surveyed, loadLastKnownFacts)
  const known = new Map([...input.surveyed, ...input.subscriptions.map((each) => each.subscription)].map((each) => [each.subscriptionId, each]))
  for (const subscription of [...known.values(), null]) {
    input.signal.throwIfAborted()
    const part = destinationUse(await survey(subscription))
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
  return { central, contextOf: contextWith(destinationsOf(input, use, central)) }
}

/** What logs can go to, as far as it is in sight: what is stored of a subscription out of sight is of an earlier scan. */
function destinationsOf(input: JudgingInput, use: ReadonlyMap<ResourceKey, DestinationUse>, central: CentralWorkspaces): Destinations {
  const inventory = input.destinationInventory.filter(({ subscriptionId }) => input.visibleSubscriptions.has(subscriptionId.toLowerCase()))
  return buildDestinations({ inventory, visibleSubscriptions: input.visibleSubscriptions, use, central })
}

async function storedParts(input: JudgingInput, subscription: Subscription | null, load: typeof loadFacts) {
  const subscriptionId = subscription?.subscriptionId ?? null
  const [resources, facts] = await Promise.all([
    subscriptionId === null ? [] : loadResources(input.db, input.estateId, subscriptionId),
    load(input.db, input.estateId, subscriptionId),
  ])
  const groups = subscription === null && input.tenantScope?.managementGroups.ok ? input.tenantScope.managementGroups.value : []
  return { tenantId: input.tenantId, cloud: input.cloud, subscription, managementGroups: groups, resources, own: new FactIndex(facts) }
}

async function judgePart(input: EvaluateInput, subscriptionId: string | null, context: CheckContext): Promise<void> {
  await storeFindings(input.db, input.estateId, input.seq, subscriptionId, judged(context, input.onFindings))
  await saveLogReach(input.db, input.estateId, subscriptionId, logReach(context))
}

function* judged(context: CheckContext, onFindings: EvaluateInput['onFindings']): Generator<Finding[]> {
  for (const findings of judgeInSlices(context, resourcesPerSlice)) {
    onFindings(findings)
    yield findings
  }
}
