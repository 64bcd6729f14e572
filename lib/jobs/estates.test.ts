import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { acquireScanLock, claimScan, createScan, ensureEstate, type Database } from '@/lib/db'
import { openParts } from '@/lib/db/scan-parts'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { KeypointError } from '@/lib/errors'
import { openQueue, sendPart, type ScanJob } from './queue'
import { requestScan } from './request-scan'
import { startWorker } from './worker'

/** The demo may have a tenant's own id: only `isDemo` tells them apart then. */
const real = { tenantId: 'Contoso.onmicrosoft.com', isDemo: false }
const demo = { ...real, isDemo: true }
const patience = { timeout: 60_000, interval: 100 }

let test: TestDatabase
let db: Database
let estates: Record<'real' | 'demo', number>
let connected: string[]
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
beforeEach(async () => {
  connected = []
  await db.scan.deleteMany()
  const ensure = async (key: typeof real) => (await ensureEstate(db, { ...key, cloud: 'AzureCloud', displayName: null })).estateId
  estates = { real: await ensure(real), demo: await ensure(demo) }
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})
afterAll(() => test.drop())

/** A worker that reads one estate, and cannot: a scan that it takes fails at once. */
async function start(name: 'real' | 'demo') {
  const worker = await startWorker({
    ...(name === 'real' ? real : demo), db, databaseUrl: test.url, policyPath: null,
    connect: async () => {
      connected.push(name)
      throw new KeypointError('unavailable', `Read by the ${name} worker.`, 'None.')
    },
  })
  stops.push(() => worker.stop())
}

const request = async (name: 'real' | 'demo') => (await requestScan({ viewer: { estateId: estates[name], subscriptions: 'all' }, requestedBy: 'Ada', mode: 'full', scope: {} }, { db, url: test.url })).scanId
const stateOf = async (scanId: string) => {
  const { status, error } = await db.scan.findUniqueOrThrow({ where: { id: scanId } })
  return { status, error }
}

it('leaves the scans of another estate to its own workers', { timeout: 120_000 }, async () => {
  const [ofDemo, ofReal] = [await request('demo'), await request('real')]
  await start('real')
  await expect.poll(() => stateOf(ofReal), patience).toEqual({ status: 'failed', error: 'Read by the real worker.' })
  expect(await stateOf(ofDemo)).toEqual({ status: 'queued', error: null })
  await start('demo')
  await expect.poll(() => stateOf(ofDemo), patience).toEqual({ status: 'failed', error: 'Read by the demo worker.' })
  expect(connected).toEqual(['real', 'demo'])
})

it('leaves parts of a scan of another estate to its own workers', { timeout: 120_000 }, async () => {
  const { scanId, seq } = await createScan(db, estates.real, { scope: {}, mode: 'full', requestedBy: 'Ada' })
  await claimScan(db, scanId)
  await openParts(db, seq, { scanned: [{ subscriptionId: 'a', displayName: 'A', state: 'Enabled', tenantId: 't' }], lost: [] })
  const lock = await acquireScanLock(db, test.url, estates.real, scanId)
  stops.push(async () => lock?.release())
  const queue = await openQueue(test.url, real, 'sender')
  stops.push(() => queue.boss.stop({ graceful: false }))
  await sendPart(queue, { scanId, subscriptionId: 'a' })
  const ofDemo = await request('demo')
  await start('demo')
  await expect.poll(() => stateOf(ofDemo), patience).toMatchObject({ status: 'failed' })
  await start('real')
  // A part that cannot be read is tried again, so that the real worker may connect more than once.
  await expect.poll(() => connected, patience).toContain('real')
  expect(connected.filter((name) => name === 'demo')).toHaveLength(1)
})

it('leaves a scan that waits to its turn while another process scans the estate', { timeout: 180_000 }, async () => {
  const lock = await acquireScanLock(db, test.url, estates.real)
  stops.push(async () => lock?.release())
  const scanId = await request('real')
  const queue = await openQueue(test.url, real, 'sender')
  stops.push(() => queue.boss.stop({ graceful: false }))
  await start('real')
  await expect.poll(async () => (await queue.boss.findJobs<ScanJob>(queue.scans)).map(({ data, state }) => [data.scanId, state]), patience).toContainEqual([scanId, 'completed'])
  expect(await stateOf(scanId)).toEqual({ status: 'queued', error: null })
  await db.scan.update({ where: { id: scanId }, data: { createdAt: new Date(Date.now() - 60_000) } })
  await lock?.release()
  await expect.poll(() => stateOf(scanId), patience).toEqual({ status: 'failed', error: 'Read by the real worker.' })
})

it('goes on with a running scan whose job is in no queue (any more)', { timeout: 120_000 }, async () => {
  const { scanId, seq } = await createScan(db, estates.real, { scope: {}, mode: 'full', requestedBy: 'Ada' })
  await claimScan(db, scanId)
  await db.scan.update({ where: { seq }, data: { heartbeatAt: new Date(Date.now() - 60_000) } })
  await start('real')
  await expect.poll(() => stateOf(scanId), patience).toEqual({ status: 'failed', error: 'Read by the real worker.' })
})
