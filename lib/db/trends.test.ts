import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { finding, newEstate, scanOnce, subscriptionA, subscriptionB, vault, type Part } from './sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'
import { saveManagementGroups } from './subscriptions'
import { getTrend, trendSubjects } from './trends'

let test: TestDatabase
let db: Database
let viewer: Viewer

const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index, 2))
const a = vault(subscriptionA, 'a')
const b = vault(subscriptionB, 'b')
const partA = (verdict: Verdict): Part => ({ subscriptionId: subscriptionA, resources: [a], findings: [finding(a, verdict)] })
const partB = (verdict: Verdict): Part => ({ subscriptionId: subscriptionB, resources: [b], findings: [finding(b, verdict, { check: 'kept', keyPoint: 'log-retention', severity: 'low' })] })

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  viewer = { estateId: await newEstate(db), subscriptions: 'all' }
  const nights: [Part[], object][] = [
    [[partA('fail'), partB('pass')], {}],
    [[partA('pass'), partB('unknown')], { status: 'partial' }],
    [[partA('fail')], { scope: { subscriptions: [subscriptionA] } }],
    [[partA('unknown'), partB('fail')], { status: 'failed' }],
    [[partA('pass'), partB('pass')], {}],
  ]
  for (const [index, [parts, data]] of nights.entries()) {
    const { seq } = await scanOnce(db, viewer.estateId, parts)
    await db.scan.update({ where: { seq }, data: { startedAt: day(index), ...data } })
  }
})
afterAll(() => test.drop())

const figures = async (filter: Parameters<typeof getTrend>[2], eyes = viewer) =>
  (await getTrend(db, eyes, filter)).map((point) => [new Date(point.at).getUTCDate() - 1, point.score, point.coverage, point.fails])

it('gives score and coverage of each scan of everything that has results', async () => {
  expect(await figures({ since: day(0) })).toEqual([[0, 14.3, 100, 1], [1, 100, 50, 0], [4, 100, 100, 0]])
  expect(await figures({ since: day(1) })).toEqual([[1, 100, 50, 0], [4, 100, 100, 0]])
  const [first, second] = await getTrend(db, viewer, { since: day(0) })
  expect(first).toMatchObject({ status: 'succeeded', keyPoints: { 'audit-logging': { score: 0, coverage: 100, fails: 1 }, 'log-retention': { score: 100 } } })
  expect(second).toMatchObject({ status: 'partial', keyPoints: { 'log-retention': { score: null, coverage: 0, fails: 0 } } })
})

it('gives those of one subscription, from every scan that judged it', async () => {
  expect(await figures({ since: day(0), of: { kind: 'subscription', subscriptionId: subscriptionA.toUpperCase() } })).toEqual([[0, 0, 100, 1], [1, 100, 100, 0], [2, 0, 100, 1], [4, 100, 100, 0]])
})

it('gives a narrowed viewer nothing of other subscriptions', async () => {
  const narrow: Viewer = { ...viewer, subscriptions: [subscriptionB] }
  expect(await figures({ since: day(0) }, narrow)).toEqual([[0, 100, 100, 0], [1, null, 0, 0], [4, 100, 100, 0]])
  expect(await figures({ since: day(0), of: { kind: 'subscription', subscriptionId: subscriptionA } }, narrow)).toEqual([])
})

it('gives those of a management group and of a resource type, from scans of everything', async () => {
  const estate: Viewer = { estateId: await newEstate(db, 'trend-subjects'), subscriptions: 'all' }
  await scanOnce(db, estate.estateId, [partA('fail'), partB('pass')], day(0))
  await saveManagementGroups(db, estate.estateId, [{ subscriptionId: subscriptionA, groups: ['Platform', 'root'] }, { subscriptionId: subscriptionB, groups: ['root'] }])
  await scanOnce(db, estate.estateId, [partA('fail'), partB('pass')], day(1))
  // What is below a group changes nothing of what was.
  await saveManagementGroups(db, estate.estateId, [{ subscriptionId: subscriptionA, groups: ['root'] }, { subscriptionId: subscriptionB, groups: ['Platform', 'root'] }])
  await scanOnce(db, estate.estateId, [partA('pass'), partB('unknown')], day(2))

  expect(await figures({ since: day(0), of: { kind: 'management-group', name: 'PLATFORM' } }, estate)).toEqual([[1, 0, 100, 1], [2, null, 0, 0]])
  expect(await figures({ since: day(0), until: day(1), of: { kind: 'management-group', name: 'root' } }, estate)).toEqual([[1, 14.3, 100, 1]])
  expect(await figures({ since: day(0), of: { kind: 'type', type: 'Microsoft.KeyVault/vaults' } }, estate)).toEqual([[0, 14.3, 100, 1], [1, 14.3, 100, 1], [2, 100, 50, 0]])
  expect(await trendSubjects(db, estate)).toEqual({
    subscriptions: [{ subscriptionId: subscriptionA, displayName: 'Alpha' }, { subscriptionId: subscriptionB, displayName: 'beta' }],
    managementGroups: [{ name: 'platform', displayName: 'platform', subscriptions: [subscriptionB] }, { name: 'root', displayName: 'root', subscriptions: [subscriptionA, subscriptionB] }],
    types: ['microsoft.keyvault/vaults'],
  })
  const narrow: Viewer = { ...estate, subscriptions: [subscriptionA] }
  expect(await figures({ since: day(0), of: { kind: 'management-group', name: 'root' } }, narrow)).toEqual([[0, 0, 100, 1], [1, 0, 100, 1], [2, 100, 100, 0]])
  expect(await figures({ since: day(0), of: { kind: 'type', type: 'microsoft.keyvault/vaults' } }, narrow)).toEqual([])
  expect(await trendSubjects(db, narrow)).toMatchObject({ subscriptions: [{ subscriptionId: subscriptionA }], managementGroups: [], types: [] })
})
