import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { listMigrations, migrate } from './migrate'
import { openSchemaEngine } from './schema-engine'
import { administrate } from './testing'

const made: string[] = []

async function emptyDatabase(): Promise<string> {
  const name = `migrate_${randomBytes(6).toString('hex')}`
  await administrate(`create database ${name} template template0`)
  made.push(name)
  return Object.assign(new URL(inject('templateDatabaseUrl')), { pathname: `/${name}` }).href
}

afterAll(async () => {
  for (const name of made) await administrate(`drop database ${name} with (force)`)
})

async function rows(url: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows.map((row) => row.join(' '))
  } finally {
    await client.end()
  }
}

describe('migrate', () => {
  it('applies what is missing, once', async () => {
    const url = await emptyDatabase()
    const names = (await listMigrations()).migrationDirectories.map((directory) => directory.path)
    expect(await migrate(url)).toEqual({ applied: names })
    expect(await migrate(url)).toEqual({ applied: [] })
    expect(await rows(url, 'select migration_name from _prisma_migrations where finished_at is not null order by started_at, migration_name')).toEqual(names)
  })

  it('may be called by several processes at once', async () => {
    const url = await emptyDatabase()
    const results = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(results.filter(({ applied }) => applied.length > 0)).toHaveLength(1)
  })

  it('refuses a database that is newer than the product', async () => {
    const url = await emptyDatabase()
    await migrate(url)
    await rows(url, `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '9999_future', now())`)
    await expect(migrate(url)).rejects.toMatchObject({ code: 'conflict', message: 'The database is newer than this Keypoint: it has the migration 9999_future.' })
  })

  it('refuses a database where a migration stopped half-way', async () => {
    const url = await emptyDatabase()
    await migrate(url)
    await rows(url, 'update _prisma_migrations set finished_at = null')
    await expect(migrate(url)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('was not completed') })
  })

  it('refuses a database that it may not write to', async () => {
    const url = new URL(await emptyDatabase())
    await rows(url.href, `create role nobody_${url.pathname.slice(1)} login password 'secret'`)
    url.username = `nobody_${url.pathname.slice(1)}`
    url.password = 'secret'
    await expect(migrate(url.href)).rejects.toMatchObject({ name: 'KeypointError' })
    await administrate(`drop role nobody_${url.pathname.slice(1)}`)
  })
})

describe('a database that cannot be used', () => {
  const server = () => new URL(inject('templateDatabaseUrl'))
  it.each([
    ['nobody listens', () => 'postgresql://me:hunter22@127.0.0.1:1/db', 'unavailable', /127\.0\.0\.1:1\/db refuses connections/],
    ['the password is wrong', () => Object.assign(server(), { password: 'hunter22' }).href, 'unavailable', /refuses the user or the password/],
    ['it does not exist', () => Object.assign(server(), { pathname: '/nowhere' }).href, 'unavailable', /\/nowhere does not exist/],
    ['its host is unknown', () => 'postgresql://me:hunter22@keypoint.invalid/db', 'unavailable', /keypoint\.invalid:5432\/db has an unknown host name/],
    ['the URL is of something else', () => 'mysql://me:hunter22@host/db', 'invalid', /not a PostgreSQL URL/],
    ['the URL is none', () => 'hunter22', 'invalid', /not a PostgreSQL URL/],
  ])('says so when %s, and never the password', async (_, url, code, message) => {
    const error: unknown = await migrate(url()).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(/\S/) })
    expect(JSON.stringify([error instanceof Error ? error.message : '', error])).not.toContain('hunter22')
  })
})

describe('schema.prisma and the migrations', () => {
  let fromSchema: string
  let fromMigrations: string

  beforeAll(async () => {
    fromSchema = await emptyDatabase()
    fromMigrations = await emptyDatabase()
    await migrate(fromMigrations)
    const content = await readFile(fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url)), 'utf8')
    const { engine, close } = await openSchemaEngine(fromSchema, content)
    const { stdout } = await engine.diff({
      from: { tag: 'empty' }, to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] }, script: true, exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    await close()
    await rows(fromSchema, `do $do$ begin ${stdout ?? ''} end $do$`)
  })

  // The engine's own diff of a live database stops on a column of type "char" in PostgreSQL's catalogue when there are check
  // constraints, so the two databases are compared instead.
  const difference = async (sql: string) => {
    const [a, b] = [await rows(fromSchema, sql), await rows(fromMigrations, sql)]
    return { lacking: a.filter((row) => !b.includes(row)), more: b.filter((row) => !a.includes(row)) }
  }

  it('make the same tables and columns', async () => {
    expect(await difference(`select table_name, column_name, data_type, udt_name, is_nullable, column_default, datetime_precision
      from information_schema.columns where table_schema = 'public' and table_name <> '_prisma_migrations'`)).toEqual({ lacking: [], more: [] })
  })

  it('make the same keys and indexes, but for what Prisma cannot express', async () => {
    const { lacking, more } = await difference(`select indexname from pg_indexes where schemaname = 'public' and tablename <> '_prisma_migrations'`)
    expect(lacking).toEqual([])
    expect(more.sort()).toEqual(['exemption_imported', 'exemption_open', 'finding_closed', 'finding_open', 'finding_open_by_subscription', 'finding_open_filters', 'finding_unknown', 'resource_by_location', 'resource_by_name', 'resource_by_rank', 'resource_counts', 'resource_totals', 'scan_running', 'scan_unannounced', 'transition_by_subscription'])
  })

  it('make the same constraints, but for checks', async () => {
    const { lacking, more } = await difference(`select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'c' and conrelid::regclass::text <> '_prisma_migrations'`)
    expect({ lacking, more }).toEqual({ lacking: [], more: [] })
  })
})
