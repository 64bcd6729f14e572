import { findEstate, markSchedulesLooked, noteMissedRuns, pruneHistory, queueDueScan, waitingScans, type Database } from '@/lib/db'
import { log } from '@/lib/log'
import { repeatEvery } from '@/lib/repeat-every'
import { sendScan, type ScanQueues } from './queue'

const lookEveryMs = 15_000
/** It is done once a day, by whoever asks first. */
const pruneEveryMs = 60_000

export interface SchedulerOptions {
  db: Database
  queue: ScanQueues
  /** Whose schedules to run: those of the tenant that the worker reads. */
  tenantId: string
  isDemo: boolean
}

/**
 * Looks every few seconds for schedules that are due. The planned times are in the database, so a run that was missed while no worker ran is made up. History is pruned
 * beside that: much of it takes longer than a run may be late.
 */
export function startScheduler(options: SchedulerOptions): { stop(): Promise<void> } {
  const endLooking = repeatEvery(lookEveryMs, 'schedules could not be run', () => runDueSchedules(options), 'error')
  const endPruning = repeatEvery(pruneEveryMs, 'history could not be pruned', () => prune(options))
  return { stop: async () => void (await Promise.all([endLooking(), endPruning()])) }
}

/** Notes what was missed, queues what is due now, and tells the queue again of scans that nobody took. */
export async function runDueSchedules({ db, queue, tenantId, isDemo }: SchedulerOptions, now = new Date()): Promise<void> {
  const estate = await findEstate(db, { tenantId, isDemo })
  if (estate === null) return
  await noteMissedRuns(db, estate.estateId, now)
  await markSchedulesLooked(db, estate.estateId, now)
  for (const scanId of await waitingScans(db, estate.estateId, now)) await sendScan(queue, scanId)
  const queued = await queueDueScan(db, estate.estateId, now)
  if (queued === null) return
  log('info', 'a schedule is due', queued)
  await sendScan(queue, queued.scanId)
}

async function prune({ db, tenantId, isDemo }: SchedulerOptions): Promise<void> {
  const estate = await findEstate(db, { tenantId, isDemo })
  const pruned = estate === null ? null : await pruneHistory(db, estate.estateId)
  if (pruned !== null && pruned.scans + pruned.findings > 0) log('info', 'history was pruned', { ...pruned })
}
