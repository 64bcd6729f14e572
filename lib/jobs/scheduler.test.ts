import { afterAll, beforeAll, expect, it } from 'vitest'
import { getHistoryKept, saveSchedule, type Database } from '@/lib/db'
import { newEstate } from '@/lib/db/testing/sample-estate'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { openQueue, type ScanJob, type ScanQueues } from './queue'
import { runDueSchedules, startScheduler } from './scheduler'

let test: TestDatabase
let db: Database
let queue: ScanQueues

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  queue = await openQueue(test.url, { tenantId: 'tenant', isDemo: false }, 'worker')
})
afterAll(async () => {
  await queue.boss.stop({ graceful: false })
  await test.drop()
})

/** The scans of the jobs that wait or run. */
const jobs = async () => (await queue.boss.findJobs<ScanJob>(queue.scans)).filter(({ state }) => state === 'created' || state === 'active' || state === 'retry').map(({ data }) => data.scanId)

it('puts what is due before the workers, once, and again what was lost', async () => {
  const estateId = await newEstate(db, 'TENANT')
  const options = { db, queue, tenantId: 'tenant', isDemo: false }
  await saveSchedule(db, { estateId, subscriptions: 'all' }, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date('2026-06-01T12:00:00Z'))
  await runDueSchedules(options, new Date('2026-06-02T01:59:00Z'))
  expect(await jobs()).toEqual([])
  await runDueSchedules(options, new Date('2026-06-02T02:00:00Z'))
  const [scan] = await db.scan.findMany({ where: { estateId } })
  expect(await jobs()).toEqual([scan?.id])

  await runDueSchedules(options, new Date(Date.now() + 120_000))
  expect(await jobs()).toEqual([scan?.id])
  await queue.boss.deleteAllJobs(queue.scans)
  await runDueSchedules(options, new Date(Date.now() + 120_000))
  expect(await jobs()).toEqual([scan?.id])
})

it('sends a scan again whose job is spent', async () => {
  const [scan] = await db.scan.findMany({ where: { status: 'queued' } })
  for (const { id } of await queue.boss.findJobs(queue.scans)) await queue.boss.cancel(queue.scans, id)
  expect(await jobs()).toEqual([])
  await runDueSchedules({ db, queue, tenantId: 'tenant', isDemo: false }, new Date(Date.now() + 120_000))
  expect(await jobs()).toEqual([scan?.id])
})

it('leaves the schedules of other tenants and of the demo alone', async () => {
  await queue.boss.deleteAllJobs(queue.scans)
  await runDueSchedules({ db, queue, tenantId: 'tenant', isDemo: true }, new Date('2026-06-05T12:00:00Z'))
  await runDueSchedules({ db, queue, tenantId: 'another', isDemo: false }, new Date('2026-06-05T12:00:00Z'))
  expect(await jobs()).toEqual([])
})

it('puts what is due before the workers while history is being pruned, for however long', async () => {
  const estateId = await newEstate(db, 'much-history')
  const viewer = { estateId, subscriptions: 'all' } as const
  await saveSchedule(db, viewer, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date('2026-06-01T12:00:00Z'))
  const pruned = async () => (await getHistoryKept(db, viewer)).prunedAt
  const scans = () => db.scan.count({ where: { estateId } })
  let scheduler: ReturnType<typeof startScheduler> | undefined
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`lock table change`
    scheduler = startScheduler({ db, queue, tenantId: 'much-history', isDemo: false })
    await expect.poll(pruned).not.toBeNull()
    await expect.poll(scans).toBe(1)
  })
  await scheduler?.stop()
})
