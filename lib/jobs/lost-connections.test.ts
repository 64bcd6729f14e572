import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { createDatabase, newWorker } from '@/lib/db'
import { sessionTimes } from '@/lib/db/held-session'
import { workerLockClass } from '@/lib/db/lock-keys'
import { startProxy } from '@/lib/db/testing-proxy'
import { differences, startScannedTenant, type ScannedTenant } from '@/lib/scan/testing/scanned-tenant'
import { generateTenant } from '@/lib/simulator'
import { PartWorker } from './part-worker'
import { openQueue } from './queue'
import { requestScan } from './request-scan'
import { startWorker, type WorkerOptions } from './worker'

Object.assign(sessionTimes, { sayEveryMs: 400, silentSeconds: 8 })

const unlimited = { burst: 1_000_000, perSecond: 1_000_000 }
const judged = /succeeded|partial/
const patience = { timeout: 120_000, interval: 200 }

let tenant: ScannedTenant | null = null
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await tenant?.close()
  tenant = null
})

/** A tenant of more subscriptions than a worker with few connections takes while nothing answers. */
async function start(): Promise<ScannedTenant> {
  return (tenant = await startScannedTenant(generateTenant({ resources: 120, subscriptions: 24, seed: 7 })))
}

const asked = (t: ScannedTenant) => t.simulator.requests.matching(/diagnosticsettings\?/i).map(({ url }) => url.toLowerCase())

/** Azure answers for so many resources, and for no other until the returned function is called. */
function holdAnswers(t: ScannedTenant, after = 0): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  t.simulator.addFault({ match: /diagnosticsettings\?/i, kind: 'hold', until: promise, after })
  return resolve
}

/** A worker of this tenant, in this process. With few connections it leaves most parts waiting. */
async function startOne({ url: direct, simulator }: ScannedTenant, { url = direct, connections = 64, deadAfterMs, sendAgainEveryMs, silentMs }: Partial<Pick<WorkerOptions, 'deadAfterMs' | 'sendAgainEveryMs' | 'silentMs'>> & { url?: string; connections?: number } = {}): Promise<void> {
  const db = createDatabase(url)
  const { tenantId } = simulator.tenant
  const scope = `${simulator.url}/.default`
  const worker = await startWorker({
    db, databaseUrl: url, policyPath: null, tenantId, isDemo: true, deadAfterMs, sendAgainEveryMs, silentMs,
    connect: async (signal) => {
      const azure = createAzure({
        endpoint: simulator.url, scope, logAnalytics: { endpoint: simulator.url, scope }, credential: createSimulatorCredential(simulator.url, tenantId), tenantId, cloud: 'AzureCloud', signal,
        limits: { concurrency: connections, concurrencyMost: connections, subscriptionReads: unlimited, tenantReads: unlimited, resourceGraph: unlimited },
      })
      return { azure, tenantId, cloud: 'AzureCloud', close: async () => azure.close() }
    },
  })
  stops.push(async () => {
    await worker.stop()
    await db.$disconnect()
  })
}

/** Changes jobs of parts that wait for a worker, when some do. */
async function changeWaiting(t: ScannedTenant, change: 'delete' | 'spend'): Promise<void> {
  const changed = () => change === 'delete'
    ? t.database.$executeRaw`delete from pgboss.job where name like 'scan-part/%' and state = 'created'`
    : t.database.$executeRaw`update pgboss.job set state = 'failed' where name like 'scan-part/%' and state = 'created'`
  await expect.poll(changed, patience).toBeGreaterThan(0)
}

const request = async (t: ScannedTenant) => (await requestScan({ viewer: t.viewer, requestedBy: 'test', mode: 'full', scope: {} }, { db: t.database, url: t.url })).scanId
const scanOf = (t: ScannedTenant, scanId: string) => t.database.scan.findUniqueOrThrow({ where: { id: scanId } })

/** How a scan ended. */
async function ended(t: ScannedTenant, scanId: string) {
  await expect.poll(async () => (await scanOf(t, scanId)).status, patience).not.toMatch(/queued|running/)
  return scanOf(t, scanId)
}

/** The connection that first stores one of these facts breaks over it. */
async function breakOnce(t: ScannedTenant, source: string): Promise<void> {
  await t.database.$executeRaw`create sequence stored_facts`
  await t.database.$executeRawUnsafe(`create function break_once() returns trigger language plpgsql as $$ begin
    if new.source = '${source}' and nextval('stored_facts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
    return new; end $$`)
  await t.database.$executeRaw`create trigger break_once before insert on fact for each row execute function break_once()`
}

describe('a scan goes on', () => {
  it('when a connection broke while the lists of log categories were stored', { timeout: 240_000 }, async () => {
    const t = await start()
    const whole = await t.scan()
    await t.database.fact.deleteMany({ where: { source: 'log-categories' } })
    await breakOnce(t, 'log-categories')
    await startOne(t)
    const scanId = await request(t)
    expect((await ended(t, scanId)).status).toBe(whole.status)
    expect(await t.database.$queryRaw`select is_called from stored_facts`).toEqual([{ is_called: true }])
    expect(await t.database.fact.count({ where: { source: 'log-categories' } })).toBeGreaterThan(5)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })

  it('when jobs of parts are gone', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = holdAnswers(t)
    await startOne(t, { connections: 2, sendAgainEveryMs: 1_000 })
    const scanId = await request(t)
    await changeWaiting(t, 'delete')
    answer()
    expect((await ended(t, scanId)).status).toMatch(judged)
  })

  it('under another worker when its own cannot be heard any more, who changes nothing when it is heard again', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = holdAnswers(t, 20)
    const proxy = await startProxy(t.url)
    await startOne(t, { url: proxy.url, connections: 2 })
    const scanId = await request(t)
    await expect.poll(() => asked(t).length, patience).toBe(20)
    proxy.silence()
    await startOne(t, { connections: 2 })
    await expect.poll(async () => (await scanOf(t, scanId)).attempt, patience).toBe(2)
    answer()
    expect(await ended(t, scanId)).toMatchObject({ status: expect.stringMatching(judged), attempt: 2 })
    proxy.speak()
    for (const stop of stops.splice(0).reverse()) await stop()
    await proxy.close()
    const whole = await t.scan()
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })

  it('when the database answers nothing any more of what it was asked, and is there again for what is asked anew', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = holdAnswers(t, 20)
    const proxy = await startProxy(t.url)
    await startOne(t, { url: proxy.url, connections: 2 })
    const scanId = await request(t)
    await expect.poll(() => asked(t).length, patience).toBe(20)
    proxy.strand()
    answer()
    expect(await ended(t, scanId)).toMatchObject({ status: expect.stringMatching(judged), attempt: 2 })
    for (const stop of stops.splice(0).reverse()) await stop()
    await proxy.close()
  })

  it('beside a worker that cannot reach Azure, whose tries count for nothing', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = holdAnswers(t)
    const queue = await openQueue(t.url, { tenantId: t.simulator.tenant.tenantId, isDemo: true }, 'worker')
    const connect = vi.fn(async () => {
      await pause(500)
      throw new Error('This machine has no identity.')
    })
    const fetched = vi.spyOn(queue.boss, 'fetch')
    const helper = new PartWorker({ db: t.database, queue, policyPath: null, worker: newWorker(), connect })
    stops.push(async () => {
      await helper.stop()
      await queue.boss.stop()
    })
    await startOne(t, { connections: 2 })
    const scanId = await request(t)
    await expect.poll(() => connect.mock.settledResults.filter(({ type }) => type === 'rejected').length, patience).toBeGreaterThan(0)
    answer()
    expect((await ended(t, scanId)).status).toMatch(judged)
    const taken = fetched.mock.settledResults.filter(({ type, value }) => type === 'fulfilled' && value.length > 0)
    expect(taken).toHaveLength(connect.mock.calls.length)
    expect(await t.database.$queryRaw`select 1 from pgboss.job where name like 'scan-part/%' and retry_count > 0`).toEqual([])
  })

  it('when nothing is heard any more of a worker that reads parts of it', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = holdAnswers(t)
    // The first report is the leader's; those of whoever joins it hang for as long as the function is there.
    await t.database.$executeRawUnsafe(`create function hang() returns trigger language plpgsql as $$ begin
      while exists (select 1 from scan_worker where scan_seq = new.scan_seq and worker <> new.worker) loop perform pg_sleep(0.2); end loop;
      return new; end $$`)
    await t.database.$executeRaw`create trigger hang before insert on scan_worker for each row execute function hang()`
    for (let worker = 0; worker < 2; worker += 1) await startOne(t, { connections: 2, sendAgainEveryMs: 1_000, silentMs: 3_000 })
    const scanId = await request(t)
    const taken = () => t.database.scanPart.findMany({ where: { scan: { id: scanId }, readAt: null, job: { not: null } }, distinct: ['worker'] })
    await expect.poll(async () => (await taken()).length, patience).toBe(2)
    answer()
    expect((await ended(t, scanId)).status).toMatch(judged)
    await t.database.$executeRaw`create or replace function hang() returns trigger language plpgsql as $$ begin return new; end $$`
    await t.database.$executeRaw`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query like '%insert into scan_worker%' and state = 'active'`
  })

  it('without a part being read twice when the workers show again that they live', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = holdAnswers(t)
    // Far longer than a worker takes to come back.
    await startOne(t, { connections: 8, deadAfterMs: 60_000 })
    await startOne(t, { connections: 8, deadAfterMs: 60_000 })
    const scanId = await request(t)
    const taken = () => t.database.scanPart.findMany({ where: { scan: { id: scanId }, readAt: null, job: { not: null } }, distinct: ['worker'] })
    await expect.poll(async () => (await taken()).length, patience).toBe(2)
    const shown = () => t.database.$queryRaw<{ pid: number }[]>`select pid from pg_locks where locktype = 'advisory' and classid = ${workerLockClass}::int::oid and database = (select oid from pg_database where datname = current_database())`
    const before = (await shown()).map(({ pid }) => pid)
    expect(before).toHaveLength(2)
    await t.database.$executeRaw`select pg_terminate_backend(pid) from unnest(${before}::int[]) as of(pid)`
    await expect.poll(async () => (await shown()).filter(({ pid }) => !before.includes(pid)).length, patience).toBe(2)
    answer()
    expect((await ended(t, scanId)).status).toMatch(judged)
    expect(asked(t).length).toBe(new Set(asked(t)).size)
  })
})

it('a scan ends when the jobs of a part failed too often', { timeout: 240_000 }, async () => {
  const t = await start()
  const answer = holdAnswers(t)
  await startOne(t, { connections: 2, sendAgainEveryMs: 1_000 })
  const scanId = await request(t)
  await changeWaiting(t, 'spend')
  answer()
  expect(await ended(t, scanId)).toMatchObject({ status: 'failed', error: expect.stringMatching(/^Subscription .* could not be read in 500 attempts/) })
})
