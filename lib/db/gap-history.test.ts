import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Resource } from '@/lib/domain/estate'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { listCheckGaps } from './check-gaps'
import { gapTurnover } from './gap-history'
import { getOverview } from './overview'
import { getResource } from './resource-detail'
import { beginScan, finding, newEstate, saveInventory, scanOnce, storePart, subscriptionA, subscriptionB, vault } from './testing/sample-estate'
import { storeFindings } from './findings'
import { acquireScanLock } from './scan-lock'
import { failStaleScans, finishScan, finishUnrunnableScan } from './scan-ends'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

/** One scan a day, on each an A and a B of these verdicts. */
async function nights(name: string, days: [Verdict, Verdict][]): Promise<Viewer> {
  const estateId = await newEstate(db, name)
  const [a, b] = [vault(subscriptionA, 'a'), vault(subscriptionB, 'b')]
  for (const [index, [inA, inB]] of days.entries()) {
    await scanOnce(db, estateId, [
      { subscriptionId: subscriptionA, resources: [a], findings: [finding(a, inA)] },
      { subscriptionId: subscriptionB, resources: [b], findings: [finding(b, inB, { keyPoint: 'log-retention' })] },
    ], new Date(start + index * 24 * hour))
  }
  return { estateId, subscriptions: 'all' }
}

it('tells of each check how often its gap came back', async () => {
  const viewer = await nights('came back', [['fail', 'pass'], ['pass', 'pass'], ['fail', 'pass'], ['fail', 'unknown']])
  const { history } = await getResource(db, viewer, vault(subscriptionA, 'a').id)
  const at = (day: number) => new Date(start + day * 24 * hour).toISOString()
  expect(history).toEqual({
    'resource-audit-logs': {
      openSince: at(2), timesReopened: 1,
      runs: [{ verdict: 'fail', from: at(0), to: at(1) }, { verdict: 'pass', from: at(1), to: at(2) }, { verdict: 'fail', from: at(2), to: null }],
    },
  })
})

/** What is stored, brought back to what the release before stored, is migrated to the same. */
async function expectMigrated(estateId: number): Promise<void> {
  const stored = async () => [
    await db.finding.findMany({ where: { estateId }, orderBy: [{ resourceRef: 'asc' }, { check: 'asc' }, { fromSeq: 'asc' }] }),
    await db.transition.findMany({ where: { estateId }, orderBy: [{ seq: 'asc' }, { resourceRef: 'asc' }, { check: 'asc' }] }),
    await db.gapTurnover.findMany({ where: { scan: { estateId } }, orderBy: [{ scanSeq: 'asc' }, { subscriptionId: 'asc' }, { keyPoint: 'asc' }] }),
  ]
  const before = await stored()
  await db.finding.updateMany({ where: { estateId }, data: { gapSinceSeq: null } })
  await db.$executeRaw`update transition t set before_since = o.since_seq from finding o where t.estate_id = ${estateId} and o.resource_ref = t.resource_ref and o."check" = t."check" and o.to_seq = t.seq`
  await db.gapTurnover.deleteMany({ where: { scan: { estateId } } })
  expect(await stored()).not.toEqual(before)
  for (const name of ['20261126035000_gaps_out_of_sight', '20261126050600_gaps_older_than_their_history']) {
    const migration = await readFile(`prisma/migrations/${name}/migration.sql`, 'utf8')
    for (const statement of migration.replace(/^ *--.*$/gm, '').split(';').filter((text) => text.trim() !== '' && !text.includes('ALTER TABLE'))) await db.$executeRawUnsafe(statement)
  }
  expect(await stored()).toEqual(before)
}

it('dates a gap by what is kept of its history, as the scans did', async () => {
  const estateId = await newEstate(db, 'pruned')
  const [a, b, c] = [vault(subscriptionA, 'a'), vault(subscriptionA, 'b'), vault(subscriptionA, 'c')]
  const because = (resource: Resource, reason: string) => finding(resource, 'fail', { reason })
  const days = [
    [because(a, 'first'), because(b, 'first'), finding(c, 'unknown')], [because(a, 'second'), because(b, 'second'), because(c, 'first')],
    [finding(a, 'unknown'), finding(b, 'unknown'), because(c, 'second')], [because(a, 'second'), finding(b, 'unknown'), finding(c, 'unknown')],
    [finding(a, 'pass'), because(b, 'second'), finding(c, 'unknown')], [because(a, 'second'), finding(b, 'pass'), finding(c, 'pass')],
    [finding(a, 'unknown'), finding(b, 'pass'), because(c, 'first')], [because(a, 'second'), because(b, 'first'), finding(c, 'unknown')],
  ]
  const seqs: number[] = []
  for (const [day, findings] of days.entries()) {
    seqs.push((await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [a, b, c], findings }], new Date(start + day * 24 * hour))).seq)
  }
  // As pruning leaves it, when the second scan is the oldest that is kept.
  await db.finding.deleteMany({ where: { estateId, toSeq: { lte: seqs[1] } } })
  await expectMigrated(estateId)
})

it('leaves a gap open until it is proven closed', async () => {
  const letters: Record<string, Verdict> = { F: 'fail', P: 'pass', U: 'unknown', N: 'not-applicable' }
  const cases: [days: string, openSince: number | null][] = [
    ['PPPPP', null], ['FFFFF', 0], ['PFFFF', 1], ['FPFFF', 2], ['FUUFF', 0], ['FUFUF', 0], ['FUPFF', 3], ['FPUFF', 3], ['UUFFF', 2], ['UFUFU', 1], ['FFUUU', 0], ['FUNUU', null],
    ['FF.FF', 3], ['FU.FF', 3], ['FFFF.', null], ['FU.UU', null],
  ]
  const estateId = await newEstate(db, 'open until closed')
  const resources = cases.map(([days], index) => vault(subscriptionA, `kv-${index}-${days.replaceAll('.', 'x')}`))
  for (let day = 0; day < 5; day += 1) {
    const findings = cases.flatMap(([days], index) => {
      const [verdict, resource] = [letters[days[day] ?? ''], resources[index]]
      return verdict === undefined || resource === undefined ? [] : [finding(resource, verdict)]
    })
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources, findings }], new Date(start + day * 24 * hour))
  }
  await expectMigrated(estateId)
  const at = (day: number) => new Date(start + day * 24 * hour).toISOString()
  for (const [index, [days, openSince]] of cases.entries()) {
    const { findings, history } = await getResource(db, { estateId, subscriptions: 'all' }, resources[index]?.id ?? '')
    const expected = openSince === null ? null : at(openSince)
    expect([days, history['resource-audit-logs']?.openSince]).toEqual([days, expected])
    if (days.endsWith('F')) expect([days, findings[0]?.since]).toEqual([days, expected])
  }
})

it('counts what a scan saw close that died afterwards, once', async () => {
  const viewer = await nights('died', [['fail', 'pass']])
  const { seq } = await beginScan(db, viewer.estateId)
  const part = { subscriptionId: subscriptionA, resources: [vault(subscriptionA, 'a')], findings: [finding(vault(subscriptionA, 'a'), 'pass')] }
  await storePart(db, viewer.estateId, seq, part)
  await storePart(db, viewer.estateId, seq, part)
  expect(await failStaleScans(db, viewer.estateId, -1_000)).toBe(1)
  const turned = (rows: Awaited<ReturnType<typeof gapTurnover>>) => rows.map(({ opened, closed }) => [opened, closed])
  expect(turned(await gapTurnover(db, viewer, new Date(start)))).toEqual([[0, 1]])
  await scanOnce(db, viewer.estateId, [part])
  expect(turned(await gapTurnover(db, viewer, new Date(start)))).toEqual([[0, 1]])
})

it('counts what a scan saw open and close that ended between two slices, however it ended', async () => {
  const end = { status: 'cancelled', summary: null, central: null, resources: null, score: null, coverage: null, error: null } as const
  const ways: ((seq: number, scanId: string, estateId: number) => Promise<unknown>)[] = [
    (_seq, _scanId, estateId) => failStaleScans(db, estateId, -1_000),
    (_seq, scanId) => finishUnrunnableScan(db, scanId, 'The sign-in has expired.'),
    (seq) => finishScan(db, seq, end),
    async (_seq, _scanId, estateId) => (await acquireScanLock(db, test.url, estateId))?.release(),
  ]
  for (const [index, giveUp] of ways.entries()) {
    const viewer = await nights(`between slices ${index}`, [['fail', 'pass']])
    const { estateId } = viewer
    const [a, b] = [vault(subscriptionA, 'a'), vault(subscriptionA, 'b')]
    const { seq, scanId } = await beginScan(db, estateId)
    const stopped = async function* () {
      yield [finding(a, 'pass')]
      throw new Error('stopped')
    }
    await saveInventory(db, estateId, seq, subscriptionA, [a, b])
    await expect(storeFindings(db, estateId, seq, subscriptionA, stopped())).rejects.toThrow('stopped')
    await giveUp(seq, scanId, estateId)
    const turned = async () => (await gapTurnover(db, viewer, new Date(start))).map(({ opened, closed }) => [opened, closed])
    expect(await turned()).toEqual([[0, 1]])
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [a, b], findings: [finding(a, 'pass')] }])
    expect(await turned()).toEqual([[0, 1]])
  }
})

it('counts what a process stored that slept while its scan was given up', async () => {
  const viewer = await nights('slept', [['fail', 'pass']])
  const { estateId } = viewer
  const a = vault(subscriptionA, 'a')
  const { seq } = await beginScan(db, estateId)
  await saveInventory(db, estateId, seq, subscriptionA, [a])
  const slept = async function* () {
    await failStaleScans(db, estateId, -1_000)
    yield [finding(a, 'pass')]
    throw new Error('The scan was cancelled.')
  }
  await expect(storeFindings(db, estateId, seq, subscriptionA, slept())).rejects.toThrow('cancelled')
  await finishScan(db, seq, { status: 'cancelled', summary: null, central: null, resources: null, score: null, coverage: null, error: null })
  expect(await gapTurnover(db, viewer, new Date(start))).toMatchObject([{ opened: 0, closed: 1 }])
  expect(await db.scan.findUniqueOrThrow({ where: { seq } })).toMatchObject({ status: 'failed' })
})

it('counts what opened and closed, and how long it was open', async () => {
  const viewer = await nights('turnover', [['fail', 'fail'], ['fail', 'unknown'], ['pass', 'pass'], ['fail', 'fail'], ['fail', 'fail'], ['fail', 'not-applicable']])
  const rows = (since: number, eyes = viewer) => gapTurnover(db, eyes, new Date(start + since * 24 * hour))
  const sorted = (await rows(0)).sort((x, y) => x.keyPoint.localeCompare(y.keyPoint))
  expect(sorted).toEqual([
    { keyPoint: 'audit-logging', subscriptionId: subscriptionA, opened: 1, closed: 1, openSeconds: 2 * 24 * 3600 },
    // Once after a night out of sight, which left it open.
    { keyPoint: 'log-retention', subscriptionId: subscriptionB, opened: 1, closed: 2, openSeconds: 4 * 24 * 3600 },
  ])
  expect(await rows(4)).toEqual([{ keyPoint: 'log-retention', subscriptionId: subscriptionB, opened: 0, closed: 1, openSeconds: 2 * 24 * 3600 }])
  expect(await rows(0, { ...viewer, subscriptions: [subscriptionA] })).toHaveLength(1)
  expect(await rows(100)).toEqual([])
})

it('lists the gaps of a check that a scan found, the most severe first, each since it opened', async () => {
  const viewer = await nights('gaps of a check', [['fail', 'pass'], ['unknown', 'pass'], ['fail', 'fail']])
  const at = (day: number) => new Date(start + day * 24 * hour).toISOString()
  expect(await listCheckGaps(db, viewer, 'latest', 'resource-audit-logs', 20)).toMatchObject([
    { name: 'a', subscriptionName: 'Alpha', severity: 'high', reason: 'It is fail.', openSince: at(0) },
    { name: 'b', subscriptionName: 'beta', severity: 'high', openSince: at(2) },
  ])
  expect((await listCheckGaps(db, viewer, 'latest', 'resource-audit-logs', 1)).map(({ name }) => name)).toEqual(['a'])
  expect((await listCheckGaps(db, { ...viewer, subscriptions: [subscriptionB] }, 'latest', 'resource-audit-logs', 20)).map(({ name }) => name)).toEqual(['b'])
  expect(await listCheckGaps(db, viewer, 'latest', 'another', 20)).toEqual([])
  await scanOnce(db, viewer.estateId, [{ subscriptionId: subscriptionA, resources: [vault(subscriptionA, 'a'), vault(subscriptionA, 'c')], findings: [
    finding(vault(subscriptionA, 'a'), 'fail', { severity: 'low' }), finding(vault(subscriptionA, 'c'), 'fail', { severity: 'critical' }),
  ] }], new Date(start + 3 * 24 * hour))
  expect((await listCheckGaps(db, viewer, 'latest', 'resource-audit-logs', 20)).map(({ name, severity }) => [name, severity])).toEqual([['c', 'critical'], ['a', 'low']])
})

it('lists as many gaps of a check as the overview counts, whatever the last scan was of and whatever was stored since', async () => {
  const viewer = await nights('as counted', [['fail', 'fail']])
  const gapsAndCount = async () => {
    const { scan, checks } = await getOverview(db, viewer)
    const gaps = await listCheckGaps(db, viewer, scan?.scanId ?? '', 'resource-audit-logs', 20)
    return [gaps.map(({ name }) => name), checks.find(({ check }) => check === 'resource-audit-logs')?.counts.fail]
  }
  const inA = (...verdicts: Verdict[]) => {
    const resources = verdicts.map((_, index) => vault(subscriptionA, 'abc'.charAt(index)))
    return { subscriptionId: subscriptionA, resources, findings: resources.map((resource, index) => finding(resource, verdicts[index] ?? 'pass')) }
  }
  expect(await gapsAndCount()).toEqual([['a', 'b'], 2])
  await scanOnce(db, viewer.estateId, [inA('fail', 'fail')])
  expect(await gapsAndCount()).toEqual([['a', 'b'], 2])
  expect((await listCheckGaps(db, viewer, 'latest', 'resource-audit-logs', 20)).map(({ subscriptionName }) => subscriptionName)).toEqual(['Alpha', 'Alpha'])

  const { seq } = await beginScan(db, viewer.estateId)
  await storePart(db, viewer.estateId, seq, inA('pass', 'fail', 'fail'))
  expect(await gapsAndCount()).toEqual([['a', 'b'], 2])
  await finishScan(db, seq, { status: 'cancelled', summary: null, central: null, resources: null, score: null, coverage: null, error: null })
  expect(await gapsAndCount()).toEqual([['a', 'b'], 2])
})
