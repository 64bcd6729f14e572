import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, migrate, startEmbedded, type Database } from '@/lib/db'

/** Does some work on a new, migrated database, and removes it. */
export async function withDatabase<T>(work: (db: Database, url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'keypoint-bench-'))
  const server = await startEmbedded(folder)
  try {
    await migrate(server.url)
    const db = createDatabase(server.url)
    const result = await work(db, server.url)
    await db.$disconnect()
    return result
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
