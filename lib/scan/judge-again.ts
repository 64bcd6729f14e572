import { loadCatalog } from '@/lib/catalog'
import { copyParts, judgedScans, knownSubscriptions, partsOf, saveJudgedScope, saveScopes, type ClaimedScan, type Database, type JudgedScan } from '@/lib/db'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { Policy } from '@/lib/domain/policy'
import type { ScanProgress, ScanScope, ScanSummary } from '@/lib/domain/scan'
import { KeypointError } from '@/lib/errors'
import { carryOut } from './carry-out'
import { loadDestinationInventory } from './destination-inventory'
import { evaluate } from './evaluate'
import type { ProgressCounter } from './progress'
import type { ScanOutcome } from './scan-estate'
import { Tally } from './tally'

export interface JudgeAgainOptions {
  db: Database
  estate: { estateId: number; tenantId: string; cloud: string }
  /** Made by `createScan` with `judgesAgain`. */
  scanId: string
  policy: Policy
  /** True: the caller holds the estate's scan lock, and the work may be one whose process died. */
  interrupted?: boolean
  /** Aborts it; what is complete is kept. */
  signal?: AbortSignal
  onProgress?: (progress: ScanProgress) => void
}

/**
 * Judges what the last scans stored under a policy, without asking Azure, and stores the findings as a scan of its own.
 * @throws KeypointError `conflict` when it is not queued, `not-found` where no scan has kept what it judged.
 */
export function judgeAgain({ db, estate, scanId, policy, interrupted, signal, onProgress }: JudgeAgainOptions): Promise<ScanSummary> {
  const counts = { total: 0, throttled: 0, retried: 0 }
  return carryOut({ db, scanId, policyVersion: policy.version, interrupted, counts, signal, onProgress }, (claimed, progress, aborted) =>
    judgeStored({ db, estate, policy, claimed, progress, signal: aborted }))
}

interface JudgeStoredInput {
  db: Database
  estate: JudgeAgainOptions['estate']
  policy: Policy
  claimed: ClaimedScan
  progress: ProgressCounter
  signal: AbortSignal
}

async function judgeStored({ db, estate, policy, claimed, progress, signal }: JudgeStoredInput): Promise<ScanOutcome> {
  const scans = await judgedScans(db, estate.estateId)
  const last = scans.at(-1)
  const first = scans[0]
  if (last === undefined || first === undefined) throw new KeypointError('not-found', 'There is nothing to judge again: no scan of this version has finished.', 'Run a scan.')
  const present = new Set((await knownSubscriptions(db, estate.estateId)).map((s) => s.subscriptionId))
  const basis = combine(scans, present)
  await saveJudgedScope(db, claimed.seq, scopeOf(basis, last))
  progress.stage = 'evaluate'
  progress.subscriptionsTotal = basis.subscriptions.length
  await saveScopes(db, estate.estateId, claimed.seq, {
    tenantId: estate.tenantId,
    subscriptions: basis.subscriptions.map(({ subscription }) => subscription),
    managementGroups: [],
  })
  for (const { seq } of scans) await copyParts(db, seq, claimed.seq)
  const tally = new Tally()
  const central = await evaluate({
    db, estateId: estate.estateId, seq: claimed.seq, readSeq: last.seq, tenantId: estate.tenantId, cloud: estate.cloud, policy, catalog: loadCatalog(),
    ...basis,
    visibleSubscriptions: new Set(basis.surveyed.map((s) => s.subscriptionId)),
    destinationInventory: await loadDestinationInventory(db, estate.estateId),
    onFindings: (findings) => tally.add(findings),
    onSubscriptionDone: () => (progress.subscriptionsDone += 1),
    signal,
  })
  const parts = (await partsOf(db, claimed.seq)).filter((part) => part.subscriptionId !== '')
  return {
    status: scans.every(({ status }) => status === 'succeeded') ? 'succeeded' : 'partial',
    subscriptions: parts.map(({ subscriptionId, displayName, status, reason }) => ({ subscriptionId, displayName, status, reason })),
    resources: parts.reduce((sum, part) => sum + part.resources, 0),
    central,
    tally,
  }
}

/** The newest word on each subscription: of a scan of the whole tenant and those of some subscriptions after it. */
function combine(scans: readonly JudgedScan[], present: ReadonlySet<string>): JudgingBasis {
  const subscriptions = new Map<string, JudgingBasis['subscriptions'][number]>()
  for (const { basis } of scans) for (const one of basis.subscriptions) subscriptions.set(one.subscription.subscriptionId, one)
  const last = scans.at(-1)?.basis
  const first = scans[0]?.basis
  return {
    scannedAt: last?.scannedAt ?? '',
    subscriptions: [...subscriptions.values()].filter(({ subscription }) => present.has(subscription.subscriptionId)),
    surveyed: (last?.surveyed ?? []).filter((s) => present.has(s.subscriptionId)),
    tenantWide: first?.tenantWide ?? false,
  }
}

/** Everything only where a scan of everything is judged again; else what the last scan was of, or all that is judged where that is more. */
function scopeOf(basis: JudgingBasis, last: JudgedScan): ScanScope {
  if (basis.tenantWide) return {}
  const idsOf = ({ subscriptions }: JudgingBasis) => subscriptions.map(({ subscription }) => subscription.subscriptionId).sort()
  const [ids, ofLast] = [idsOf(basis), new Set(idsOf(last.basis))]
  return ids.every((id) => ofLast.has(id)) ? last.scope : { subscriptions: ids }
}
