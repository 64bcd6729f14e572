import { connectOnce, placeOf, toUnavailable } from './connection'

/** First half of the advisory lock's key; the second is the estate. */
export const scanLockClass = 7_240_319

export interface ScanLock {
  /** Aborts when the lock goes with its connection: another process may have it by then. */
  lost: AbortSignal
  release(): Promise<void>
}

/**
 * The right to scan an estate, held on a connection of its own and so lost with the process, even by kill -9. Null when another process holds it.
 * Having it proves that no scan of the estate is alive, so those that still say so are failed, except the one that the caller goes on with.
 */
export async function acquireScanLock(url: string, estateId: number, resumed?: string): Promise<ScanLock | null> {
  const client = await connectOnce(url)
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [scanLockClass, estateId])
  if (rows[0]?.held !== true) {
    await client.end()
    return null
  }
  // A command creates its scan under the lock, so a queued scan of a command has lost its process too.
  await client.query(
    `update scan set status = 'failed', finished_at = now(), error = 'The process that ran this scan ended before the scan did.'
     where estate_id = $1 and id is distinct from $2::uuid and (status = 'running' or (status = 'queued' and requested_by = 'command'))`, [estateId, resumed ?? null])
  const lost = new AbortController()
  let released = false
  client.once('end', () => {
    if (!released) lost.abort(toUnavailable(new Error('Connection terminated unexpectedly'), placeOf(url)))
  })
  return {
    lost: lost.signal,
    release: async () => {
      released = true
      await client.end()
    },
  }
}
