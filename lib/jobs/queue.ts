import { PgBoss } from 'pg-boss'
import { log } from '@/lib/log'

/** A job runs one scan. */
export const scanQueue = 'scan-once'

export interface ScanJob {
  scanId: string
}

/**
 * A started pg-boss on the product's database, in its own schema `pgboss`.
 * @param role `worker` keeps the queue's house; `sender` only adds jobs.
 */
export async function openQueue(databaseUrl: string, role: 'worker' | 'sender'): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: role === 'worker' ? 4 : 1, supervise: role === 'worker', superviseIntervalSeconds: 10, monitorIntervalSeconds: 10, schedule: false })
  boss.on('error', (error) => log('error', 'queue', { error: String(error) }))
  await boss.start()
  // A lost worker is noticed after some seconds without a heartbeat; another takes its job, and the scan goes on where it was.
  const options = { retryLimit: 500, retryDelay: 5, expireInSeconds: 24 * 3600, heartbeatSeconds: 30 }
  // Exclusive: one job for each key waits or runs. One that is spent (failed too often, cancelled) does not stand in the way of the next.
  await boss.createQueue(scanQueue, { ...options, policy: 'exclusive' })
  await boss.updateQueue(scanQueue, options)
  return boss
}

/** Puts a queued scan before the workers. Sending it again while its job waits or runs adds no second one. */
export async function sendScan(boss: PgBoss, scanId: string): Promise<void> {
  const job: ScanJob = { scanId }
  await boss.send(scanQueue, job, { singletonKey: scanId })
}
