import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { isDatabaseLost } from '@/lib/db'
import { scanLockClass } from '@/lib/db/lock-keys'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { buildProgram } from '../program'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('KEYPOINT_DEMO_TENANT', 'generated:600:1')
  for (const name of ['AZURE_CLIENT_ID', 'ENTRA_CLIENT_ID', 'KEYPOINT_IDENTITY']) vi.stubEnv(name, undefined)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await test.drop()
})
afterEach(() => vi.restoreAllMocks())

const patience = { timeout: 120_000, interval: 50 }

/** What `keypoint scan` prints on stdout and stderr. */
async function scan(): Promise<{ out: string; err: string }> {
  const written = { out: '', err: '' }
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => (written.out += String(chunk)) !== '')
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => (written.err += String(chunk)) !== '')
  await buildProgram().parseAsync(['node', 'keypoint', 'scan', '--json'])
  return written
}

it('a command that loses the right to scan stops, and its next goes on', { timeout: 240_000 }, async () => {
  const stopped = scan().catch((error: unknown) => error)
  await expect.poll(() => test.database.fact.count({ where: { source: 'diagnostic-settings' } }), patience).toBeGreaterThan(20)
  expect(await test.database.$executeRaw`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = ${scanLockClass}::int::oid and database = (select oid from pg_database where datname = current_database())`).toBe(1)
  expect(isDatabaseLost(await stopped)).toBe(true)
  const [begun] = await test.database.scan.findMany()
  expect(begun).toMatchObject({ status: 'running', requestedBy: 'command' })
  const { out, err } = await scan()
  expect(err).toContain('Going on with the scan that was interrupted.')
  expect(JSON.parse(out)).toMatchObject({ scanId: begun?.id, status: 'partial' })
})
