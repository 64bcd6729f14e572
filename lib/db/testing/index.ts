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

/** A migrated, empty database of a suite's own, cloned from the test run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = new URL(inject('templateDatabaseUrl'))
  const name = `test_${randomBytes(6).toString('hex')}`
  await administrate(`create database ${name} template ${template.pathname.slice(1)} strategy file_copy`)
  const url = Object.assign(new URL(template), { pathname: `/${name}` }).href
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

/** Runs a statement in the test server's own database. */
export async function administrate(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(inject('templateDatabaseUrl')), { pathname: '/postgres' }).href })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
