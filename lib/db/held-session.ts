import pg from 'pg'
import type { Queryable } from './client'
import { breakConnections, connectOnce, placeOf, toUnavailable } from './connection'
import { Prisma } from './generated/client'

/** Others take the locks of a session that was silent for `silentSeconds`: its own process must know before, and not sooner than it need. Tests have less time. */
export const sessionTimes = { sayEveryMs: 1_000, unansweredMost: 15, silentSeconds: 20 }
const endWithinMs = 5_000

/** A connection of its own for advisory locks, on which its process says every second that it lives. */
export interface HeldSession {
  client: pg.Client
  /** Aborts when the connection is lost, or the database does not answer for a quarter of a minute: others may have the locks by then. */
  lost: AbortSignal
  end(): Promise<void>
}

/**
 * Opens a session for advisory locks. PostgreSQL drops them at the moment when the process dies. When its machine dies, or the network to it, PostgreSQL hears nothing for
 * hours: then the session's silence tells, which `isHeld` and `endSilentHolders` go by. Where the database does not answer it, all of this process's connections there are
 * broken: nobody shall wait on them for what others have taken over.
 */
export async function holdSession(url: string): Promise<HeldSession> {
  const client = await connectOnce(url)
  const lost = new AbortController()
  const { sayEveryMs, unansweredMost } = sessionTimes
  let unanswered = 0
  const answered = () => (unanswered = 0)
  // Counts what it said itself, not the time: a process that stood still hears the answer late, and has lost nothing.
  const saying = setInterval(() => {
    // A refusal is an answer too.
    if (unanswered === 0) client.query('select 1').then(answered, (error: unknown) => error instanceof pg.DatabaseError && answered())
    unanswered += 1
    if (unanswered <= unansweredMost) return
    lose('timeout expired')
    breakConnections(url)
  }, sayEveryMs)
  const end = async (): Promise<void> => {
    clearInterval(saying)
    // A network that is gone lets nobody say goodbye.
    const breaking = setTimeout(() => breakConnections(url), sayEveryMs * unansweredMost)
    await client.end().finally(() => clearTimeout(breaking))
  }
  const lose = (reason: string): void => {
    lost.abort(toUnavailable(new Error(reason), placeOf(url)))
    void end()
  }
  const onEnd = () => lose('Connection terminated unexpectedly')
  client.once('end', onEnd)
  return {
    client,
    lost: lost.signal,
    end: async () => {
      client.off('end', onEnd)
      await end()
    },
  }
}

/** True for a session `a` of `pg_stat_activity` that said something lately, or of which this user may not see when. */
export function isAudible(): Prisma.Sql {
  return Prisma.sql`coalesce(a.state_change, now()) > now() - ${sessionTimes.silentSeconds}::int * interval '1 second'`
}

/** True for the advisory lock `l` of `pg_locks` with these two numbers, in this database. */
function isLock(first: number, second: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
    and l.classid = ${first}::int::oid and l.objid = ${second}::oid and l.objsubid = 2 and l.granted`
}

/** True when a living process holds the advisory lock of these two numbers. */
export function isHeld(first: number, second: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`exists (select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid where ${isLock(first, second)} and ${isAudible()})`
}

/** Ends the sessions that hold an advisory lock and are silent. True: there were some, and the lock may be free now. */
export async function endSilentHolders(db: Queryable, first: number, second: number): Promise<boolean> {
  const ended = await db.$queryRaw<{ ended: boolean }[]>(Prisma.sql`
    select pg_terminate_backend(l.pid, ${endWithinMs}::bigint) as ended from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where ${isLock(first, Prisma.sql`${second}::int`)} and not ${isAudible()}`)
  return ended.length > 0
}
