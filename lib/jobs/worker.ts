import { AzureAwayError } from '@/lib/azure'
import {
  acquireScanLock, announceWorker, findEstate, findScanJob, finishUnrunnableScan, getEstate, isDatabaseLost, leaderlessScans, otherWorkersLive, type Database,
} from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { repeatEvery } from '@/lib/repeat-every'
import { effectivePolicy, HandedOverError, judgeAgain, runScan, type OpenPartBoard } from '@/lib/scan'
import { PartWorker, type ConnectScan } from './part-worker'
import { openQueue, sendScan, type ScanJob, type ScanQueues } from './queue'
import { startScheduler } from './scheduler'
import { sharedPartBoard, type PartTimes } from './shared-parts'

export interface WorkerOptions extends PartTimes {
  db: Database
  databaseUrl: string
  policyPath: string | null
  /** The tenant that the worker reads: its scans are taken from the queue, and its schedules are run. */
  tenantId: string
  isDemo: boolean
  connect: ConnectScan
}

const rescueEveryMs = 2_000

/**
 * Takes the estate's scans from the queue, one at a time, and parts of any of them, until stopped. A stopped worker leaves the scan in hand to another, if one lives; otherwise
 * the scan is cancelled, and what is complete is kept.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const queue = await openQueue(options.databaseUrl, options, 'worker')
  const { worker, end } = await announceWorker(options.databaseUrl, options)
  const parts = new PartWorker({ ...options, queue, worker })
  const openBoard = sharedPartBoard({ ...options, queue, parts })
  const stopping = new AbortController()
  await queue.boss.work<ScanJob>(queue.scans, { pollingIntervalSeconds: 1 }, async (jobs) => {
    for (const job of jobs) await runJob(options, job.data.scanId, stopping.signal, openBoard)
  })
  const scheduler = startScheduler({ ...options, queue })
  const endRescue = repeatEvery(rescueEveryMs, 'scans without a leader could not be looked for', () => rescueScans(options, queue))
  return {
    stop: async () => {
      await Promise.all([scheduler.stop(), endRescue()])
      stopping.abort((await otherWorkersLive(options.db, options, worker)) ? new HandedOverError() : new Error('The worker was stopped.'))
      await parts.stop()
      await queue.boss.stop({ graceful: true, timeout: 10_000 })
      await end()
    },
  }
}

/** Puts scans whose leader died before the workers again, long before the queue would miss its heartbeat. */
async function rescueScans({ db, tenantId, isDemo }: WorkerOptions, queue: ScanQueues): Promise<void> {
  const estate = await findEstate(db, { tenantId, isDemo })
  if (estate === null) return
  for (const scanId of await leaderlessScans(db, estate.estateId)) {
    const held = (await queue.boss.findJobs(queue.scans, { key: scanId })).filter(({ state }) => state === 'active')
    if (held.length > 0) await queue.boss.fail(queue.scans, held.map(({ id }) => id))
    else if (!(await sendScan(queue, scanId))) continue
    log('info', 'the worker that led a scan died; another goes on with it', { scanId })
  }
}

async function runJob(options: WorkerOptions, scanId: string, stopping: AbortSignal, openBoard: OpenPartBoard): Promise<void> {
  const job = await findScanJob(options.db, scanId)
  if (job === null) return
  const lock = await acquireScanLock(options.db, options.databaseUrl, job.estateId, scanId)
  if (lock === null) {
    // Its own worker may be at it still, and only be late to say so: the queue gives the job again.
    if (job.status === 'running') throw new KeypointError('conflict', `Scan ${scanId} is being run.`, 'It is tried again.')
    // Another process scans the estate: the scheduler sends what waits again until its turn has come.
    return
  }
  const signal = AbortSignal.any([stopping, lock.lost])
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
      await runScan({ db: options.db, azure: connection.azure, estate, scanId, policy, interrupted: true, signal, openBoard })
    } finally {
      await connection.close()
    }
  } catch (error) {
    // The queue gives the job again, and the scan goes on.
    if (isDatabaseLost(error) || lock.lost.aborted || error instanceof HandedOverError) throw error
    if (error instanceof AzureAwayError) {
      log('warn', 'Azure is out of reach of this worker; the scan waits for whoever reaches it', { scanId, error: error.message })
      throw error
    }
    const sentence = error instanceof Error ? error.message : String(error)
    log('error', 'scan job failed', { scanId, error: sentence })
    await finishUnrunnableScan(options.db, scanId, sentence)
  } finally {
    await lock.release()
  }
}
