import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScanScope } from '@/lib/domain/scan'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { markGone, saveScopes } from './resources'
import { beginScan, finding, newEstate, scanOnce, storePart, subscriptionA, subscriptionB, subscriptions, vault, type Part } from './testing/sample-estate'
import { finishScan } from './scan-ends'
import { createTestDatabase, type TestDatabase } from './testing'
import { markSubscriptionDeleted, saveManagementGroups } from './subscriptions'
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
  expect(await trendSubjects(db, estate, { since: day(0), until: day(2) })).toEqual({
    subscriptions: [{ subscriptionId: subscriptionA, displayName: 'Alpha', deleted: false }, { subscriptionId: subscriptionB, displayName: 'beta', deleted: false }],
    managementGroups: [
      { name: 'platform', displayName: 'platform', deleted: false, subscriptions: [subscriptionB] }, { name: 'root', displayName: 'root', deleted: false, subscriptions: [subscriptionA, subscriptionB] },
    ],
    types: ['microsoft.keyvault/vaults'],
  })
  const narrow: Viewer = { ...estate, subscriptions: [subscriptionA] }
  expect(await figures({ since: day(0), of: { kind: 'management-group', name: 'root' } }, narrow)).toEqual([[0, 0, 100, 1], [1, 0, 100, 1], [2, 100, 100, 0]])
  expect(await figures({ since: day(0), of: { kind: 'type', type: 'microsoft.keyvault/vaults' } }, narrow)).toEqual([])
  expect(await trendSubjects(db, narrow, { since: day(0), until: day(2) })).toMatchObject({ subscriptions: [{ subscriptionId: subscriptionA }], managementGroups: [], types: [] })
})

it('gives those of a management group from scans of it and of a group above it, where there is none of everything', async () => {
  const estateId = await newEstate(db, 'group-scans')
  const estate: Viewer = { estateId, subscriptions: 'all' }
  await scanOnce(db, estateId, [])
  await saveManagementGroups(db, estateId, [{ subscriptionId: subscriptionA, groups: ['Landing', 'Platform', 'root'] }, { subscriptionId: subscriptionB, groups: ['Platform', 'root'] }])
  await db.scan.deleteMany({ where: { estateId } })
  const scoped = async (scope: ScanScope, index: number, parts: Part[]) => {
    const { seq } = await scanOnce(db, estateId, parts, day(index))
    await db.scan.update({ where: { seq }, data: { scope: { ...scope } } })
  }
  await scoped({ managementGroup: 'PLATFORM' }, 0, [partA('fail'), partB('pass')])
  await scoped({ managementGroup: 'landing' }, 1, [partA('pass')])
  await scoped({ subscriptions: [subscriptionA] }, 2, [partA('fail')])

  const daysOf = async (name: string) => (await figures({ since: day(0), of: { kind: 'management-group', name } }, estate)).map(([index]) => index)
  expect(await figures({ since: day(0) }, estate)).toEqual([])
  expect(await daysOf('platform')).toEqual([0])
  // What is below it was judged with it; of what is above it, a part alone was.
  expect(await daysOf('Landing')).toEqual([0, 1])
  expect(await daysOf('root')).toEqual([])
  const { managementGroups, types } = await trendSubjects(db, estate, { since: day(0), until: day(2) })
  expect(managementGroups.map(({ name }) => name)).toEqual(['landing', 'platform'])
  expect(types).toEqual([])
})

it('can be asked of what was deleted since the span began, and of the types that were judged in it', async () => {
  const estateId = await newEstate(db, 'deleted-subjects')
  const estate: Viewer = { estateId, subscriptions: 'all' }
  const site = vault(subscriptionB, 'site', { type: 'microsoft.web/sites' })
  const group = { id: '/providers/Microsoft.Management/managementGroups/Old', name: 'Old', displayName: 'The old one', parentId: null }
  const first = await scanOnce(db, estateId, [partA('fail'), { subscriptionId: subscriptionB, resources: [site], findings: [finding(site, 'fail')] }], new Date('2026-01-31T02:00:00Z'))
  await saveScopes(db, estateId, first.seq, { tenantId: 'tenant', subscriptions, managementGroups: [group] })
  const second = await beginScan(db, estateId)
  await db.scan.update({ where: { seq: second.seq }, data: { startedAt: new Date('2026-02-01T02:00:00Z') } })
  const { id } = await db.resource.findFirstOrThrow({ where: { estateId, resourceId: group.id } })
  await markGone(db, second.seq, [id])
  await markSubscriptionDeleted(db, estateId, second.seq, subscriptionB)
  await storePart(db, estateId, second.seq, partA('pass'))
  await finishScan(db, second.seq, { status: 'succeeded', summary: null, central: null, resources: 1, score: 50, coverage: 100, error: null })
  await db.subscription.updateMany({ where: { estateId, subscriptionId: subscriptionB }, data: { lastSeenSeq: first.seq } })

  const subjects = async (since: string, until = '2026-03-01') => {
    const found = await trendSubjects(db, estate, { since: new Date(since), until: new Date(until) })
    return [found.subscriptions.map((one) => [one.displayName, one.deleted]), found.managementGroups.map((one) => [one.displayName, one.deleted]), found.types]
  }
  expect(await subjects('2026-01-01')).toEqual([[['Alpha', false], ['beta', true]], [['The old one', true]], ['microsoft.keyvault/vaults', 'microsoft.web/sites']])
  expect(await subjects('2026-02-01')).toEqual([[['Alpha', false]], [['The old one', true]], ['microsoft.keyvault/vaults']])
  expect(await subjects('2026-02-15')).toEqual([[['Alpha', false]], [], ['microsoft.keyvault/vaults']])
  expect(await figures({ since: new Date('2026-01-01'), of: { kind: 'subscription', subscriptionId: subscriptionB } }, estate)).toEqual([[30, 0, 100, 1]])
})
