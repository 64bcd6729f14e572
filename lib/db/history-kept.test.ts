import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { Fact } from '@/lib/domain/fact'
import type { ScanScope } from '@/lib/domain/scan'
import type { TrendSubject } from '@/lib/domain/trend'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { saveChanges } from './changes'
import type { Database } from './client'
import { countChanges } from './comparisons'
import { listChanges } from './diff'
import { saveFacts } from './facts'
import { gapTurnover } from './gap-history'
import { getHistoryKept, pruneHistory, setHistoryDays, shortenedTo } from './history-kept'
import { getResource } from './resource-detail'
import { finding, newEstate, scanOnce, subscriptionA, vault } from './testing/sample-estate'
import { openDiff, scanBefore } from './scan-pairs'
import { createTestDatabase, type TestDatabase } from './testing'
import { getTrend } from './trends'

let test: TestDatabase
let db: Database
let viewer: Viewer
let estates = 0

const kept = vault(subscriptionA, 'kept')
const gone = vault(subscriptionA, 'gone')
const now = new Date('2026-06-30T12:00:00Z')

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `history-${++estates}`), subscriptions: 'all' }
})

/** A scan that began on that day of 2026, as `02-28`; it always fails `other`. */
async function scan(day: string, verdict: Verdict, more: { withGone?: boolean; status?: string; scope?: ScanScope } = {}) {
  const resources = more.withGone ? [kept, gone] : [kept]
  const { seq, scanId } = await scanOnce(db, viewer.estateId, [{ subscriptionId: subscriptionA, resources, findings: [
    finding(kept, verdict), finding(kept, 'fail', { check: 'other' }), ...(more.withGone ? [finding(gone, 'fail')] : []),
  ] }], new Date(`2026-${day}T02:00:00Z`))
  if (more.status) await db.scan.update({ where: { seq }, data: { status: more.status } })
  if (more.scope) await db.scan.update({ where: { seq }, data: { scope: { ...more.scope } } })
  return { seq, scanId, day }
}

const daysOf = async () => (await db.scan.findMany({ where: { estateId: viewer.estateId }, orderBy: { seq: 'asc' } }))
  .map((row) => `${row.startedAt?.toISOString().slice(5, 10)}${row.prunedAt === null ? '' : ' pruned'}`)

it('keeps recent scans in full, and of older ones the last of each month by its figures', async () => {
  const first = await scan('01-01', 'pass', { withGone: true })
  await scan('01-10', 'fail', { withGone: true })
  const january = await scan('01-31', 'pass')
  await scan('02-01', 'fail', { status: 'failed' })
  await scan('02-02', 'pass')
  const recent = await scan('06-01', 'fail')
  const last = await scan('06-02', 'fail')
  const turnover = async () => (await gapTurnover(db, viewer, new Date(0), now)).map(({ keyPoint, opened, closed }) => ({ keyPoint, opened, closed }))
  const turned = await turnover()
  expect(turned).toEqual([{ keyPoint: 'audit-logging', opened: 3, closed: 2 }])
  await setHistoryDays(db, viewer, 60, 'ada', true)
  expect(await pruneHistory(db, viewer.estateId, now)).toEqual({ scans: 2, findings: 6 })
  expect(await turnover()).toEqual(turned)
  // The first stays because `other` fails since then.
  expect(await daysOf()).toEqual(['01-01 pruned', '01-31 pruned', '02-02 pruned', '06-01', '06-02'])

  for (const subscriptions of ['all', [subscriptionA]] as const) {
    const trend = await getTrend(db, { ...viewer, subscriptions }, { since: new Date('2026-01-01') })
    expect(trend.map((point) => point.at.slice(5, 10))).toEqual(['01-31', '02-02', '06-01', '06-02'])
  }
  const { findings, history } = await getResource(db, viewer, kept.id)
  expect(findings.find((row) => row.check === 'other')?.since.slice(0, 10)).toBe('2026-01-01')
  expect(history.other?.openSince?.slice(0, 10)).toBe('2026-01-01')
  await expect(getResource(db, viewer, gone.id)).rejects.toMatchObject({ code: 'not-found' })
  await expect(openDiff(db, viewer, january.scanId, last.scanId)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('only the figures are kept') })
  await expect(openDiff(db, viewer, first.scanId, last.scanId)).rejects.toMatchObject({ code: 'conflict' })
  expect(await scanBefore(db, viewer, recent.scanId)).toBeNull()
  expect(await scanBefore(db, viewer, last.scanId)).toBe(recent.scanId)
  // What only pruned findings said is gone too; what open ones say stays.
  expect((await db.judgement.findMany({ where: { estateId: viewer.estateId } })).map(({ reason }) => reason)).toEqual(['It is fail.'])
  expect(await getHistoryKept(db, viewer)).toMatchObject({ days: 60, scans: 5, oldestAt: '2026-06-01T02:00:00.000Z', prunedAt: now.toISOString() })

  await pruneHistory(db, viewer.estateId, new Date(now.getTime() + 2 * 86_400_000))
  expect(await turnover()).toEqual(turned)
})

it('keeps the last of each month for every scope, so that none takes the months of another', async () => {
  const ofA = { scope: { subscriptions: [subscriptionA] } }
  const ofGroup = { scope: { managementGroup: 'mg-prod' } }
  await scan('01-10', 'fail')
  await scan('01-11', 'fail', ofA)
  await scan('01-30', 'pass')
  await scan('01-31', 'unknown', ofA)
  await scan('02-02', 'fail', ofGroup)
  await scan('02-03', 'pass')
  await scan('02-04', 'pass', { ...ofA, status: 'failed' })
  await scan('06-01', 'fail')
  await scan('06-02', 'fail')
  const turnover = await gapTurnover(db, viewer, new Date(0), now)
  await setHistoryDays(db, viewer, 60, 'ada', true)
  await pruneHistory(db, viewer.estateId, now)
  const daysOfTrend = async (of?: TrendSubject) => (await getTrend(db, viewer, { since: new Date('2026-01-01'), of })).map((point) => point.at.slice(5, 10))
  expect(await daysOfTrend()).toEqual(['01-30', '02-03', '06-01', '06-02'])
  expect(await daysOfTrend({ kind: 'subscription', subscriptionId: subscriptionA })).toEqual(['01-30', '01-31', '02-02', '02-03', '06-01', '06-02'])
  expect(await gapTurnover(db, viewer, new Date(0), now)).toEqual(turnover)
})

it('keeps since when a gap is open that went out of sight, and what changed between the scans that are left', async () => {
  await scan('01-01', 'pass')
  await scan('01-10', 'fail')
  await scan('01-20', 'unknown')
  await scan('02-10', 'fail')
  const oldest = await scan('05-20', 'unknown')
  const middle = await scan('06-01', 'fail')
  const last = await scan('06-02', 'pass')
  const figures = async () => {
    const [wide, narrow] = [await openDiff(db, viewer, oldest.scanId, last.scanId), await openDiff(db, viewer, middle.scanId, last.scanId)]
    const rows = await listChanges(db, viewer, wide, {}, { page: 1, pageSize: 10 })
    return {
      wide: (await countChanges(db, viewer, wide)).map(({ kind, count }) => [kind, count]), narrow: (await countChanges(db, viewer, narrow)).map(({ kind, count }) => [kind, count]),
      rows: rows.map(({ kind, wasGap }) => [kind, wasGap]), turnover: await gapTurnover(db, viewer, new Date('2026-05-01'), now),
    }
  }
  const before = await figures()
  expect(before).toMatchObject({ wide: [['gained-sight', 1]], narrow: [['closed-gap', 1]], rows: [['gained-sight', true]] })
  // Open since the tenth of January, over two losses of sight.
  expect(before.turnover.map(({ closed, openSeconds }) => [closed, openSeconds / 86_400])).toEqual([[1, 143]])
  await setHistoryDays(db, viewer, 60, 'ada', true)
  await pruneHistory(db, viewer.estateId, now)
  expect(await db.comparison.count({ where: { estateId: viewer.estateId } })).toBe(2)
  await db.comparison.deleteMany({ where: { estateId: viewer.estateId } })
  expect(await figures()).toEqual(before)
  await scan('06-10', 'fail')
  await scan('06-20', 'unknown')
  await pruneHistory(db, viewer.estateId, new Date('2026-08-25T12:00:00Z'))
  expect(await db.comparison.count({ where: { estateId: viewer.estateId } })).toBe(0)
  const { history } = await getResource(db, viewer, kept.id)
  expect(history['resource-audit-logs']?.openSince?.slice(5, 10)).toBe('06-10')
})

it('prunes what activity logs told', async () => {
  const told = (eventId: string, at: string) => ({ eventId, subject: toResourceKey(kept.id), operation: 'microsoft.insights/diagnosticsettings/write', caller: 'ada', at })
  await saveChanges(db, viewer.estateId, [told('old', '2026-03-01T00:00:00Z'), told('new', '2026-06-01T00:00:00Z')])
  await setHistoryDays(db, viewer, 60, 'ada', true)
  await pruneHistory(db, viewer.estateId, now)
  expect(await db.change.findMany({ where: { estateId: viewer.estateId }, select: { eventId: true } })).toEqual([{ eventId: 'new' }])
})

it('prunes what was read of resources that are gone for a month, and nothing else', async () => {
  const away = vault(subscriptionA, 'away')
  const read = (subject: string, source: Fact['source'] = 'diagnostic-settings'): Fact =>
    ({ subject: toResourceKey(subject), source, subscriptionId: subscriptionA, read: { ok: false, reason: 'api-error', detail: 'No.', status: 500, code: null, action: null }, readAt: now.toISOString() })
  const category = 'microsoft.keyvault/vaults@westeurope'
  const first = await scan('02-01', 'pass', { withGone: true })
  // What no inventory ever listed, what is no resource, and what is there.
  await saveFacts(db, viewer.estateId, first.seq, [gone.id, away.id, kept.id, `/subscriptions/${subscriptionA}`, category].map((subject) => read(subject)))
  await scan('05-01', 'pass')
  const recent = await scan('06-20', 'pass', { withGone: true })
  const another = await scan('06-21', 'pass')
  const subjects = async () => (await db.fact.findMany({ where: { estateId: viewer.estateId }, orderBy: { subject: 'asc' } })).map(({ subject }) => subject)
  const all = await subjects()
  await pruneHistory(db, viewer.estateId, now)
  // It came back on the 20th and went again: gone for a week.
  expect(await subjects()).toEqual(all.filter((subject) => subject !== toResourceKey(away.id)))
  await saveFacts(db, viewer.estateId, recent.seq, [read(away.id)])
  await scan('07-30', 'pass')
  await pruneHistory(db, viewer.estateId, new Date('2026-07-31T12:00:00Z'))
  expect(another.seq).toBeGreaterThan(recent.seq)
  expect(await subjects()).toEqual([toResourceKey(kept.id), `/subscriptions/${subscriptionA}`, toResourceKey(category)].map(String).sort())
})

it('prunes once a day, and what became old since', async () => {
  await scan('01-10', 'pass')
  await scan('01-20', 'fail')
  await scan('06-01', 'pass')
  await setHistoryDays(db, viewer, 165, 'ada', true)
  expect(await pruneHistory(db, viewer.estateId, now)).toEqual({ scans: 0, findings: 1 })
  expect(await pruneHistory(db, viewer.estateId, new Date(now.getTime() + 3_600_000))).toBeNull()
  const later = new Date(now.getTime() + 9 * 86_400_000)
  expect(await pruneHistory(db, viewer.estateId, later)).toEqual({ scans: 0, findings: 1 })
  expect(await daysOf()).toEqual(['01-10 pruned', '01-20 pruned', '06-01'])
})

it('never prunes the last scan with results, nor another estate', async () => {
  await scan('01-10', 'pass')
  await scan('01-20', 'fail', { status: 'failed' })
  const other: Viewer = { estateId: await newEstate(db, 'history-other'), subscriptions: 'all' }
  expect(await pruneHistory(db, other.estateId, now)).toEqual({ scans: 0, findings: 0 })
  await setHistoryDays(db, viewer, 30, 'ada', true)
  expect(await pruneHistory(db, viewer.estateId, now)).toEqual({ scans: 0, findings: 0 })
  expect(await daysOf()).toEqual(['01-10', '01-20'])
})

it.each([29, 3_651, 40.5, Number.NaN])('refuses to keep history for %d days', async (days) => {
  await expect(setHistoryDays(db, viewer, days, 'ada', true)).rejects.toMatchObject({ code: 'invalid' })
})

it('is shortened by whoever says so, after being told what goes, and tells who it was', async () => {
  for (const day of ['01-10', '02-10', '06-01', '06-29']) await scan(day, 'pass')
  expect(await shortenedTo(db, viewer, 500, now)).toBeNull()
  expect(await shortenedTo(db, viewer, 60, now)).toEqual({ scans: 2, before: '2026-05-01T12:00:00.000Z' })
  await expect(shortenedTo(db, viewer, 29, now)).rejects.toMatchObject({ code: 'invalid' })
  await expect(setHistoryDays(db, viewer, 60, 'eve')).rejects.toMatchObject({ code: 'conflict', remedy: 'Confirm the shorter time.' })
  expect(await getHistoryKept(db, viewer, now)).toMatchObject({ days: 400, setBy: null })
  await setHistoryDays(db, viewer, 60, 'ada', true, now)
  await setHistoryDays(db, viewer, 60, 'eve')
  expect(await getHistoryKept(db, viewer, now)).toMatchObject({ days: 60, setBy: { username: 'ada', at: now.toISOString() } })
  await setHistoryDays(db, viewer, 90, 'bob', false, now)
  expect(await getHistoryKept(db, viewer, now)).toMatchObject({ days: 90, setBy: { username: 'bob' } })
  await pruneHistory(db, viewer.estateId, now)
  expect(await shortenedTo(db, viewer, 60, now)).toMatchObject({ scans: 0 })
})

it('keeps 400 days unless told otherwise', async () => {
  expect(await getHistoryKept(db, viewer)).toMatchObject({ days: 400, prunedAt: null, scans: 0, oldestAt: null, growth: null, predicted: null })
})

it('tells how the database grows with each scan, and to what', async () => {
  const ended = async (day: string, databaseBytes: bigint) => {
    const { seq } = await scan(day, 'pass')
    expect((await db.scan.findUniqueOrThrow({ where: { seq } })).databaseBytes).toBeGreaterThan(1_000_000n)
    await db.scan.update({ where: { seq }, data: { finishedAt: new Date(`2026-${day}T02:10:00Z`), databaseBytes } })
  }
  await ended('06-10', 100_000_000n)
  expect(await getHistoryKept(db, viewer, now)).toMatchObject({ growth: null, predicted: null })
  await ended('06-11', 101_000_000n)
  await ended('06-12', 104_000_000n)
  const { growth, predicted, databaseBytes } = await getHistoryKept(db, viewer, new Date('2026-06-20T02:00:00Z'))
  expect(growth).toEqual({ scans: 2, bytesPerScan: 2_000_000, bytesPerDay: 2_000_000 })
  expect(predicted).toEqual({ days: 400, bytes: databaseBytes + 390 * 2_000_000 })
})
