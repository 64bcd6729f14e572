import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ScanProgress } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { newEstate } from './testing/sample-estate'
import { acquireScanLock } from './scan-lock'
import { failStaleScans, finishScan, finishUnrunnableScan } from './scan-ends'
import { queueScan, runningScan } from './scan-queueing'
import { claimScan, createScan, findScanJob, latestScan, leadsScan, requestCancel, saveProgress } from './scans'
import { queueDueScan, saveSchedule } from './schedules'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let estateId: number
let estates = 0

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  estateId = await newEstate(db, `scans-${++estates}`)
})

const queue = (requestedBy = 'Ada') => createScan(db, estateId, { scope: { subscriptions: ['x'] }, mode: 'full', requestedBy, delegatedSessionId: 'd' })
const progress: ScanProgress = {
  stage: 'collect', subscriptionsTotal: 2, subscriptionsDone: 1, resourcesFound: 10, readsPlanned: 20, readsDone: 5, requests: { total: 9, throttled: 1, retried: 1 },
}
const end = { summary: null, central: null, resources: 1, score: 50, coverage: 100, error: null }
const statusOf = async (scanId: string) => (await db.scan.findUniqueOrThrow({ where: { id: scanId } })).status

describe('a scan', () => {
  it('is taken by one of many', async () => {
    const { scanId, seq } = await queue()
    const claims = (await Promise.allSettled([1, 2, 3].map(() => claimScan(db, scanId)))).flatMap((c) => (c.status === 'fulfilled' && c.value ? [c.value] : []))
    expect(claims).toHaveLength(1)
    expect(claims[0]).toMatchObject({ scanId, seq, estateId, scope: { subscriptions: ['x'] }, mode: 'full', requestedBy: 'Ada', delegatedSessionId: 'd' })
  })

  it('waits while another of its estate runs', async () => {
    const [first, second] = [await queue(), await queue()]
    await claimScan(db, first.scanId)
    expect(await claimScan(db, second.scanId)).toBeNull()
    await finishScan(db, first.seq, { ...end, status: 'succeeded' })
    expect(await claimScan(db, second.scanId)).not.toBeNull()
  })

  it('that waited for a newer one comes after it', async () => {
    const [waiting, newer] = [await queue(), await queue('command')]
    await claimScan(db, newer.scanId)
    await finishScan(db, newer.seq, { ...end, status: 'succeeded' })
    const claimed = await claimScan(db, waiting.scanId)
    expect(claimed?.seq).toBeGreaterThan(newer.seq)
    expect(await latestScan(db, estateId)).toMatchObject({ scanId: waiting.scanId, seq: claimed?.seq, status: 'running' })
    // One that goes on stays where it was.
    expect(await claimScan(db, waiting.scanId, { interrupted: true })).toMatchObject({ seq: claimed?.seq, resumed: true })
  })

  it('is queued by one of many that ask, beside a schedule that is due', async () => {
    const viewer: Viewer = { estateId, subscriptions: 'all' }
    await saveSchedule(db, viewer, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'Ada', new Date('2026-06-01T12:00:00Z'))
    const ask = () => queueScan(db, estateId, { scope: {}, mode: 'full', requestedBy: 'Ada' })
    const answers = await Promise.all([ask(), ask(), queueDueScan(db, estateId), ask(), ask()])
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    expect(await db.scan.count({ where: { estateId } })).toBe(1)
  })

  it('tells its progress, and hears that somebody wants to cancel', async () => {
    const { scanId, seq } = await queue()
    await claimScan(db, scanId)
    expect(await saveProgress(db, seq, progress)).toEqual({ cancelRequested: false })
    await requestCancel(db, { estateId, subscriptions: 'all' }, scanId)
    expect(await saveProgress(db, seq, progress)).toEqual({ cancelRequested: true })
  })

  it('is cancelled at once while it waits', async () => {
    const { scanId } = await queue()
    await requestCancel(db, { estateId, subscriptions: 'all' }, scanId)
    expect(await statusOf(scanId)).toBe('cancelled')
    expect(await claimScan(db, scanId)).toBeNull()
    await expect(requestCancel(db, { estateId, subscriptions: 'all' }, scanId)).rejects.toMatchObject({ code: 'conflict' })
    await expect(requestCancel(db, { estateId: estateId + 1, subscriptions: 'all' }, scanId)).rejects.toMatchObject({ code: 'not-found' })
    await expect(requestCancel(db, { estateId, subscriptions: 'all' }, "' or 1=1")).rejects.toMatchObject({ code: 'not-found' })
  })

  it('ends once', async () => {
    const { scanId, seq } = await queue()
    await claimScan(db, scanId)
    await finishScan(db, seq, { ...end, status: 'partial' })
    await finishScan(db, seq, { ...end, status: 'failed' })
    await finishUnrunnableScan(db, scanId, 'Too late.')
    expect(await statusOf(scanId)).toBe('partial')
    // Of one that was pruned while its process hung, the figures stay as well.
    const kept = { scanSeq: seq, subscriptionId: 'x', keyPoint: 'log-review', opened: 3, closed: 2, openSeconds: 1 }
    await db.gapTurnover.create({ data: kept })
    await db.scan.update({ where: { seq }, data: { prunedAt: new Date() } })
    await finishScan(db, seq, { ...end, status: 'failed' })
    expect(await db.gapTurnover.findMany({ where: { scanSeq: seq } })).toEqual([kept])
    expect(await latestScan(db, estateId)).toEqual({ scanId, seq, status: 'partial' })
  })

  it('that cannot be started says why', async () => {
    const { scanId } = await queue()
    expect(await findScanJob(db, scanId)).toEqual({ estateId, status: 'queued', delegatedSessionId: 'd', judgesAgain: null })
    await finishUnrunnableScan(db, scanId, 'The sign-in has expired.')
    expect(await db.scan.findUniqueOrThrow({ where: { id: scanId } })).toMatchObject({ status: 'failed', error: 'The sign-in has expired.' })
    expect(await findScanJob(db, scanId)).toBeNull()
  })
})

describe('a scan whose process died', () => {
  it('is failed when it was silent for too long, and its process learns of it', async () => {
    const { scanId, seq } = await queue()
    await claimScan(db, scanId)
    expect(await failStaleScans(db, estateId, 60_000)).toBe(0)
    expect(await runningScan(db, estateId)).toEqual({ scanId, status: 'running' })
    await db.scan.update({ where: { seq }, data: { heartbeatAt: new Date(Date.now() - 400_000) } })
    expect(await runningScan(db, estateId)).toBeNull()
    expect(await statusOf(scanId)).toBe('failed')
    expect(await saveProgress(db, seq, progress)).toEqual({ cancelRequested: true })
  })

  it('is not failed while its process is silent and alive, as when it writes its last figures', async () => {
    const { scanId, seq } = await queue()
    await claimScan(db, scanId)
    const lock = await acquireScanLock(db, test.url, estateId, scanId)
    await db.scan.update({ where: { seq }, data: { heartbeatAt: new Date(Date.now() - 400_000) } })
    expect(await runningScan(db, estateId)).toEqual({ scanId, status: 'running' })
    await lock?.release()
    await expect.poll(() => runningScan(db, estateId)).toBeNull()
  })

  it('belongs to whoever took it last', async () => {
    const { scanId, seq } = await queue()
    const first = await claimScan(db, scanId)
    const second = await claimScan(db, scanId, { interrupted: true })
    if (first === null || second === null) throw new Error('the scan should have been taken twice')
    expect(await Promise.all([leadsScan(db, first), leadsScan(db, second)])).toEqual([false, true])
    expect(await saveProgress(db, seq, progress, second.attempt)).toEqual({ cancelRequested: false })
    expect(await saveProgress(db, seq, { ...progress, stage: 'finish' }, first.attempt)).toEqual({ cancelRequested: true })
    await finishScan(db, seq, { ...end, status: 'cancelled' }, first.attempt)
    expect(await db.scan.findUniqueOrThrow({ where: { seq } })).toMatchObject({ status: 'running', progress: { stage: 'collect' } })
    await finishScan(db, seq, { ...end, status: 'succeeded' }, second.attempt)
    expect(await statusOf(scanId)).toBe('succeeded')
  })

  it('is failed by whoever gets the right to scan next', async () => {
    const running = await queue()
    await claimScan(db, running.scanId)
    const [ofCommand, ofPerson] = [await queue('command'), await queue()]
    const lock = await acquireScanLock(db, test.url, estateId)
    expect(await acquireScanLock(db, test.url, estateId)).toBeNull()
    expect(await Promise.all([running, ofCommand, ofPerson].map((scan) => statusOf(scan.scanId)))).toEqual(['failed', 'failed', 'queued'])
    await lock?.release()
    const again = await acquireScanLock(db, test.url, estateId)
    expect(again).not.toBeNull()
    await again?.release()
  })
})
