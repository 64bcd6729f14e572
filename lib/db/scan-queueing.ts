import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { queueLockClass } from './lock-keys'
import { failStaleScans } from './scan-ends'
import { createScan, type NewScan } from './scans'

/** Keeps others from queueing scans of an estate until the transaction ends. */
export async function lockQueueing(tx: Queryable, estateId: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock(${queueLockClass}::int, ${estateId}::int)`)
}

/** Queues a scan; null while another of the estate is queued or running. Any number of processes may ask. */
export async function queueScan(db: Database, estateId: number, scan: NewScan): Promise<{ scanId: string; seq: number } | null> {
  if ((await runningScan(db, estateId)) !== null) return null
  return db.$transaction(async (tx) => {
    await lockQueueing(tx, estateId)
    return (await unendedScan(tx, estateId)) === null ? createScan(tx, estateId, scan) : null
  })
}

const silenceMs = 300_000

/** The scan that is queued or running, if any; one that was silent for five minutes is failed first: by then another worker should have taken it over. */
export async function runningScan(db: Database, estateId: number): Promise<{ scanId: string; status: 'queued' | 'running' } | null> {
  await failStaleScans(db, estateId, silenceMs)
  return unendedScan(db, estateId)
}

/** The scan that is queued or running, if any, however long it was silent. */
export async function unendedScan(db: Queryable, estateId: number): Promise<{ scanId: string; status: 'queued' | 'running' } | null> {
  const row = await db.scan.findFirst({
    where: { estateId, status: { in: ['queued', 'running'] } }, orderBy: { seq: 'desc' }, select: { id: true, status: true },
  })
  return row === null ? null : { scanId: row.id, status: row.status === 'queued' ? 'queued' : 'running' }
}
