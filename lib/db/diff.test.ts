import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import { summaryOf, type ChangeKind } from '@/lib/domain/diff'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { saveChanges } from './changes'
import { countChanges } from './comparisons'
import { listChanges, streamChanges } from './diff'
import { beginScan, finding, newEstate, scanOnce, storePart, subscriptionA, subscriptionB, vault, type Part } from './testing/sample-estate'
import { markSubscriptionDeleted } from './subscriptions'
import { notCompared, openDiff, scanBefore } from './scan-pairs'
import { createTestDatabase, type TestDatabase } from './testing'
import { streamUnseenGaps } from './unseen-gaps'

let test: TestDatabase
let db: Database
let viewer: Viewer
let estates = 0

const kv = vault(subscriptionA, 'kv-One')
const other = vault(subscriptionA, 'kv-other')
const inB = vault(subscriptionB, 'kv-b')

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `diff-${++estates}`), subscriptions: 'all' }
})

const partA = (...findings: ReturnType<typeof finding>[]): Part => ({ subscriptionId: subscriptionA, resources: [kv, other], findings: [finding(other, 'pass'), ...findings] })
const partB = (...findings: ReturnType<typeof finding>[]): Part => ({ subscriptionId: subscriptionB, resources: [inB], findings })
const scan = (...parts: Part[]) => scanOnce(db, viewer.estateId, parts)

async function changes(from: { scanId: string }, to: { scanId: string }, eyes = viewer) {
  const pair = await openDiff(db, eyes, from.scanId, to.scanId)
  const rows = await listChanges(db, eyes, pair, {}, { page: 1, pageSize: 100 })
  const streamed = []
  for await (const page of streamChanges(db, eyes, pair)) streamed.push(...page)
  expect(streamed).toEqual(rows)
  const counted = (await countChanges(db, eyes, pair)).reduce((sum, row) => sum + row.count, 0)
  expect(counted).toBe(rows.length)
  return rows
}

const kinds = async (from: { scanId: string }, to: { scanId: string }, eyes = viewer) => (await changes(from, to, eyes)).map((change) => [change.kind, change.resourceName])

describe('what became of one finding', () => {
  it.each<[Verdict, Verdict, ChangeKind]>([
    ['pass', 'fail', 'new-gap'],
    ['not-applicable', 'fail', 'new-gap'],
    ['fail', 'pass', 'closed-gap'],
    ['fail', 'not-applicable', 'closed-gap'],
    ['pass', 'not-applicable', 'reason-changed'],
    ['not-applicable', 'pass', 'reason-changed'],
    ['pass', 'unknown', 'lost-sight'],
    ['fail', 'unknown', 'lost-sight'],
    ['not-applicable', 'unknown', 'lost-sight'],
    ['unknown', 'pass', 'gained-sight'],
    ['unknown', 'fail', 'gained-sight'],
    ['unknown', 'not-applicable', 'gained-sight'],
  ])('from %s to %s is %s', async (before, after, kind) => {
    const [a, b] = [await scan(partA(finding(kv, before))), await scan(partA(finding(kv, after)))]
    expect(await changes(a, b)).toEqual([{
      kind, subscriptionId: subscriptionA, resourceId: kv.id, keyPoint: 'audit-logging', check: 'resource-audit-logs',
      before: { verdict: before, reason: `It is ${before}.` }, after: { verdict: after, reason: `It is ${after}.` }, changedBy: null,
      severity: 'high', resourceType: kv.type, resourceName: 'kv-One', subscriptionName: 'Alpha', resourceGone: false, wasGap: before === 'fail',
    }])
    expect(await kinds(a, a)).toEqual([])
  })

  it('names who last wrote its settings between the two scans', async () => {
    const [a, b] = [await scan(partA(finding(kv, 'pass'))), await scan(partA(finding(kv, 'fail')))]
    const { startedAt } = await db.scan.findUniqueOrThrow({ where: { id: a.scanId } })
    const event = (eventId: string, caller: string, ms: number, subject = kv.id) => ({ eventId, caller, subject: toResourceKey(subject), operation: 'microsoft.insights/diagnosticsettings/delete', at: new Date((startedAt?.getTime() ?? 0) + ms).toISOString() })
    await saveChanges(db, viewer.estateId, [event('before', 'eve@example.com', -60_000), event('first', 'ada@example.com', 1), event('last', 'bob@example.com', 2), event('else', 'carl@example.com', 2, other.id)])
    await saveChanges(db, viewer.estateId, [event('last', 'bob@example.com', 2)])
    expect((await changes(a, b))[0]?.changedBy).toEqual({ caller: 'bob@example.com', at: event('last', '', 2).at, operation: 'microsoft.insights/diagnosticsettings/delete' })
    expect((await changes(b, a))[0]?.changedBy).toMatchObject({ caller: 'bob@example.com' })
    const [c, d] = [await scan(partA(finding(kv, 'pass', { keyPoint: 'antimalware-logging', check: 'machine-antimalware' }))), await scan(partA(finding(kv, 'fail', { keyPoint: 'antimalware-logging', check: 'machine-antimalware' })))]
    expect((await changes(c, d))[0]?.changedBy).toBeNull()
  })

  it.each<[check: string, keyPoint: KeyPoint, author: string | null]>([
    ['resource-audit-logs', 'audit-logging', 'ada'], ['firewall-dns-logs', 'dns-query-logging', 'ada'], ['log-access-audited', 'log-review', 'ada'],
    ['workspace-retention', 'log-retention', 'bob'], ['security-contact', 'anomaly-alerts', 'eve'],
    ['sql-audit-actions', 'audit-logging', null], ['defender-plan-servers', 'anomaly-alerts', null], ['machine-antimalware', 'antimalware-logging', null],
  ])('names for %s whoever did what decides it, whatever others did to the resource later', async (check, keyPoint, author) => {
    const of = (verdict: Verdict) => scan(partA(finding(kv, verdict, { keyPoint, check })))
    const [a, b] = [await of('pass'), await of('fail')]
    const { startedAt } = await db.scan.findUniqueOrThrow({ where: { id: a.scanId } })
    const did = (caller: string, operation: string, ms: number) => ({ eventId: caller + operation, caller, subject: toResourceKey(kv.id), operation, at: new Date((startedAt?.getTime() ?? 0) + ms).toISOString() })
    await saveChanges(db, viewer.estateId, [
      did('old', 'microsoft.insights/diagnosticsettings/write', 1), did('ada', 'microsoft.insights/diagnosticsettings/delete', 2), did('bob', 'microsoft.operationalinsights/workspaces/write', 3),
      did('carl', 'microsoft.security/pricings/write', 4), did('eve', 'microsoft.security/securitycontacts/write', 5), did('dan', 'microsoft.sql/servers/databases/auditingsettings/write', 1),
    ])
    expect((await changes(a, b))[0]?.changedBy?.caller ?? null).toBe(author)
  })

  it.each<Verdict>(['fail', 'pass', 'unknown'])('another reason for the same %s is a changed reason', async (verdict) => {
    const [a, b] = [await scan(partA(finding(kv, verdict, { reason: 'One.' }))), await scan(partA(finding(kv, verdict, { reason: 'Two.' })))]
    expect(await kinds(a, b)).toEqual([['reason-changed', 'kv-One']])
  })

  it('other evidence or severity alone is none', async () => {
    const a = await scan(partA(finding(kv, 'fail', { evidence: { a: 1 } })))
    const b = await scan(partA(finding(kv, 'fail', { evidence: { a: 2 }, severity: 'low' })))
    expect(await kinds(a, b)).toEqual([])
  })

  it('what came and went between the two is none', async () => {
    const a = await scan(partA(finding(kv, 'fail')))
    await scan(partA(finding(kv, 'pass')))
    await scan(partA())
    const b = await scan(partA(finding(kv, 'fail')))
    expect(await kinds(a, b)).toEqual([])
  })

  it('the other way round, it is the other way round', async () => {
    const [a, b] = [await scan(partA(finding(kv, 'pass'))), await scan(partA(finding(kv, 'fail')))]
    expect(await changes(b, a)).toMatchObject([{ kind: 'closed-gap', before: { verdict: 'fail' }, after: { verdict: 'pass' } }])
  })
})

describe('what appears and vanishes', () => {
  it('a resource that is new, and one that is gone', async () => {
    const a = await scan(partA())
    const b = await scan(partA(finding(kv, 'fail')))
    const c = await scan({ subscriptionId: subscriptionA, resources: [other], findings: [finding(other, 'pass')] })
    expect(await changes(a, b)).toMatchObject([{ kind: 'appeared', before: null, after: { verdict: 'fail' } }])
    expect(await changes(b, c)).toMatchObject([{ kind: 'vanished', before: { verdict: 'fail' }, after: null }])
    expect(await kinds(a, c)).toEqual([])
    expect(await kinds(c, b)).toEqual([['appeared', 'kv-One']])
  })

  it('nothing, of what a scan stored in two attempts and took back', async () => {
    const a = await scan(partA(finding(kv, 'fail')))
    const { scanId, seq } = await beginScan(db, viewer.estateId)
    await storePart(db, viewer.estateId, seq, partA(finding(kv, 'pass', { reason: 'Not so.' })))
    await storePart(db, viewer.estateId, seq, { subscriptionId: subscriptionA, resources: [other], findings: [finding(other, 'fail')] })
    await storePart(db, viewer.estateId, seq, partA(finding(kv, 'fail')))
    await db.scan.update({ where: { seq }, data: { status: 'succeeded' } })
    expect(await kinds(a, { scanId })).toEqual([])
    expect(await db.transition.count({ where: { estateId: viewer.estateId } })).toBe(0)
  })

  it('what comes back to a subscription that had nothing left', async () => {
    const a = await scan(partA(finding(kv, 'fail')))
    await scan({ subscriptionId: subscriptionA, resources: [], findings: [] })
    const b = await scan(partA(finding(kv, 'pass')))
    expect(await kinds(a, b)).toEqual([['closed-gap', 'kv-One']])
  })

  it('all of a subscription that Azure says is deleted, and nothing of one that was not asked for', async () => {
    const a = await scan(partA(finding(kv, 'fail')), partB(finding(inB, 'fail')))
    const { scanId, seq } = await beginScan(db, viewer.estateId)
    await db.scan.update({ where: { seq }, data: { status: 'succeeded' } })
    await markSubscriptionDeleted(db, viewer.estateId, seq, subscriptionB)
    expect(await kinds(a, { scanId })).toEqual([['vanished', 'kv-b']])
  })
})

describe('scans of different scopes', () => {
  it('a subscription that one of the two did not judge is no change', async () => {
    const full = await scan(partA(finding(kv, 'fail')), partB(finding(inB, 'pass')))
    const next = await scan(partA(finding(kv, 'fail')), partB(finding(inB, 'fail')))
    const scoped = await scan(partA(finding(kv, 'pass')))
    const last = await scan(partA(finding(kv, 'pass')), partB(finding(inB, 'fail')))
    expect(await kinds(full, scoped)).toEqual([['closed-gap', 'kv-One']])
    expect(await kinds(scoped, last)).toEqual([])
    expect(await kinds(full, last)).toEqual([['closed-gap', 'kv-One'], ['new-gap', 'kv-b']])
    expect(await kinds(next, last)).toEqual([['closed-gap', 'kv-One']])
    expect(await notCompared(db, viewer, await openDiff(db, viewer, full.scanId, scoped.scanId))).toEqual(['beta'])
    expect(await notCompared(db, viewer, await openDiff(db, viewer, full.scanId, last.scanId))).toEqual([])
  })

  it('the scan before is the last with results, of the same scope where there is one', async () => {
    const first = await scan(partA())
    const scoped = await scan(partA())
    await db.scan.update({ where: { seq: scoped.seq }, data: { scope: { subscriptions: [subscriptionA] } } })
    const failed = await scan(partA())
    await db.scan.update({ where: { seq: failed.seq }, data: { status: 'failed' } })
    const last = await scan(partA())
    expect(await scanBefore(db, viewer, first.scanId)).toBeNull()
    expect(await scanBefore(db, viewer, scoped.scanId)).toBe(first.scanId)
    expect(await scanBefore(db, viewer, last.scanId)).toBe(first.scanId)
    expect(await scanBefore(db, viewer, 'latest')).toBe(first.scanId)
  })
})

it('tells of what a scan in between saw of a gap that is out of sight since, in the parts that are compared', async () => {
  const a = await scan(partA(finding(kv, 'pass')), partB(finding(inB, 'pass')))
  const failed = await scan(partA(finding(kv, 'fail')), partB(finding(inB, 'fail')))
  await db.scan.update({ where: { seq: failed.seq }, data: { status: 'failed' } })
  const b = await scan(partA(finding(kv, 'unknown')), partB(finding(inB, 'unknown')))
  const c = await scan(partA(finding(kv, 'unknown')))
  expect(await kinds(a, b)).toEqual([['lost-sight', 'kv-One'], ['lost-sight', 'kv-b']])
  const unseen = async (from: { scanId: string }, to: { scanId: string }, parts = {}) => {
    const rows = []
    for await (const page of streamUnseenGaps(db, viewer, await openDiff(db, viewer, from.scanId, to.scanId), parts)) rows.push(...page)
    return rows.map((row) => [row.kind, row.resourceName, row.before?.verdict, row.after?.verdict])
  }
  expect(await unseen(a, b)).toEqual([['new-gap', 'kv-One', 'pass', 'fail'], ['new-gap', 'kv-b', 'pass', 'fail']])
  expect(await unseen(a, c)).toEqual([['new-gap', 'kv-One', 'pass', 'fail']])
  expect(await unseen(a, c, { ofAllKnown: true })).toHaveLength(2)
  expect(await unseen(b, c)).toEqual([])
})

describe('looking at a part of the changes', () => {
  it('counts by kind, subscription and key point, filters and pages', async () => {
    const a = await scan(partA(finding(kv, 'pass'), finding(kv, 'fail', { check: 'kept', keyPoint: 'log-retention' })), partB(finding(inB, 'pass')))
    const b = await scan(partA(finding(kv, 'fail'), finding(kv, 'pass', { check: 'kept', keyPoint: 'log-retention' })), partB(finding(inB, 'fail')))
    const pair = await openDiff(db, viewer, a.scanId, 'latest')
    expect(pair.to.scanId).toBe(b.scanId)
    const counts = await countChanges(db, viewer, pair)
    expect(counts.map((c) => [c.subscriptionName, c.keyPoint, c.kind, c.count])).toEqual([
      ['Alpha', 'audit-logging', 'new-gap', 1], ['Alpha', 'log-retention', 'closed-gap', 1], ['beta', 'audit-logging', 'new-gap', 1],
    ])
    expect(summaryOf(counts)).toEqual({ newGaps: 2, closedGaps: 1, reasonChanged: 0, appeared: 0, vanished: 0, lostSight: 0, gainedSight: 0 })
    const names = async (filters: Parameters<typeof listChanges>[3], page = 1, pageSize = 10) =>
      (await listChanges(db, viewer, pair, filters, { page, pageSize })).map((row) => `${row.resourceName} ${row.check}`)
    expect(await names({ kinds: ['closed-gap'] })).toEqual(['kv-One kept'])
    expect(await names({ keyPoints: ['audit-logging'] })).toEqual(['kv-One resource-audit-logs', 'kv-b resource-audit-logs'])
    expect(await names({ subscriptions: [subscriptionB.toUpperCase()] })).toEqual(['kv-b resource-audit-logs'])
    expect(await names({}, 2, 2)).toEqual(['kv-b resource-audit-logs'])
  })

  it('shows a narrow viewer no other subscription', async () => {
    const [a, b] = [await scan(partA(finding(kv, 'pass')), partB(finding(inB, 'pass'))), await scan(partA(finding(kv, 'fail')), partB(finding(inB, 'fail')))]
    expect(await kinds(a, b, { ...viewer, subscriptions: [subscriptionB] })).toEqual([['new-gap', 'kv-b']])
    expect(await kinds(a, b, { ...viewer, subscriptions: [] })).toEqual([])
  })
})

it('refuses scans that are not there, of another estate, or still going', async () => {
  const a = await scan(partA())
  const elsewhere: Viewer = { estateId: await newEstate(db, 'diff-elsewhere'), subscriptions: 'all' }
  await expect(openDiff(db, elsewhere, a.scanId, 'latest')).rejects.toMatchObject({ code: 'not-found' })
  const { scanId } = await beginScan(db, viewer.estateId)
  await expect(openDiff(db, viewer, a.scanId, scanId)).rejects.toMatchObject({ code: 'conflict' })
})
