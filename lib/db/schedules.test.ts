import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ScheduleInput } from '@/lib/domain/schedule'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { beginScan, newEstate, subscriptionA, subscriptionB } from './testing/sample-estate'
import { enableSchedule, getSchedule, listSchedules, queueDueScan, removeSchedule, saveSchedule, waitingScans } from './schedules'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let viewer: Viewer
let estates = 0

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `schedules-${++estates}`), subscriptions: 'all' }
})

const nightly: ScheduleInput = { name: 'Nightly', cron: '0 2 * * *', timeZone: 'Europe/Berlin', scope: {}, mode: 'full' }
const at = (text: string) => new Date(`2026-06-${text}:00Z`)
const due = (now: string) => queueDueScan(db, viewer.estateId, at(now))
/** Ends whatever waits or runs. */
const endScans = () => db.scan.updateMany({ where: { estateId: viewer.estateId }, data: { status: 'succeeded' } })

describe('a schedule', () => {
  it('is made, changed, paused and removed', async () => {
    const made = await saveSchedule(db, viewer, { ...nightly, name: ' Nightly ' }, 'ada', at('01T12:00'))
    expect(made).toEqual({ ...nightly, id: made.id, enabled: true, createdBy: 'ada', nextRunAt: '2026-06-02T00:00:00.000Z', lastScan: null })
    const changed = await saveSchedule(db, viewer, { ...nightly, id: made.id, cron: '30 3 * * 0', scope: { subscriptions: [subscriptionA] } }, 'bob', at('01T12:00'))
    expect(changed).toMatchObject({ id: made.id, createdBy: 'ada', nextRunAt: '2026-06-07T01:30:00.000Z', scope: { subscriptions: [subscriptionA] } })
    await enableSchedule(db, viewer, made.id, false)
    expect(await listSchedules(db, viewer)).toMatchObject([{ enabled: false }])
    await removeSchedule(db, viewer, made.id)
    expect(await listSchedules(db, viewer)).toEqual([])
    await expect(removeSchedule(db, viewer, made.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('has a name of its own', async () => {
    const { id } = await saveSchedule(db, viewer, nightly, 'ada')
    await expect(saveSchedule(db, viewer, nightly, 'ada')).rejects.toMatchObject({ code: 'conflict' })
    await saveSchedule(db, viewer, { ...nightly, id }, 'ada')
    const elsewhere: Viewer = { estateId: await newEstate(db, 'schedules-elsewhere'), subscriptions: 'all' }
    await expect(getSchedule(db, elsewhere, id)).rejects.toMatchObject({ code: 'not-found' })
    await saveSchedule(db, elsewhere, nightly, 'ada')
  })

  it('of other subscriptions is not for a narrowed viewer', async () => {
    const narrow: Viewer = { ...viewer, subscriptions: [subscriptionA] }
    await saveSchedule(db, viewer, nightly, 'ada')
    await saveSchedule(db, viewer, { ...nightly, name: 'B', scope: { subscriptions: [subscriptionB] } }, 'ada')
    await saveSchedule(db, narrow, { ...nightly, name: 'A', scope: { subscriptions: [subscriptionA.toUpperCase()] } }, 'ada')
    expect((await listSchedules(db, narrow)).map((row) => row.name)).toEqual(['A'])
    await expect(saveSchedule(db, narrow, { ...nightly, name: 'all' }, 'ada')).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a run', () => {
  it('is queued when it is due, once, with scope and mode', async () => {
    await saveSchedule(db, viewer, { ...nightly, mode: 'incremental', scope: { managementGroup: 'mg-prod' } }, 'ada', at('01T12:00'))
    expect(await due('01T23:59')).toBeNull()
    const queued = await due('02T00:00')
    expect(queued).toMatchObject({ schedule: 'Nightly' })
    const scan = await db.scan.findUniqueOrThrow({ where: { id: queued?.scanId ?? '' } })
    expect(scan).toMatchObject({ status: 'queued', mode: 'incremental', scope: { managementGroup: 'mg-prod' }, requestedBy: 'schedule Nightly' })
    expect(await listSchedules(db, viewer)).toMatchObject([{ nextRunAt: '2026-06-03T00:00:00.000Z', lastScan: { scanId: queued?.scanId, status: 'queued' } }])
    await endScans()
    expect(await due('02T00:01')).toBeNull()
  })

  it('that was missed is made up once, however many were missed', async () => {
    await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    expect(await due('09T08:00')).not.toBeNull()
    await endScans()
    expect(await due('09T08:05')).toBeNull()
    expect(await listSchedules(db, viewer)).toMatchObject([{ nextRunAt: '2026-06-10T00:00:00.000Z' }])
  })

  it('that fell into a pause is not made up', async () => {
    const { id } = await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    await enableSchedule(db, viewer, id, false, at('01T13:00'))
    expect(await due('05T00:00')).toBeNull()
    await enableSchedule(db, viewer, id, true, at('05T12:00'))
    expect(await due('05T12:00')).toBeNull()
    expect(await due('06T00:00')).not.toBeNull()
  })

  it('waits for a scan that is going on, and then comes', async () => {
    await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    await beginScan(db, viewer.estateId)
    expect(await due('02T00:00')).toBeNull()
    await endScans()
    expect(await due('02T00:20')).not.toBeNull()
  })

  it('that waits is not lost by a change of anything but its times', async () => {
    const { id } = await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    await beginScan(db, viewer.estateId)
    expect(await due('02T00:00')).toBeNull()
    const renamed = { ...nightly, id, name: 'Every night', mode: 'incremental' as const, scope: { subscriptions: [subscriptionA] } }
    expect(await saveSchedule(db, viewer, renamed, 'bob', at('02T00:10'))).toMatchObject({ nextRunAt: '2026-06-02T00:00:00.000Z' })
    await endScans()
    expect(await due('02T00:20')).toMatchObject({ schedule: 'Every night' })
    await saveSchedule(db, viewer, { ...renamed, cron: '0 4 * * *' }, 'bob', at('03T00:10'))
    expect(await saveSchedule(db, viewer, { ...renamed, cron: '0 4 * * *', timeZone: 'UTC' }, 'bob', at('03T00:10'))).toMatchObject({ nextRunAt: '2026-06-03T04:00:00.000Z' })
  })

  it('of two schedules at one time comes one after the other', async () => {
    await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    await saveSchedule(db, viewer, { ...nightly, name: 'Earlier', cron: '0 1 * * *' }, 'ada', at('01T12:00'))
    expect(await due('02T00:00')).toMatchObject({ schedule: 'Earlier' })
    expect(await due('02T00:00')).toBeNull()
    await endScans()
    expect(await due('02T00:00')).toMatchObject({ schedule: 'Nightly' })
  })

  it('is queued once by many workers', async () => {
    await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    const answers = await Promise.all(Array.from({ length: 6 }, () => due('02T00:00')))
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    expect(await db.scan.count({ where: { estateId: viewer.estateId } })).toBe(1)
  })

  it('that nobody took after a minute is found', async () => {
    await saveSchedule(db, viewer, nightly, 'ada', at('01T12:00'))
    const queued = await due('02T00:00')
    expect(await waitingScans(db, viewer.estateId)).toEqual([])
    expect(await waitingScans(db, viewer.estateId, new Date(Date.now() + 61_000))).toEqual([queued?.scanId])
  })
})
