import { loadConfig } from '@/lib/config'
import { migrate, startEmbedded } from '@/lib/db'

/** `keypoint migrate`: applies the migrations that the database lacks and prints their names. */
export async function migrateCommand(): Promise<void> {
  const config = loadConfig()
  const server = config.databaseUrl === null ? await startEmbedded(config.dataDir) : null
  try {
    const { applied } = await migrate(server?.url ?? config.databaseUrl ?? '')
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.join(', ')}\n`)
  } finally {
    await server?.stop()
  }
}
