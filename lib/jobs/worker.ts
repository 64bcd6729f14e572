import type { Azure } from '@/lib/azure'
import { acquireScanLock, findScanJob, finishUnrunnableScan, getEstate, isDatabaseLost, type Database } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { effectivePolicy, judgeAgain, runScan } from '@/lib/scan'
import { openQueue, scanQueue, type ScanJob } from './queue'
import { startScheduler } from './scheduler'

export interface WorkerOptions {
  db: Database
  databaseUrl: string
  policyPath: string | null
  /** The tenant that the worker reads: its schedules are run. */
  tenantId: string
  isDemo: boolean
  /** Opens the way to Azure for one scan: with the scanning identity, or with a person's delegated rights. */
  connect: (signal: AbortSignal, delegatedSessionId: string | null) => Promise<{ azure: Azure; tenantId: string; cloud: string; close(): Promise<void> }>
}

/** Takes scans from the queue, one at a time, until stopped. Stopping aborts the scan in hand; what is complete is kept. */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const boss = await openQueue(options.databaseUrl, 'worker')
  const stopping = new AbortController()
  await boss.work<ScanJob>(scanQueue, { pollingIntervalSeconds: 1 }, async (jobs) => {
    for (const job of jobs) await runJob(options, job.data.scanId, stopping.signal)
  })
  const scheduler = startScheduler({ ...options, boss })
  return {
    stop: async () => {
      await scheduler.stop()
      stopping.abort(new Error('The worker was stopped.'))
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

async function runJob(options: WorkerOptions, scanId: string, signal: AbortSignal): Promise<void> {
  const job = await findScanJob(options.db, scanId)
  if (job === null) return
  const lock = await acquireScanLock(options.databaseUrl, job.estateId, scanId)
  if (lock === null) {
    // Its own worker may be at it still, and only be late to say so: the queue gives the job again.
    if (job.status === 'running') throw new KeypointError('conflict', `Scan ${scanId} is being run.`, 'It is tried again.')
    await finishUnrunnableScan(options.db, scanId, 'Another process was scanning this estate.')
    return
  }
  try {
    if (job.judgesAgain !== null) {
      const policy = await effectivePolicy(options.db, job.estateId, options.policyPath)
      await judgeAgain({ db: options.db, estate: await getEstate(options.db, job.estateId), scanId, policy, interrupted: true, signal })
      return
    }
    const connection = await options.connect(signal, job.delegatedSessionId)
    try {
      const policy = await effectivePolicy(options.db, job.estateId, options.policyPath)
      const estate = { estateId: job.estateId, tenantId: connection.tenantId, cloud: connection.cloud }
      await runScan({ db: options.db, azure: connection.azure, estate, scanId, policy, interrupted: true, signal })
    } finally {
      await connection.close()
    }
  } catch (error) {
    // The queue gives the job again, and the scan goes on.
    if (isDatabaseLost(error)) throw error
    const sentence = error instanceof Error ? error.message : String(error)
    log('error', 'scan job failed', { scanId, error: sentence })
    await finishUnrunnableScan(options.db, scanId, sentence)
  } finally {
    await lock.release().catch((error: unknown) => log('debug', 'the scan lock went with its connection', { error: String(error) }))
  }
}
