import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from './client'
import { isDatabaseLost } from './connection'
import { sessionTimes } from './held-session'
import { newEstate } from './testing/sample-estate'
import { acquireScanLock } from './scan-lock'
import { openParts, partsMissed, partsToRead, partStates, leavePart, notePartMissed, saveMissed, savePartError, savePartRead, settlePartMissed, closePartInventory, takePart } from './scan-parts'
import { claimScan, createScan, requestCancel, saveWorkDone } from './scans'
import { administrate, createTestDatabase, type TestDatabase } from './testing'
import { startProxy } from './testing/proxy'
import { announceWorker, leaderlessScans, missingWorkers, otherWorkersLive, takeFromDead } from './worker-life'

Object.assign(sessionTimes, { sayEveryMs: 250, silentSeconds: 5 })

let test: TestDatabase
let db: Database
let estates = 0
beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())

const tenant = { tenantId: 'Tenant', isDemo: false }
const job = '00000000-0000-4000-8000-000000000001'
const subscription = (subscriptionId: string) => ({ subscriptionId, displayName: subscriptionId, state: 'Enabled', tenantId: 't' })

/** A running scan of two subscriptions. */
async function running() {
  const estateId = await newEstate(db, `workers-${++estates}`)
  const { scanId, seq } = await createScan(db, estateId, { scope: {}, mode: 'full', requestedBy: 'Ada' })
  await claimScan(db, scanId)
  await openParts(db, seq, { scanned: [subscription('A'), subscription('b')], lost: [subscription('lost')] })
  return { estateId, scanId, seq }
}

describe('a part', () => {
  it('is to be read until it was, whichever attempt read it', async () => {
    const { seq } = await running()
    expect(await partsToRead(db, seq)).toEqual({ left: 2, error: null })
    await savePartRead(db, seq, 'a', true)
    await closePartInventory(db, seq, 'B', 'unread', false)
    expect(await partsToRead(db, seq)).toEqual({ left: 0, error: null })
    await openParts(db, seq, { scanned: [subscription('a'), subscription('b')], lost: [] })
    expect(Object.fromEntries(await partStates(db, seq))).toMatchObject({ a: { inventory: 'open', read: true, carriesOver: true }, b: { inventory: 'open', read: false } })
    await closePartInventory(db, seq, 'a', 'complete', true)
    expect(await partsToRead(db, seq)).toEqual({ left: 2, error: null })
  })

  it('is not taken when it was read, or when the scan shall end', async () => {
    const { estateId, scanId, seq } = await running()
    expect(await takePart(db, seq, 'A', 1, job)).toBe(true)
    await savePartRead(db, seq, 'a', false)
    expect(await takePart(db, seq, 'a', 1, job)).toBe(false)
    await requestCancel(db, { estateId, subscriptions: 'all' }, scanId)
    expect(await takePart(db, seq, 'b', 1, job)).toBe(false)
  })

  it('tells what ended its reading', async () => {
    const { seq } = await running()
    await savePartError(db, seq, 'b', { message: 'No.', remedy: "It's \0 hopeless." })
    expect((await partsToRead(db, seq)).error).toEqual({ message: 'No.', remedy: "It's  hopeless." })
  })

  it('keeps what has changed, each once, and the scan what of it no log told', async () => {
    const { seq } = await running()
    const change = (subject: string) => ({ subject, source: 'diagnostic-settings' as const })
    await notePartMissed(db, seq, 'A', [change('/x')])
    await notePartMissed(db, seq, 'a', [change('/x'), change('/y')])
    await notePartMissed(db, seq, 'b', [change('/z\0')])
    await notePartMissed(db, seq, 'of another scan', [change('/w')])
    expect(await partsMissed(db, seq)).toEqual(new Map([['a', [change('/x'), change('/y')]], ['b', [change('/z')]]]))
    await settlePartMissed(db, seq, 'b', null)
    await settlePartMissed(db, seq, 'a', [change('/x')])
    expect(await saveMissed(db, seq)).toEqual({ missed: 1, perhapsMissed: 1 })
    expect((await db.scan.findUniqueOrThrow({ where: { seq } })).missed).toEqual([change('/y'), { ...change('/z'), perhaps: true }])
  })

  it('lists the first thousand of what has changed, and counts all', async () => {
    const { seq } = await running()
    const changes = (from: number) => Array.from({ length: 700 }, (_, n) => ({ subject: `/${from + n}`, source: 'diagnostic-settings' as const }))
    await notePartMissed(db, seq, 'a', changes(0))
    await notePartMissed(db, seq, 'a', changes(700))
    await notePartMissed(db, seq, 'b', changes(1400))
    await settlePartMissed(db, seq, 'a', [])
    expect(await saveMissed(db, seq)).toEqual({ missed: 2_100, perhapsMissed: 0 })
    const { missed } = await db.scan.findUniqueOrThrow({ where: { seq } })
    expect(missed).toHaveLength(1_000)
    expect(missed).toContainEqual(changes(999)[0])
  })
})

describe('a worker', () => {
  it('that dies gives its parts back, and nobody else does', async () => {
    const { seq } = await running()
    const [dying, living] = [await announceWorker(test.url, tenant), await announceWorker(test.url, tenant)]
    await takePart(db, seq, 'a', dying.worker, job)
    await takePart(db, seq, 'b', living.worker, job.replace(/1$/, '2'))
    const both = [dying.worker, living.worker]
    expect(await missingWorkers(db, seq)).toEqual([])
    expect(await takeFromDead(db, seq, both)).toEqual([])
    expect(await otherWorkersLive(db, tenant, living.worker)).toBe(true)
    await dying.end()
    await expect.poll(() => otherWorkersLive(db, tenant, living.worker)).toBe(false)
    expect(await missingWorkers(db, seq)).toEqual([dying.worker])
    expect(await takeFromDead(db, seq, [living.worker])).toEqual([])
    expect(await takeFromDead(db, seq, both)).toEqual([job])
    expect(await takeFromDead(db, seq, both)).toEqual([])
    await living.end()
  })

  it('that nobody has heard of for long does not live, and neither does its leading', { timeout: 120_000 }, async () => {
    const { estateId, scanId, seq } = await running()
    const proxy = await startProxy(test.url)
    const [away, living] = [await announceWorker(proxy.url, tenant), await announceWorker(test.url, tenant)]
    const lock = await acquireScanLock(db, proxy.url, estateId, scanId)
    await takePart(db, seq, 'a', away.worker, job)
    await db.scan.update({ where: { seq }, data: { heartbeatAt: new Date(Date.now() - 60_000) } })
    expect(await leaderlessScans(db, estateId)).toEqual([])
    expect(await acquireScanLock(db, test.url, estateId, scanId)).toBeNull()
    proxy.silence()
    await expect.poll(() => lock?.lost.aborted, { timeout: 60_000 }).toBe(true)
    expect(isDatabaseLost(lock?.lost.reason)).toBe(true)
    await expect.poll(() => leaderlessScans(db, estateId), { timeout: 60_000 }).toEqual([scanId])
    await expect.poll(() => missingWorkers(db, seq), { timeout: 60_000 }).toEqual([away.worker])
    expect(await otherWorkersLive(db, tenant, living.worker)).toBe(false)
    const taken = await acquireScanLock(db, test.url, estateId, scanId)
    expect(taken).not.toBeNull()
    expect(await leaderlessScans(db, estateId)).toEqual([])
    await Promise.all([taken?.release(), lock?.release()])
    await proxy.close()
    await Promise.all([away.end(), living.end()])
  })

  it('of another estate does not go on with the scans of this one', async () => {
    const [worker, demo] = [await announceWorker(test.url, tenant), await announceWorker(test.url, { ...tenant, isDemo: true })]
    expect(await otherWorkersLive(db, tenant, worker.worker)).toBe(false)
    const same = await announceWorker(test.url, { tenantId: 'TENANT', isDemo: false })
    expect(await otherWorkersLive(db, tenant, worker.worker)).toBe(true)
    for (const life of [worker, demo, same]) await life.end()
  })

  it('whose connection breaks shows soon again that it lives', async () => {
    const [worker, other] = [await announceWorker(test.url, tenant), await announceWorker(test.url, tenant)]
    await administrate(`select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.objid = ${worker.worker}`)
    await expect.poll(() => otherWorkersLive(db, tenant, other.worker), { timeout: 120_000 }).toBe(true)
    await Promise.all([worker.end(), other.end()])
  })

  it('hears what the others have done, and that the scan shall end', async () => {
    const { estateId, scanId, seq } = await running()
    const done = (total: number, readsPlanned: number, readsDone: number) => ({ requests: { total, throttled: 1, retried: 0 }, readsPlanned, readsDone })
    expect(await saveWorkDone(db, seq, 1, done(5, 9, 4))).toEqual({ others: { requests: { total: 0, throttled: 0, retried: 0 }, readsPlanned: 0, readsDone: 0 }, stop: false })
    await saveWorkDone(db, seq, 2, done(6, 8, 7))
    expect(await saveWorkDone(db, seq, 3, done(1, 1, 1))).toEqual({ others: { requests: { total: 11, throttled: 2, retried: 0 }, readsPlanned: 17, readsDone: 11 }, stop: false })
    // What a dead one had planned is planned by others.
    await db.scanWorker.updateMany({ where: { scanSeq: seq, worker: 1 }, data: { seenAt: new Date(Date.now() - 3_600_000) } })
    expect((await saveWorkDone(db, seq, 3, done(1, 1, 1))).others).toMatchObject({ readsPlanned: 12, readsDone: 11 })
    const met = { timedOut: 1, circuitsOpened: 2, tokensRenewed: 3, batches: 4, pausedMs: 5_000_000_000 }
    const few = { total: 1, throttled: 0, retried: 0 }
    await saveWorkDone(db, seq, 1, { ...done(5, 9, 4), requests: { ...few, ...met, mostAtOnce: 48 } })
    await saveWorkDone(db, seq, 2, { ...done(5, 9, 4), requests: { ...few, ...met, mostAtOnce: 20 } })
    expect((await saveWorkDone(db, seq, 3, done(1, 1, 1))).others.requests).toEqual({
      total: 2, throttled: 0, retried: 0, timedOut: 2, circuitsOpened: 4, tokensRenewed: 6, batches: 8, pausedMs: 10_000_000_000, mostAtOnce: 48,
    })
    await requestCancel(db, { estateId, subscriptions: 'all' }, scanId)
    expect((await saveWorkDone(db, seq, 3, done(1, 1, 1))).stop).toBe(true)
  })
})

describe('the requests of a scan', () => {
  const done = (total: number) => ({ requests: { total, throttled: 0, retried: 0 }, readsPlanned: 0, readsDone: 0 })
  const known = async (seq: number) => (await saveWorkDone(db, seq, 9, done(0))).others.requests

  it('are all counted where an attempt ended as it should, and at least so many where it was killed', async () => {
    const { scanId, seq } = await running()
    await saveWorkDone(db, seq, 1, done(5))
    await saveWorkDone(db, seq, 1, done(6), true)
    await claimScan(db, scanId, { interrupted: true })
    expect(await known(seq)).toEqual({ total: 6, throttled: 0, retried: 0 })
    // Worker 9 asked last, and its row is open.
    await claimScan(db, scanId, { interrupted: true })
    expect(await known(seq)).toEqual({ total: 6, throttled: 0, retried: 0, atLeast: true })
  })

  it('are at least so many once a part is taken from a worker that died, and all where it was left', async () => {
    const { seq } = await running()
    const [a, b] = ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002']
    expect(await takePart(db, seq, 'a', 1, a)).toBe(true)
    await leavePart(db, seq, 'a', 1)
    expect(await takePart(db, seq, 'a', 2, a)).toBe(true)
    expect((await known(seq)).atLeast).toBeUndefined()
    expect(await takeFromDead(db, seq, [1, 2])).toEqual([a])
    expect((await known(seq)).atLeast).toBe(true)

    await db.scan.update({ where: { seq }, data: { countsAtLeast: false } })
    expect(await takePart(db, seq, 'b', 1, b)).toBe(true)
    expect(await takePart(db, seq, 'b', 1, b)).toBe(true)
    expect((await known(seq)).atLeast).toBeUndefined()
    expect(await takePart(db, seq, 'b', 2, b)).toBe(true)
    expect((await known(seq)).atLeast).toBe(true)
  })
})

describe('a scan', () => {
  it('is without a leader when its lock is free and nothing was heard of it', async () => {
    const { estateId, scanId, seq } = await running()
    expect(await leaderlessScans(db, estateId)).toEqual([])
    await db.scan.update({ where: { seq }, data: { heartbeatAt: new Date(Date.now() - 60_000) } })
    expect(await leaderlessScans(db, estateId)).toEqual([scanId])
    const lock = await acquireScanLock(db, test.url, estateId, scanId)
    expect(await leaderlessScans(db, estateId)).toEqual([])
    await lock?.release()
    expect(lock?.lost.aborted).toBe(false)
  })

  it('is told when its lock goes with the connection', async () => {
    const { estateId, scanId } = await running()
    const lock = await acquireScanLock(db, test.url, estateId, scanId)
    await administrate(`select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.objid = ${estateId} and l.objsubid = 2`)
    await expect.poll(() => lock?.lost.aborted).toBe(true)
  })
})
