import type { Azure } from '@/lib/azure'
import { loadCatalog } from '@/lib/catalog'
import { claimScan, finishScan, saveProgress, type ClaimedScan, type Database } from '@/lib/db'
import type { Policy } from '@/lib/domain/policy'
import type { ScanProgress, ScanSummary } from '@/lib/domain/scan'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { ProgressCounter } from './progress'
import { scanEstate, type ScanOutcome } from './scan-estate'

const progressEveryMs = 1_000

export interface RunScanOptions {
  db: Database
  azure: Azure
  estate: { estateId: number; tenantId: string; cloud: string }
  scanId: string
  policy: Policy
  /** Aborts the scan; what is complete is kept. */
  signal?: AbortSignal
  onProgress?: (progress: ScanProgress) => void
}

/**
 * Runs one queued scan to its end and stores it: discover, collect, evaluate, finish.
 * A refused or failed read becomes `unknown` findings and a partial scan.
 * @throws KeypointError when the scan as a whole is impossible (it is stored as failed first), or `conflict` when it is not queued.
 */
export async function runScan(options: RunScanOptions): Promise<ScanSummary> {
  const { db, azure, scanId } = options
  const claimed = await claimScan(db, scanId)
  if (claimed === null) throw new KeypointError('conflict', `Scan ${scanId} is not waiting to be run.`, 'Start a new scan.')
  const progress = new ProgressCounter(azure.counts)
  const cancel = new AbortController()
  const signal = options.signal === undefined ? cancel.signal : AbortSignal.any([cancel.signal, options.signal])
  const stopReporting = reportEvery(progressEveryMs, async () => {
    const snapshot = progress.snapshot()
    options.onProgress?.(snapshot)
    const { cancelRequested } = await saveProgress(db, claimed.seq, snapshot)
    if (cancelRequested) cancel.abort(new Error('The scan was cancelled.'))
  })
  try {
    const outcome = await scanEstate({ db, azure, estate: options.estate, claimed, policy: options.policy, catalog: loadCatalog(), progress, signal })
    await stopReporting()
    return await finish(options, claimed, progress, outcome)
  } catch (error) {
    await stopReporting()
    if (signal.aborted) return await finish(options, claimed, progress, { status: 'cancelled' })
    const expected = error instanceof KeypointError
    const sentence = expected ? `${error.message} ${error.remedy}` : 'The scan stopped on an unexpected error; the log has the details.'
    if (!expected) log('error', 'scan failed', { scanId, error: error instanceof Error ? error.stack : String(error) })
    await finish(options, claimed, progress, { status: 'failed', error: sentence })
    throw error
  }
}

async function finish(options: RunScanOptions, claimed: ClaimedScan, progress: ProgressCounter, outcome: ScanOutcome): Promise<ScanSummary> {
  progress.stage = 'finish'
  const finishedAt = new Date().toISOString()
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
    requests: { ...options.azure.counts },
    score: complete?.tally.score() ?? null,
    coverage: complete?.tally.coverage() ?? 0,
    keyPoints: complete?.tally.keyPoints() ?? [],
  }
  await saveProgress(options.db, claimed.seq, progress.snapshot())
  await finishScan(options.db, claimed.seq, {
    status: outcome.status,
    summary,
    central: complete?.central ?? null,
    resources: summary.resources,
    score: summary.score,
    coverage: complete === null ? null : summary.coverage,
    error: 'error' in outcome ? outcome.error : null,
  })
  return summary
}

/** Calls `report` on a timer, never two at once; the returned function stops it and waits for the last call. A failing report is logged and does not stop the scan. */
function reportEvery(intervalMs: number, report: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  const tick = () => {
    running ??= report()
      .catch((error: unknown) => log('warn', 'progress could not be saved', { error: String(error) }))
      .finally(() => (running = null))
  }
  tick()
  const timer = setInterval(tick, intervalMs)
  return async () => {
    clearInterval(timer)
    await running
  }
}
