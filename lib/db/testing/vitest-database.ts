import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../embedded'
import { migrate } from '../migrate'
import '.'

/** For vitest's globalSetup: one real PostgreSQL for the whole run, with a migrated template that suites clone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'keypoint-test-'))
  const server = await startEmbedded(folder)
  await migrate(server.url)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  // Losing the power does not matter here; waiting for the disk does.
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) await client.query(`alter system set ${setting} = off`)
  await client.query('select pg_reload_conf()')
  await client.end()
  project.provide('templateDatabaseUrl', server.url)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
