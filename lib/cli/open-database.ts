import type { Config } from '@/lib/config'
import { createDatabase, migrate, startEmbedded, type Database } from '@/lib/db'

export interface OpenDatabase {
  url: string
  db: Database
  close(): Promise<void>
}

/** The database of the configuration, migrated: `DATABASE_URL`, or the embedded server (started, or attached to when it runs). */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  const server = config.databaseUrl === null ? await startEmbedded(config.dataDir) : null
  const url = server?.url ?? config.databaseUrl ?? ''
  try {
    await migrate(url)
    const db = createDatabase(url)
    return {
      url,
      db,
      close: async () => {
        await db.$disconnect()
        await server?.stop()
      },
    }
  } catch (error) {
    await server?.stop()
    throw error
  }
}
