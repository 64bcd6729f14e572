import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import pg from 'pg'
import { createDatabase, type Database } from '../client'

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database without connections, to clone; see vitest-database.ts. */
    templateDatabaseUrl: string
  }
}

export interface TestDatabase {
  url: string
  database: Database
  /** Disconnects and removes it. */
  drop(): Promise<void>
}

/**
 * A migrated, empty database of a suite's own, cloned from the test run's template.
 * @param clockHours how far its clock is ahead.
 */
export async function createTestDatabase({ clockHours = 0 } = {}): Promise<TestDatabase> {
  const template = new URL(inject('templateDatabaseUrl'))
  const name = `test_${randomBytes(6).toString('hex')}`
  await administrate(`create database ${name} template ${template.pathname.slice(1)} strategy file_copy`)
  const url = Object.assign(new URL(template), { pathname: `/${name}` }).href
  if (clockHours !== 0) await setClock(url, name, clockHours)
  const database = createDatabase(url)
  return {
    url,
    database,
    async drop() {
      await database.$disconnect()
      await administrate(`drop database ${name} with (force)`)
    },
  }
}

/** Whoever asks such a database for the time is told another. */
async function setClock(url: string, name: string, hours: number): Promise<void> {
  const clock = `create schema clock; create function clock.now() returns timestamptz language sql stable as $$ select pg_catalog.now() + make_interval(hours => ${hours}) $$`
  await runIn(url, `${clock}; alter database ${name} set search_path = clock, public, pg_catalog`)
}

/** Runs a statement in the test server's own database. */
export async function administrate(statement: string): Promise<void> {
  await runIn(Object.assign(new URL(inject('templateDatabaseUrl')), { pathname: '/postgres' }).href, statement)
}

async function runIn(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
