import { judgeSubjects, logReach, LogReachSum, proposeCentral } from '@/lib/checks'
import { countPresentResources, KnownJudgements, knownSubscriptions, saveLogReach, storeFindings } from '@/lib/db'
import type { CheckContext } from '@/lib/domain/check'
import type { Subscription } from '@/lib/domain/estate'
import type { Finding } from '@/lib/domain/finding'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import { buildDestinations } from './destinations'
import { contextsWith, loadSharedFacts, type ContextsOf, type StoredInput } from './stored-context'
import { Survey } from './survey'
import { WorkQueue } from './work-queue'

/** Subscriptions in hand at once: while PostgreSQL stores some resources of one, those of another are judged. */
const partsInHand = 3

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
  const { central, contextsOf } = await prepareJudging(input)
  const sizes = await countPresentResources(input.db, input.estateId)
  const sizeOf = ({ subscriptionId }: Subscription) => sizes.get(subscriptionId.toLowerCase()) ?? 0
  const queue = new WorkQueue(partsInHand)
  const known = new KnownJudgements()
  for (const { subscription, lost } of input.subscriptions.toSorted((a, b) => sizeOf(b.subscription) - sizeOf(a.subscription))) {
    queue.add(async () => {
      input.signal.throwIfAborted()
      await judgePart(input, subscription.subscriptionId, contextsOf(subscription, lost), known)
      input.onSubscriptionDone()
    })
  }
  await queue.idle()
  if (input.tenantWide) await judgePart(input, null, contextsOf(null), known)
  return central
}

export interface Judging {
  central: CentralWorkspaces
  contextsOf: ContextsOf
}

/** First pass over stored facts: what sends where over the whole estate, and which workspaces are the central ones. */
export async function prepareJudging(input: JudgingInput): Promise<Judging> {
  const shared = await loadSharedFacts(input)
  // Those out of sight, too, whatever the scan's scope.
  const known = await knownSubscriptions(input.db, input.estateId)
  const { use, activityLogReceivers } = await (input.survey ?? new Survey()).whole(input, shared, [...known, null], input.signal)
  const central = proposeCentral({
    policy: input.policy,
    workspaces: input.destinationInventory.workspaces,
    activityLogReceivers,
    sentinel: (id) => shared.get(id, 'sentinel-onboarding'),
    use,
  })
  const contexts = await contextsWith(input, shared)
  // What is stored of a subscription out of sight is of an earlier scan.
  const destinations = buildDestinations({ inventory: input.destinationInventory, visibleSubscriptions: input.visibleSubscriptions, use, central })
  return { central, contextsOf: contexts(destinations) }
}

async function judgePart(input: EvaluateInput, subscriptionId: string | null, contexts: AsyncIterable<CheckContext>, known: KnownJudgements): Promise<void> {
  const reach = new LogReachSum()
  await storeFindings(input.db, input.estateId, input.seq, subscriptionId, judged(contexts, reach, input), known)
  await saveLogReach(input.db, input.estateId, subscriptionId, reach.all)
}

/** Some resources at a time; between them it can be aborted, since a large subscription takes longer than anybody waits for a scan to be cancelled. */
async function* judged(contexts: AsyncIterable<CheckContext>, reach: LogReachSum, { onFindings, signal }: Pick<EvaluateInput, 'onFindings' | 'signal'>): AsyncGenerator<Finding[]> {
  for await (const context of contexts) {
    signal.throwIfAborted()
    const findings = judgeSubjects(context)
    logReach(context, reach)
    onFindings(findings)
    yield findings
  }
}
