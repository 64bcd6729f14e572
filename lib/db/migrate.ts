import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { KeypointError } from '@/lib/errors'
import { connectOnce } from './connection'
import { migrateKey } from './lock-keys'
import { openSchemaEngine } from './schema-engine'

const migrationsDir = join(dirname(fileURLToPath(import.meta.url)), '../../prisma/migrations')

/**
 * Brings a database up to date with prisma/migrations and returns the names of those applied now. Any number of processes
 * may call it at once. Throws KeypointError: `unavailable` for a database that cannot be reached, `conflict` for one that is
 * newer than the product or holds a half-applied migration.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const client = await connectOnce(url)
  try {
    await client.query('select pg_advisory_lock($1)', [migrateKey])
    const migrations = await listMigrations()
    const pending = await pendingMigrations(client, migrations)
    if (pending.length === 0) return { applied: [] }
    return { applied: await applyMigrations(url, migrations) }
  } finally {
    await client.end()
  }
}

/** The migrations that the product brings, in order. */
export async function listMigrations(): Promise<MigrationList> {
  const entries = await readdir(migrationsDir, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort()
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: await readFile(join(migrationsDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(join(migrationsDir, name, 'migration.sql'), 'utf8') },
      },
    }))),
  }
}

async function pendingMigrations(client: pg.Client, migrations: MigrationList): Promise<string[]> {
  const ours = migrations.migrationDirectories.map((directory) => directory.path)
  const { rows: [table] } = await client.query<{ exists: boolean }>(`select to_regclass('_prisma_migrations') is not null as exists`)
  if (!table?.exists) return ours
  const { rows } = await client.query<{ name: string; finished: boolean }>(
    'select migration_name as name, finished_at is not null as finished from _prisma_migrations where rolled_back_at is null order by started_at')
  const newer = rows.find((row) => !ours.includes(row.name))
  if (newer) {
    throw new KeypointError('conflict', `The database is newer than this Keypoint: it has the migration ${newer.name}.`,
      'Start the Keypoint version that made it, or a later one.')
  }
  const failed = rows.find((row) => !row.finished)
  if (failed) {
    throw new KeypointError('conflict', `The migration ${failed.name} was not completed on this database.`,
      'Restore the database from a backup, or finish the migration by hand and mark it with "prisma migrate resolve".')
  }
  const done = new Set(rows.map((row) => row.name))
  return ours.filter((name) => !done.has(name))
}

async function applyMigrations(url: string, migrations: MigrationList): Promise<string[]> {
  const { engine, close } = await openSchemaEngine(url)
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrations,
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } catch (cause) {
    throw new KeypointError('conflict', `A migration failed: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`,
      'Nothing that was committed before is lost; see the message, and restore from a backup if the database was changed by hand.', { cause })
  } finally {
    await close()
  }
}
