import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { EstateInfo } from '@/lib/domain/views'
import { log } from '@/lib/log'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { holdSession, isAudible, isHeld, type HeldSession } from './held-session'
import { estateLockClass, scanLockClass, workerLockClass } from './lock-keys'

const reconnectAfterMs = 1_000
/** Whoever leads a scan stores its progress every second. */
const silentSeconds = 3

/** The estate may not be in the database yet when its first worker starts. */
type EstateKey = Pick<EstateInfo, 'tenantId' | 'isDemo'>

function nameOf({ tenantId, isDemo }: EstateKey): string {
  return `${isDemo ? 'demo' : 'tenant'} ${tenantId.toLowerCase()}`
}

export interface WorkerLife {
  /** The worker's number, as others see it. */
  worker: number
  end(): Promise<void>
}

/** A number for a process that scans by itself, of which nobody needs to know whether it lives. */
export function newWorker(): number {
  return randomInt(1, 2 ** 31 - 1)
}

/**
 * Shows all others that this worker lives and which estate it reads, by locks that it holds on a connection of its own: PostgreSQL drops them at the moment when the process dies,
 * however that happens.
 */
export async function announceWorker(url: string, estate: EstateKey): Promise<WorkerLife> {
  const worker = newWorker()
  let ended = false
  const hold = async (): Promise<HeldSession> => {
    const session = await holdSession(url)
    // Shared, as the session before may not be gone yet.
    await session.client.query('select pg_advisory_lock_shared($1, $2), pg_advisory_lock_shared($3, hashtext($4))', [workerLockClass, worker, estateLockClass, nameOf(estate)]).catch(async (error: unknown) => {
      await session.end()
      throw error
    })
    session.lost.addEventListener('abort', () => void again())
    return session
  }
  let held = hold()
  const again = async (): Promise<void> => {
    while (!ended) {
      held = hold()
      try {
        await held
        return
      } catch (error) {
        log('debug', 'the worker cannot say that it lives', { error: String(error) })
        await pause(reconnectAfterMs)
      }
    }
  }
  await held
  return {
    worker,
    end: async () => {
      ended = true
      const session = await held.catch(() => null)
      await session?.end()
    },
  }
}

/** Workers that have taken unread parts of a scan and do not show that they live. */
export async function missingWorkers(db: Queryable, seq: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ worker: number }[]>(Prisma.sql`
    select distinct p.worker from scan_part p where ${isLeftBehind(seq)}`)
  return rows.map(({ worker }) => worker)
}

/** True for an unread part `p` of a scan whose worker does not show that it lives. */
function isLeftBehind(seq: number): Prisma.Sql {
  return Prisma.sql`p.scan_seq = ${seq} and p.read_at is null and p.job is not null and not ${isHeld(workerLockClass, Prisma.sql`p.worker`)}`
}

/** Takes the unread parts of a scan from those of these workers that are missing still, and whose last requests nobody counted. Returns their jobs. */
export async function takeFromDead(db: Queryable, seq: number, workers: readonly number[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ job: string }[]>(Prisma.sql`
    with dead as (
      select p.scan_seq, p.subscription_id, p.job from scan_part p
      where ${isLeftBehind(seq)} and p.worker = any(${workers}::int[])
      for update
    ), taken as (
      update scan_part p set job = null, worker = null from dead where p.scan_seq = dead.scan_seq and p.subscription_id = dead.subscription_id
    ), counted as (
      update scan set counts_at_least = true where seq = ${seq} and exists (select 1 from dead)
    )
    select job::text as job from dead`)
  return rows.map(({ job }) => job)
}

/** True when another worker than this one lives that reads the same estate. */
export async function otherWorkersLive(db: Queryable, estate: EstateKey, worker: number): Promise<boolean> {
  const [row] = await db.$queryRaw<{ others: boolean }[]>(Prisma.sql`
    select exists (select 1 from pg_locks l join pg_locks e on e.pid = l.pid and e.locktype = l.locktype and e.database = l.database
        join pg_stat_activity a on a.pid = l.pid and ${isAudible()}
      where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
        and l.classid = ${workerLockClass}::int::oid and l.objid <> ${worker}::int::oid and l.objsubid = 2 and l.granted
        and e.classid = ${estateLockClass}::int::oid and e.objid = hashtext(${nameOf(estate)})::oid and e.objsubid = 2 and e.granted) as others`)
  return row?.others ?? false
}

/** Scans of an estate that run, says the database, while nobody leads them. */
export async function leaderlessScans(db: Queryable, estateId: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select s.id::text as id from scan s
    where s.estate_id = ${estateId} and s.status = 'running' and s.requested_by <> 'command' and s.heartbeat_at < now() - ${silentSeconds}::int * interval '1 second'
      and not ${isHeld(scanLockClass, Prisma.sql`s.estate_id`)}`)
  return rows.map(({ id }) => id)
}
