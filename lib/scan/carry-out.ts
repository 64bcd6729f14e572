import { AzureAwayError } from '@/lib/azure'
import { claimScan, databaseTime, finishScan, isDatabaseLost, newWorker, saveProgress, saveWorkDone, type ClaimedScan, type Database } from '@/lib/db'
import type { RequestCounts, ScanProgress, ScanSummary } from '@/lib/domain/scan'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { repeatEvery } from '@/lib/repeat-every'
import { ProgressCounter } from './progress'
import type { ScanOutcome } from './scan-estate'

const progressEveryMs = 1_000

/** Aborts a scan that another worker shall go on with: it stays as it is. */
export class HandedOverError extends Error {
  constructor() {
    super('The worker was stopped; another goes on with the scan.')
    this.name = 'HandedOverError'
  }
}

export interface CarryOutOptions {
  db: Database
  scanId: string
  /** The policy that the work judges by, to be recorded. */
  policyVersion: number
  /** True: the caller holds the estate's scan lock, and goes on with a scan whose process died. */
  interrupted?: boolean
  /** Live counts of requests. */
  counts: RequestCounts
  /** Aborts the work; what is complete is kept. */
  signal?: AbortSignal
  onProgress?: (progress: ScanProgress) => void
}

export type ScanWork = (claimed: ClaimedScan, progress: ProgressCounter, signal: AbortSignal, saveOwn: () => Promise<void>) => Promise<ScanOutcome>

/**
 * Takes a queued scan, does its work with progress and cancelling, and stores how it ended.
 * @throws KeypointError when the scan as a whole is impossible (it is stored as failed first), or `conflict` when it is not queued. When the database is
 *   lost, its error, and AzureAwayError when Azure is out of reach: the scan then waits to be taken up again.
 */
export async function carryOut(options: CarryOutOptions, work: ScanWork): Promise<ScanSummary> {
  const { db, scanId } = options
  const claimed = await claimScan(db, scanId, { policyVersion: options.policyVersion, interrupted: options.interrupted })
  if (claimed === null) throw new KeypointError('conflict', `Scan ${scanId} is not waiting to be run.`, 'Start a new scan.')
  const progress = new ProgressCounter(options.counts)
  // A number of its own for each attempt: what one process did for an earlier one is not to be counted anew.
  const worker = newWorker()
  const cancel = new AbortController()
  const signal = options.signal === undefined ? cancel.signal : AbortSignal.any([cancel.signal, options.signal])
  const saveOwn = async (closed = false) => {
    progress.others = (await saveWorkDone(db, claimed.seq, worker, progress.own(), closed)).others
  }
  const stopReporting = repeatEvery(progressEveryMs, 'progress could not be saved', async () => {
    await saveOwn()
    const snapshot = progress.snapshot()
    options.onProgress?.(snapshot)
    const { cancelRequested } = await saveProgress(db, claimed.seq, snapshot, claimed.attempt)
    if (cancelRequested) cancel.abort(new Error('The scan was cancelled.'))
  })
  try {
    const outcome = await work(claimed, progress, signal, saveOwn)
    await stopReporting()
    await saveOwn(true)
    return await finish(options, claimed, progress, outcome)
  } catch (error) {
    const stopped = signal.aborted
    // What else is still at work for this scan must not go on beside its next attempt.
    cancel.abort(error)
    await stopReporting()
    // Nothing can be stored now, or another has the right to: the scan stays as it is, and goes on when the database is back.
    if (isDatabaseLost(error)) throw error
    if (stopped && isDatabaseLost(options.signal?.reason)) throw options.signal?.reason
    await saveOwn(true)
    if (stopped && options.signal?.reason instanceof HandedOverError) throw options.signal.reason
    if (stopped) return await finish(options, claimed, progress, { status: 'cancelled' })
    // Nothing is known of what was not read, and everything of what was: the scan stays as it is for whoever reaches Azure.
    if (error instanceof AzureAwayError) throw error
    const expected = error instanceof KeypointError
    const sentence = expected ? `${error.message} ${error.remedy}` : 'The scan stopped on an unexpected error; the log has the details.'
    if (!expected) log('error', 'scan failed', { scanId, error: error instanceof Error ? error.stack : String(error) })
    await finish(options, claimed, progress, { status: 'failed', error: sentence })
    throw error
  }
}

async function finish(options: CarryOutOptions, claimed: ClaimedScan, progress: ProgressCounter, outcome: ScanOutcome): Promise<ScanSummary> {
  progress.stage = 'finish'
  // By the clock that its start is told by.
  const finishedAt = await databaseTime(options.db)
  const complete = 'subscriptions' in outcome ? outcome : null
  const summary: ScanSummary = {
    schemaVersion: 1,
    scanId: options.scanId,
    status: outcome.status,
    mode: claimed.mode,
    startedAt: claimed.startedAt,
    finishedAt,
    subscriptions: complete?.subscriptions ?? [],
    resources: complete?.resources ?? progress.resourcesFound,
    requests: progress.requestsSoFar(),
    score: complete?.tally.score() ?? null,
    coverage: complete?.tally.coverage() ?? 0,
    keyPoints: complete?.tally.keyPoints() ?? [],
    ...(complete?.missed !== undefined && complete.missed.missed + complete.missed.perhapsMissed > 0 && { missed: complete.missed }),
  }
  await saveProgress(options.db, claimed.seq, progress.snapshot(), claimed.attempt)
  await finishScan(options.db, claimed.seq, {
    status: outcome.status,
    summary,
    central: complete?.central ?? null,
    resources: summary.resources,
    score: summary.score,
    coverage: complete === null ? null : summary.coverage,
    error: 'error' in outcome ? outcome.error : null,
  }, claimed.attempt)
  return summary
}
