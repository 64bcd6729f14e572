import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScanSummary } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { streamFindings, type FindingFilters } from './finding-rows'
import { storeFindings } from './findings'
import { saveFacts } from './facts'
import { toResourceKey } from '@/lib/domain/arm-id'
import { getOverview } from './overview'
import { getResource } from './resource-detail'
import { finding, newEstate, beginScan, scanOnce, storePart, subscriptionA, subscriptionB, subscriptions, vault } from './testing/sample-estate'
import { countScans, getScan, getScanProgress, listScans, resolveScan, scanningState } from './scan-rows'
import { finishScan } from './scan-ends'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let all: Viewer
let onlyB: Viewer
let first: { scanId: string; seq: number }
let second: { scanId: string; seq: number }
const a1 = vault(subscriptionA, 'kv-a1')
const a2 = vault(subscriptionA, 'kv-A2')
const b1 = vault(subscriptionB, 'kv-b1')
const tenant = { ...finding(a1, 'fail', { check: 'entra-log-export' }), resourceId: '/tenants/tenant', subscriptionId: null }

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  const estateId = await newEstate(db)
  all = { estateId, subscriptions: 'all' }
  onlyB = { estateId, subscriptions: [subscriptionB] }
  first = await scanOnce(db, estateId, [
    { subscriptionId: subscriptionA, resources: [a1, a2], findings: [finding(a1, 'fail'), finding(a2, 'pass')] },
    { subscriptionId: subscriptionB, resources: [b1], findings: [finding(b1, 'pass')] },
  ])
  second = await beginScan(db, estateId)
  await storePart(db, estateId, second.seq, { subscriptionId: subscriptionA, resources: [a1, a2], findings: [finding(a1, 'pass'), finding(a2, 'unknown')] })
  await storePart(db, estateId, second.seq, { subscriptionId: subscriptionB, resources: [b1], findings: [finding(b1, 'fail'), finding(b1, 'pass', { check: 'kept', keyPoint: 'log-retention' })] })
  await storeFindings(db, estateId, second.seq, null, [[tenant]])
  const summary: ScanSummary = {
    schemaVersion: 1, scanId: second.scanId, status: 'succeeded', mode: 'full', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:01:00.000Z',
    subscriptions: subscriptions.map(({ subscriptionId, displayName }) => ({ subscriptionId, displayName, status: 'succeeded', reason: null })),
    resources: 3, requests: { total: 7, throttled: 0, retried: 0 }, score: 50, coverage: 80, keyPoints: [],
  }
  await finishScan(db, second.seq, { status: 'succeeded', summary, central: { ids: [], basis: 'none' }, resources: 3, score: 50, coverage: 80, error: null })
})
afterAll(() => test.drop())

async function stream(viewer: Viewer, scanId: string, filters: FindingFilters = {}): Promise<string[]> {
  const rows: string[] = []
  for await (const page of streamFindings(db, viewer, scanId, filters)) rows.push(...page.map((f) => `${f.resourceName} ${f.check} ${f.verdict}`))
  return rows
}

describe('streamFindings', () => {
  it('gives what held at a scan, then and now, in order of lower-case id and check', async () => {
    expect(await stream(all, first.scanId)).toEqual(['kv-a1 resource-audit-logs fail', 'kv-A2 resource-audit-logs pass', 'kv-b1 resource-audit-logs pass'])
    expect(await stream(all, 'latest')).toEqual([
      'kv-a1 resource-audit-logs pass', 'kv-A2 resource-audit-logs unknown', 'kv-b1 kept pass', 'kv-b1 resource-audit-logs fail', 'tenant entra-log-export fail',
    ])
  })

  it('filters by verdict, key point and subscription', async () => {
    expect(await stream(all, 'latest', { verdicts: ['fail'] })).toEqual(['kv-b1 resource-audit-logs fail', 'tenant entra-log-export fail'])
    expect(await stream(all, 'latest', { keyPoints: ['log-retention'] })).toEqual(['kv-b1 kept pass'])
    expect(await stream(all, 'latest', { subscriptions: [subscriptionB.toUpperCase()], verdicts: ['fail'] })).toEqual(['kv-b1 resource-audit-logs fail'])
  })

  it('shows a narrowed viewer only their subscriptions', async () => {
    expect(await stream(onlyB, 'latest')).toEqual(['kv-b1 kept pass', 'kv-b1 resource-audit-logs fail'])
    expect(await stream(onlyB, 'latest', { subscriptions: [subscriptionA] })).toEqual([])
  })

  it('pages through more resources than fit in one page', async () => {
    const estateId = await newEstate(db, 'large')
    const resources = Array.from({ length: 1201 }, (_, index) => vault(subscriptionA, `kv-${index}`))
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources, findings: resources.flatMap((r) => [finding(r, 'pass', { check: 'B' }), finding(r, 'fail', { check: 'a' })]) }])
    const rows = await stream({ estateId, subscriptions: 'all' }, 'latest')
    expect(rows).toHaveLength(2402)
    expect(rows.slice(0, 3)).toEqual(['kv-0 B pass', 'kv-0 a fail', 'kv-1 B pass'])
  })
})

describe('scans', () => {
  it('are listed newest first, page by page', async () => {
    const [newest] = await listScans(db, all, { limit: 1 })
    expect(newest).toMatchObject({ scanId: second.scanId, score: 50, subscriptionsRead: 2, subscriptionsTotal: 2, requests: { total: 7 } })
    expect((await listScans(db, all, { limit: 5, skip: 1 })).map((s) => s.scanId)).toEqual([first.scanId])
    expect(await listScans(db, all, { limit: 5, skip: 2 })).toEqual([])
  })

  it('are counted and found, however many came after', async () => {
    const estateId = await newEstate(db, 'many')
    const viewer: Viewer = { estateId, subscriptions: 'all' }
    const nights = Array.from({ length: 130 }, (_, night) => new Date(Date.UTC(2026, 0, 1 + night, 2)))
    await db.scan.createMany({
      data: nights.map((startedAt, night) => ({
        id: randomUUID(), estateId, status: night % 10 === 9 ? 'failed' : 'succeeded', mode: 'full', scope: {}, requestedBy: 'test', startedAt, createdAt: startedAt,
        prunedAt: night < 5 ? startedAt : null,
      })),
    })
    const running = await beginScan(db, estateId)
    expect(await countScans(db, viewer)).toEqual({ total: 131, comparable: 125, withResults: 112 })
    const comparable = async (page: Parameters<typeof listScans>[2]) => (await listScans(db, viewer, page)).map((scan) => scan.startedAt)
    const all125 = await comparable({ limit: 200, comparable: true })
    expect(all125).toEqual(nights.slice(5).toReversed().map((night) => night.toISOString()))
    expect(await comparable({ limit: 3, comparable: true, until: new Date('2026-01-10T23:59:59Z') })).toEqual(['2026-01-10T02:00:00.000Z', '2026-01-09T02:00:00.000Z', '2026-01-08T02:00:00.000Z'])
    expect((await listScans(db, viewer, { limit: 2, skip: 129 })).map((scan) => scan.startedAt)).toEqual([nights[1], nights[0]].map((night) => night?.toISOString()))
    expect((await listScans(db, viewer, { limit: 1 }))[0]?.scanId).toBe(running.scanId)
  })

  it('say what could not be read', async () => {
    expect(await getScan(db, all, second.scanId)).toMatchObject({ unreadTotal: 1, unread: [{
      reasonCode: 'permission-denied', subscriptionId: subscriptionA, subscriptions: 1, names: ['Alpha'], ofTenant: false, permissions: ['Microsoft.Insights/diagnosticSettings/read'], findings: 1,
    }] })
    expect((await getScan(db, all, first.scanId)).unread).toEqual([])
  })

  it('say how many reasons there are, however many are listed', async () => {
    const estateId = await newEstate(db, 'unread')
    const many: Viewer = { estateId, subscriptions: 'all' }
    const { seq, scanId } = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [a1], findings: [finding(a1, 'unknown')] }])
    // The same finding in subscriptions of which there are more than are listed.
    await db.$executeRaw`insert into finding select (jsonb_populate_record(f, jsonb_build_object('subscription_id', n::text, 'check', n::text))).* from finding f, generate_series(1, 502) n where f.estate_id = ${estateId}`
    await db.$executeRaw`insert into rollup select (jsonb_populate_record(r, jsonb_build_object('key', n::text))).* from rollup r, generate_series(1, 502) n where r.scan_seq = ${seq} and r.dimension = 'subscription'`
    const { unread, unreadTotal } = await getScan(db, many, scanId)
    expect([unread.length, unreadTotal]).toEqual([500, 503])
  })

  it('tell how far they are, and which was the last to end', async () => {
    expect(await getScanProgress(db, onlyB, second.scanId)).toMatchObject({ seq: second.seq, status: 'succeeded', finishedAt: expect.any(String) })
    const estateId = await newEstate(db, 'state')
    const viewer: Viewer = { estateId, subscriptions: 'all' }
    await expect(getScanProgress(db, viewer, second.scanId)).rejects.toMatchObject({ code: 'not-found' })
    expect(await scanningState(db, viewer)).toEqual({ lastEnded: null, running: false })
    const ended = await scanOnce(db, estateId, [])
    expect(await scanningState(db, viewer)).toEqual({ lastEnded: ended.scanId, running: false })
    await beginScan(db, estateId)
    expect(await scanningState(db, viewer)).toEqual({ lastEnded: ended.scanId, running: true })
  })

  it('are another matter for a narrowed viewer', async () => {
    const scan = await getScan(db, onlyB, second.scanId)
    expect(scan).toMatchObject({ score: 50, coverage: 100, resources: 1, subscriptionsTotal: 1, unread: [] })
    expect(scan.parts.map((part) => part.displayName)).toEqual(['beta'])
    expect(scan.summary).toMatchObject({ resources: 1, subscriptions: [{ displayName: 'beta' }], keyPoints: [{ keyPoint: 'audit-logging', fail: 1 }, { keyPoint: 'log-retention', pass: 1 }] })
  })

  it('of other estates, unknown and malformed ids are not found', async () => {
    const elsewhere: Viewer = { estateId: await newEstate(db, 'elsewhere'), subscriptions: 'all' }
    for (const id of [second.scanId, 'latest', 'nonsense', '00000000-0000-4000-8000-000000000000']) {
      await expect(resolveScan(db, elsewhere, id)).rejects.toMatchObject({ code: 'not-found' })
    }
    await expect(getScan(db, elsewhere, second.scanId)).rejects.toMatchObject({ code: 'not-found' })
    expect(await getOverview(db, elsewhere)).toMatchObject({ scan: null, keyPoints: [], previousScore: null })
  })
})

describe('the overview', () => {
  it('counts the last finished scan', async () => {
    const overview = await getOverview(db, all)
    expect(overview).toMatchObject({ counts: { pass: 2, fail: 2, unknown: 1, notApplicable: 0 }, previousScore: 50, scan: { scanId: second.scanId } })
    expect(overview.keyPoints).toHaveLength(10)
    expect(overview.keyPoints.find((k) => k.keyPoint === 'audit-logging')).toMatchObject({ counts: { pass: 1, fail: 2, unknown: 1 }, score: 33.3, failsBySeverity: { high: 2 } })
    expect(overview.subscriptions.map((s) => [s.displayName, s.score, s.keyPoints])).toEqual([
      ['Alpha', 100, { 'audit-logging': 100 }], ['beta', 50, { 'audit-logging': 0, 'log-retention': 100 }],
    ])
    expect(overview.worst).toEqual([
      { check: 'entra-log-export', keyPoint: 'audit-logging', severity: 'high', fails: 1, gain: 25 },
      { check: 'resource-audit-logs', keyPoint: 'audit-logging', severity: 'high', fails: 1, gain: 25 },
    ])
  })

  it('counts for a narrowed viewer only what they see', async () => {
    const overview = await getOverview(db, onlyB)
    expect(overview).toMatchObject({ counts: { pass: 1, fail: 1, unknown: 0, notApplicable: 0 }, previousScore: 100 })
    expect(overview.worst).toEqual([{ check: 'resource-audit-logs', keyPoint: 'audit-logging', severity: 'high', fails: 1, gain: 50 }])
    expect(overview.checks.map((check) => check.check)).toEqual(['resource-audit-logs', 'kept'])
    expect(overview.subscriptions.map((s) => s.displayName)).toEqual(['beta'])
  })
})

describe('one resource', () => {
  it('is found in any casing, with its findings and what was read of it', async () => {
    await saveFacts(db, all.estateId, second.seq, [{ subject: toResourceKey(a1.id), source: 'diagnostic-settings', subscriptionId: subscriptionA, readAt: '2026-01-01T00:00:00.000Z', read: { ok: true, value: [] } }])
    expect(await getResource(db, all, `${a1.id.toUpperCase()}/`)).toMatchObject({
      resourceId: a1.id, subscriptionName: 'Alpha', present: true, tags: { env: 'prod' }, findings: [{ check: 'resource-audit-logs', verdict: 'pass' }],
      facts: [{ source: 'diagnostic-settings', api: 'Microsoft.Insights/diagnosticSettings 2021-05-01-preview', status: 'ok', content: [] }], central: { basis: 'none' },
    })
    expect(await getResource(db, all, '/tenants/TENANT')).toMatchObject({ subscriptionId: null, findings: [{ check: 'entra-log-export' }] })
  })

  it('is not found by those who may not see it, as if it did not exist', async () => {
    for (const id of [a1.id, '/tenants/tenant', `/subscriptions/${subscriptionA}`, 'nonsense', '']) {
      await expect(getResource(db, onlyB, id)).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})
