import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { pruneHistory } from './history-kept'
import { markSchedulesLooked, noteMissedRuns, takeMissedRuns } from './missed-runs'
import { beginScan, newEstate } from './testing/sample-estate'
import { enableSchedule, queueDueScan, removeSchedule, saveSchedule } from './schedules'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let viewer: Viewer
let nightly: string
let estates = 0

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `missed-${++estates}`), subscriptions: 'all' }
  nightly = await schedule('Nightly')
})

const at = (text: string) => new Date(`2026-06-${text}:00Z`)
const schedule = async (name: string) => (await saveSchedule(db, viewer, { name, cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', at('01T12:00'))).id
const note = (now: string) => noteMissedRuns(db, viewer.estateId, at(now))
/** What a worker does with schedules each time. */
async function look(now: string) {
  await note(now)
  await markSchedulesLooked(db, viewer.estateId, at(now))
  return queueDueScan(db, viewer.estateId, at(now))
}
const take = async (now: string) => (await takeMissedRuns(db, viewer.estateId, at(now)))
  .map(({ schedule, plannedAt, cause, madeUpAt, isDue }) => [schedule, plannedAt.toISOString().slice(8, 16), cause, madeUpAt?.toISOString().slice(8, 16) ?? (isDue ? 'due' : 'given up')])
const endScans = () => db.scan.updateMany({ where: { estateId: viewer.estateId }, data: { status: 'succeeded' } })

it('is one that no worker was there for, though it is made up at once when one comes', async () => {
  await look('02T01:50')
  expect(await look('02T08:00')).toMatchObject({ schedule: 'Nightly' })
  await look('02T08:01')
  expect(await take('02T08:01')).toEqual([['Nightly', '02T02:00', 'no-worker', '02T08:00']])
  expect(await take('02T08:02')).toEqual([])
})

it('is one that is due still, of all that ever ran', async () => {
  await note('02T02:30')
  expect(await take('02T02:30')).toEqual([])
  await note('02T02:31')
  await note('02T02:45')
  expect(await take('02T02:45')).toEqual([['Nightly', '02T02:00', 'no-worker', 'due']])
})

it('is none that workers start in time', async () => {
  await look('02T01:59')
  expect(await look('02T02:20')).toMatchObject({ schedule: 'Nightly' })
  await endScans()
  await look('02T02:40')
  expect(await take('02T02:40')).toEqual([])
})

it('is none that waits for another scan of the estate, until that has gone on for hours', async () => {
  await schedule('Weekly')
  for (const now of ['02T01:59', '02T02:00', '02T02:20', '02T02:40', '02T03:00']) await look(now)
  await endScans()
  expect(await look('02T03:01')).toMatchObject({ schedule: expect.stringMatching('Nightly|Weekly') })
  expect(await take('02T03:02')).toEqual([])

  await endScans()
  await beginScan(db, viewer.estateId)
  for (const hour of ['01', '02', '03', '04', '05']) for (const minute of ['05', '25', '45']) expect(await look(`03T${hour}:${minute}`)).toBeNull()
  expect(await take('03T05:59')).toEqual([])
  expect(await look('03T06:01')).toBeNull()
  await endScans()
  await look('03T06:02')
  expect((await take('03T06:02')).toSorted()).toEqual([['Nightly', '03T02:00', 'busy', expect.any(String)], ['Weekly', '03T02:00', 'busy', expect.any(String)]])
})

it('is one during which the worker of a scan died, also where the scan is taken up again before', async () => {
  await look('02T01:50')
  await beginScan(db, viewer.estateId)
  expect(await look('02T08:00')).toBeNull()
  expect(await take('02T08:00')).toEqual([['Nightly', '02T02:00', 'no-worker', 'due']])
})

it('is none of a schedule that is paused, removed or of another estate', async () => {
  const other = viewer
  viewer = { estateId: await newEstate(db, 'missed-elsewhere'), subscriptions: 'all' }
  const [paused, removed] = [await schedule('Paused'), await schedule('Removed')]
  await enableSchedule(db, viewer, paused, false, at('02T01:00'))
  await note('02T09:00')
  await removeSchedule(db, viewer, removed)
  expect(await take('02T09:00')).toEqual([])
  viewer = other
  await note('02T09:00')
  await enableSchedule(db, viewer, nightly, false, at('02T09:00'))
  expect(await take('02T09:00')).toEqual([['Nightly', '02T02:00', 'no-worker', 'given up']])
})

it('is forgotten like old messages', async () => {
  await note('02T09:00')
  await pruneHistory(db, viewer.estateId, at('30T09:00'))
  expect(await db.missedRun.count()).toBeGreaterThan(0)
  await pruneHistory(db, viewer.estateId, new Date('2026-09-10T09:00:00Z'))
  expect(await db.missedRun.count({ where: { scheduleId: nightly } })).toBe(0)
})
