import { judgeInSlices, logReach, proposeCentral } from '@/lib/checks'
import { countPresentResources, KnownJudgements, knownSubscriptions, saveLogReach, storeFindings } from '@/lib/db'
import type { CheckContext, DestinationUse, Destinations } from '@/lib/domain/check'
import type { Subscription } from '@/lib/domain/estate'
import type { ResourceKey } from '@/lib/domain/arm-id'
import type { Finding } from '@/lib/domain/finding'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import { buildDestinations } from './destinations'
import { contextsWith, loadSharedFacts, type ContextOf, type StoredInput } from './stored-context'
import { Survey } from './survey'
import { WorkQueue } from './work-queue'

/** Resources in hand at once: several small subscriptions or one large, so that memory does not grow with the number of either. */
const resourcesInHand = 4_000
/** Subscriptions in hand at once, at most: while PostgreSQL stores one, the next is judged. */
const partsInHand = 3
/** Resources whose findings are stored together. */
const resourcesPerSlice = 1_000

/** What judging needs: stored facts alone, so that the same facts can be judged again without asking Azure. */
export interface JudgingInput extends JudgingBasis, StoredInput {
  /** What was surveyed while other parts were still read; absent: nothing. */
  survey?: Survey
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
  const known = new KnownJudgements()
  for (const { subscription, lost } of input.subscriptions.toSorted((a, b) => sizeOf(b.subscription) - sizeOf(a.subscription))) {
    queue.add(async () => {
      input.signal.throwIfAborted()
      await judgePart(input, subscription.subscriptionId, await contextOf(subscription, lost), known)
      input.onSubscriptionDone()
    }, Math.max(sizeOf(subscription), resourcesInHand / partsInHand))
  }
  await queue.idle()
  if (input.tenantWide) await judgePart(input, null, await contextOf(null), known)
  return central
}

export interface Judging {
  central: CentralWorkspaces
  contextOf: ContextOf
}

/** First pass over stored facts: what sends where over the whole estate, and which workspaces are the central ones. */
export async function prepareJudging(input: JudgingInput): Promise<Judging> {
  const shared = await loadSharedFacts(input)
  // Those out of sight, too, whatever the scan's scope.
  const known = await knownSubscriptions(input.db, input.estateId)
  const { use, activityLogReceivers } = await (input.survey ?? new Survey()).whole(input, shared, [...known, null], input.signal)
  const central = proposeCentral({
    policy: input.policy,
    workspaces: input.destinationInventory.filter((r) => r.type === 'microsoft.operationalinsights/workspaces'),
    activityLogReceivers,
    sentinel: (id) => shared.get(id, 'sentinel-onboarding'),
    use,
  })
  const contexts = await contextsWith(input, shared)
  return { central, contextOf: contexts(destinationsOf(input, use, central)) }
}

/** What logs can go to, as far as it is in sight: what is stored of a subscription out of sight is of an earlier scan. */
function destinationsOf(input: JudgingInput, use: ReadonlyMap<ResourceKey, DestinationUse>, central: CentralWorkspaces): Destinations {
  const inventory = input.destinationInventory.filter(({ subscriptionId }) => input.visibleSubscriptions.has(subscriptionId.toLowerCase()))
  return buildDestinations({ inventory, visibleSubscriptions: input.visibleSubscriptions, use, central })
}

async function judgePart(input: EvaluateInput, subscriptionId: string | null, context: CheckContext, known: KnownJudgements): Promise<void> {
  await storeFindings(input.db, input.estateId, input.seq, subscriptionId, judged(context, input), known)
  await saveLogReach(input.db, input.estateId, subscriptionId, logReach(context))
}

/** Some resources at a time; between them it can be aborted, since a large subscription takes longer than anybody waits for a scan to be cancelled. */
function* judged(context: CheckContext, { onFindings, signal }: Pick<EvaluateInput, 'onFindings' | 'signal'>): Generator<Finding[]> {
  for (const findings of judgeInSlices(context, resourcesPerSlice)) {
    signal.throwIfAborted()
    onFindings(findings)
    yield findings
  }
}
