import type { Database } from './client'
import { endSilentHolders, holdSession, type HeldSession } from './held-session'
import { scanLockClass } from './lock-keys'
import { failDeadScans } from './scan-ends'

export interface ScanLock {
  /** Aborts when the lock goes with its connection: another process may have it by then. */
  lost: AbortSignal
  release(): Promise<void>
}

/**
 * The right to scan an estate, held on a connection of its own and so lost with the process, even by kill -9. Null when another process holds it; from one that was not
 * heard of for a while it is taken.
 * Having it proves that no scan of the estate is alive, so those that still say so are failed, except the one that the caller goes on with.
 */
export async function acquireScanLock(db: Database, url: string, estateId: number, resumed?: string): Promise<ScanLock | null> {
  const session = await holdSession(url)
  try {
    const held = (await tryLock(session, estateId)) || ((await endSilentHolders(db, scanLockClass, estateId)) && (await tryLock(session, estateId)))
    if (held) {
      await failDeadScans(db, estateId, resumed ?? null)
      return { lost: session.lost, release: session.end }
    }
  } catch (error) {
    await session.end()
    throw error
  }
  await session.end()
  return null
}

async function tryLock({ client }: HeldSession, estateId: number): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [scanLockClass, estateId])
  return rows[0]?.held === true
}
