import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveSchedule, type Database } from '@/lib/db'
import { newEstate } from '@/lib/db/sample-estate'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { openQueue, scanQueue, type ScanJob } from './queue'
import { runDueSchedules } from './scheduler'

let test: TestDatabase
let db: Database
let boss: PgBoss

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  boss = await openQueue(test.url, 'worker')
})
afterAll(async () => {
  await boss.stop({ graceful: false })
  await test.drop()
})

/** The scans of the jobs that wait or run. */
const jobs = async () => (await boss.findJobs<ScanJob>(scanQueue)).filter(({ state }) => state === 'created' || state === 'active' || state === 'retry').map(({ data }) => data.scanId)

it('puts what is due before the workers, once, and again what was lost', async () => {
  const estateId = await newEstate(db, 'TENANT')
  const options = { db, boss, tenantId: 'tenant', isDemo: false }
  await saveSchedule(db, { estateId, subscriptions: 'all' }, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date('2026-06-01T12:00:00Z'))
  await runDueSchedules(options, new Date('2026-06-02T01:59:00Z'))
  expect(await jobs()).toEqual([])
  await runDueSchedules(options, new Date('2026-06-02T02:00:00Z'))
  const [scan] = await db.scan.findMany({ where: { estateId } })
  expect(await jobs()).toEqual([scan?.id])

  await runDueSchedules(options, new Date(Date.now() + 120_000))
  expect(await jobs()).toEqual([scan?.id])
  await boss.deleteAllJobs(scanQueue)
  await runDueSchedules(options, new Date(Date.now() + 120_000))
  expect(await jobs()).toEqual([scan?.id])
})

it('sends a scan again whose job is spent', async () => {
  const [scan] = await db.scan.findMany({ where: { status: 'queued' } })
  for (const { id } of await boss.findJobs(scanQueue)) await boss.cancel(scanQueue, id)
  expect(await jobs()).toEqual([])
  await runDueSchedules({ db, boss, tenantId: 'tenant', isDemo: false }, new Date(Date.now() + 120_000))
  expect(await jobs()).toEqual([scan?.id])
})

it('leaves the schedules of other tenants and of the demo alone', async () => {
  await boss.deleteAllJobs(scanQueue)
  await runDueSchedules({ db, boss, tenantId: 'tenant', isDemo: true }, new Date('2026-06-05T12:00:00Z'))
  await runDueSchedules({ db, boss, tenantId: 'another', isDemo: false }, new Date('2026-06-05T12:00:00Z'))
  expect(await jobs()).toEqual([])
})
