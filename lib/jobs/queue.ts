import { PgBoss } from 'pg-boss'
import { connectionTo } from '@/lib/db'
import { log, toReason } from '@/lib/log'
import { estateQueue, type EstateKey } from './estate-queue'

/** A job runs one scan. */
export interface ScanJob {
  scanId: string
}

/** A job reads one subscription's evidence for a scan. */
export interface PartJob {
  scanId: string
  subscriptionId: string
}

/** The queues of one estate's scans and of their parts, by name, and the pg-boss that they are in. */
export interface ScanQueues {
  boss: PgBoss
  scans: string
  parts: string
}

/** How often a job is given again before it counts as failed for good. */
export const retryLimit = 500

/**
 * A started pg-boss on the product's database, in its own schema `pgboss`, with the queues of one estate.
 * @param role `worker` keeps the queue's house; `sender` only adds jobs.
 */
export async function openQueue(databaseUrl: string, estate: EstateKey, role: 'worker' | 'sender'): Promise<ScanQueues> {
  const boss = new PgBoss({ ...connectionTo(databaseUrl), max: role === 'worker' ? 4 : 1, supervise: role === 'worker', superviseIntervalSeconds: 10, monitorIntervalSeconds: 10, schedule: false })
  boss.on('error', (error) => log('error', 'queue', { error: toReason(error) }))
  await boss.start()
  // A worker that was cut off is noticed after some seconds without a heartbeat; another takes its job, and goes on where it was.
  const options = { retryLimit, retryDelay: 2, expireInSeconds: 24 * 3600, heartbeatSeconds: 30, deleteAfterSeconds: 24 * 3600 }
  const queues = { boss, scans: estateQueue('scan-once', estate), parts: estateQueue('scan-part', estate) }
  for (const queue of [queues.scans, queues.parts]) {
    // Exclusive: one job for each key waits or runs. One that is spent (failed too often, cancelled) does not stand in the way of the next.
    await boss.createQueue(queue, { ...options, policy: 'exclusive' })
    await boss.updateQueue(queue, options)
  }
  return queues
}

/** Puts a scan before the workers. False: its job waits or runs already. */
export async function sendScan({ boss, scans }: ScanQueues, scanId: string): Promise<boolean> {
  const job: ScanJob = { scanId }
  return (await boss.send(scans, job, { singletonKey: scanId })) !== null
}

/** Puts a part of a scan before the workers, the first sent first. False: its job waits or runs already. */
export async function sendPart({ boss, parts }: ScanQueues, part: PartJob): Promise<boolean> {
  return (await boss.send(parts, part, { singletonKey: partKey(part) })) !== null
}

/** Puts those parts before the workers whose jobs neither wait nor run. Returns how many. */
export async function sendParts({ boss, parts }: ScanQueues, some: readonly PartJob[]): Promise<number> {
  const sent = await boss.insert(parts, some.map((data) => ({ data, singletonKey: partKey(data) })), { returnId: true })
  return sent?.length ?? 0
}

export function partKey({ scanId, subscriptionId }: PartJob): string {
  return `${scanId} ${subscriptionId}`
}
