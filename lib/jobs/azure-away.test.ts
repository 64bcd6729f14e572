import { describe, expect, it } from 'vitest'
import { newWorker, requestCancel } from '@/lib/db'
import { startProxy } from '@/lib/db/testing/proxy'
import { KeypointError } from '@/lib/errors'
import { noLimits, differences } from '@/lib/scan/testing/scanned-tenant'
import { PartWorker } from './part-worker'
import { openQueue } from './queue'
import { patience, workedTenants, type WayToAzure, type WorkedTenant } from './testing/worked-tenant'

const { start } = workedTenants()

/** Nobody tries often, or waits long for a network that is away. */
const impatient = { limits: { ...noLimits, attempts: 2, network: { firstRestMs: 1, tries: 2 } } }

/** One that leads no scan. */
async function startHelper(t: WorkedTenant, way: WayToAzure): Promise<void> {
  const queue = await openQueue(t.url, { tenantId: t.simulator.tenant.tenantId, isDemo: true }, 'worker')
  const helper = new PartWorker({ db: t.database, queue, worker: newWorker(), policyPath: null, connect: t.connectBy(way) })
  t.onStop(async () => {
    await helper.stop()
    await queue.boss.stop()
  })
}

const whoTookParts = async (t: WorkedTenant, scanId: string) => (await t.taken(scanId)).map(({ worker }) => worker)
const jobsOfParts = (t: WorkedTenant) => t.database.$queryRaw<{ state: string; retry_count: number }[]>`select state, retry_count from pgboss.job where name like 'scan-part/%'`

describe('a scan with several workers', () => {
  it('loses nothing to one that is refused its token, or that cannot reach Azure', { timeout: 240_000 }, async () => {
    const t = await start()
    const whole = await t.scan()
    const answer = t.holdAnswers()
    const tried = Promise.withResolvers<void>()
    const unreached = await startProxy(t.simulator.url)
    await unreached.close()
    await startHelper(t, { endpoint: unreached.url, ...impatient })
    await startHelper(t, {
      credential: {
        getToken: () => {
          tried.resolve()
          return Promise.reject(new KeypointError('not-configured', 'The client secret has expired.', 'Create a new one.'))
        },
      },
    })
    await t.startWorker({ connections: 2 })
    const scanId = await t.request()
    await tried.promise
    answer()
    expect((await t.ended(scanId)).status).toBe(whole.status)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
    expect((await jobsOfParts(t)).filter(({ retry_count: retries }) => retries > 0)).toEqual([])
  })

  it('is read by the others when one is cut off from Azure in the middle of it', { timeout: 240_000 }, async () => {
    const t = await start()
    const whole = await t.scan()
    t.simulator.requests.clear()
    const answer = t.holdAnswers(30)
    const proxy = await startProxy(t.simulator.url)
    await t.startWorker({ connections: 2 })
    const scanId = await t.request()
    await expect.poll(() => t.asked().length, patience).toBe(30)
    await startHelper(t, { endpoint: proxy.url, ...impatient })
    await expect.poll(async () => new Set(await whoTookParts(t, scanId)).size, patience).toBe(2)
    await proxy.close()
    answer()
    expect((await t.ended(scanId)).status).toBe(whole.status)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })
})

describe('a scan that nobody can read', () => {
  it('waits, however often it is tried', { timeout: 240_000 }, async () => {
    const t = await start()
    const whole = await t.scan()
    t.simulator.addFault({ match: /./, kind: 'reset' })
    await t.startWorker(impatient)
    const scanId = await t.request()
    await expect.poll(async () => (await t.scanOf(scanId)).attempt, patience).toBeGreaterThan(2)
    t.simulator.clearFaults()
    expect((await t.ended(scanId)).status).toBe(whole.status)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })

  it('can be cancelled while it waits', { timeout: 240_000 }, async () => {
    const t = await start()
    await t.scan()
    t.simulator.addFault({ match: /./, kind: 'reset' })
    await t.startWorker(impatient)
    const scanId = await t.request()
    await expect.poll(async () => (await t.scanOf(scanId)).attempt, patience).toBeGreaterThan(0)
    await requestCancel(t.database, t.viewer, scanId)
    expect((await t.ended(scanId)).status).toBe('cancelled')
  })

  it('goes on with its parts when Azure is back', { timeout: 240_000 }, async () => {
    const t = await start()
    const whole = await t.scan()
    t.simulator.requests.clear()
    const answer = t.holdAnswers(40)
    await t.startWorker({ connections: 8, ...impatient })
    const scanId = await t.request()
    await expect.poll(() => t.asked().length, patience).toBe(40)
    t.simulator.clearFaults()
    t.simulator.addFault({ match: /./, kind: 'reset' })
    answer()
    // All that were taken were given back.
    await expect.poll(async () => (await t.taken(scanId)).length, patience).toBe(0)
    expect((await t.scanOf(scanId)).status).toBe('running')
    t.simulator.clearFaults()
    expect((await t.ended(scanId)).status).toBe(whole.status)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })
})
