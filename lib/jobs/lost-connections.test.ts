import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { createDatabase, newWorker } from '@/lib/db'
import { sessionTimes } from '@/lib/db/held-session'
import { workerLockClass } from '@/lib/db/lock-keys'
import { startProxy } from '@/lib/db/testing/proxy'
import { differences } from '@/lib/scan/testing/scanned-tenant'
import { PartWorker } from './part-worker'
import { openQueue } from './queue'
import { judged, patience, workedTenants, type WorkedTenant } from './testing/worked-tenant'

Object.assign(sessionTimes, { sayEveryMs: 400, silentSeconds: 8 })

const { start } = workedTenants()

/** Changes jobs of parts that wait for a worker, when some do. */
async function changeWaiting(t: WorkedTenant, change: 'delete' | 'spend'): Promise<void> {
  const changed = () => change === 'delete'
    ? t.database.$executeRaw`delete from pgboss.job where name like 'scan-part/%' and state = 'created'`
    : t.database.$executeRaw`update pgboss.job set state = 'failed' where name like 'scan-part/%' and state = 'created'`
  await expect.poll(changed, patience).toBeGreaterThan(0)
}

/** The connection that first stores one of these facts breaks over it. */
async function breakOnce(t: WorkedTenant, source: string): Promise<void> {
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
    await t.startWorker()
    const scanId = await t.request()
    expect((await t.ended(scanId)).status).toBe(whole.status)
    expect(await t.database.$queryRaw`select is_called from stored_facts`).toEqual([{ is_called: true }])
    expect(await t.database.fact.count({ where: { source: 'log-categories' } })).toBeGreaterThan(5)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })

  it('when jobs of parts are gone', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers()
    await t.startWorker({ connections: 2, sendAgainEveryMs: 1_000 })
    const scanId = await t.request()
    await changeWaiting(t, 'delete')
    answer()
    expect((await t.ended(scanId)).status).toMatch(judged)
  })

  it('under another worker when its own cannot be heard any more, who changes nothing when it is heard again', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers(20)
    const proxy = await startProxy(t.url)
    await t.startWorker({ url: proxy.url, connections: 2 })
    const scanId = await t.request()
    await expect.poll(() => t.asked().length, patience).toBe(20)
    proxy.silence()
    await t.startWorker({ connections: 2 })
    await expect.poll(async () => (await t.scanOf(scanId)).attempt, patience).toBe(2)
    answer()
    expect(await t.ended(scanId)).toMatchObject({ status: expect.stringMatching(judged), attempt: 2 })
    proxy.speak()
    await t.stopWorkers()
    await proxy.close()
    const whole = await t.scan()
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })

  it('when the database answers nothing any more of what it was asked, and is there again for what is asked anew', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers(20)
    const proxy = await startProxy(t.url)
    await t.startWorker({ url: proxy.url, connections: 2 })
    const scanId = await t.request()
    await expect.poll(() => t.asked().length, patience).toBe(20)
    proxy.strand()
    answer()
    expect(await t.ended(scanId)).toMatchObject({ status: expect.stringMatching(judged), attempt: 2 })
    await t.stopWorkers()
    await proxy.close()
  })

  it('beside a worker that cannot reach Azure, whose tries count for nothing', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers()
    const queue = await openQueue(t.url, { tenantId: t.simulator.tenant.tenantId, isDemo: true }, 'worker')
    const connect = vi.fn(async () => {
      await pause(500)
      throw new Error('This machine has no identity.')
    })
    const fetched = vi.spyOn(queue.boss, 'fetch')
    const helper = new PartWorker({ db: t.database, queue, policyPath: null, worker: newWorker(), connect })
    t.onStop(async () => {
      await helper.stop()
      await queue.boss.stop()
    })
    await t.startWorker({ connections: 2 })
    const scanId = await t.request()
    await expect.poll(() => connect.mock.settledResults.filter(({ type }) => type === 'rejected').length, patience).toBeGreaterThan(0)
    answer()
    expect((await t.ended(scanId)).status).toMatch(judged)
    const taken = fetched.mock.settledResults.filter(({ type, value }) => type === 'fulfilled' && value.length > 0)
    expect(taken).toHaveLength(connect.mock.calls.length)
    expect(await t.database.$queryRaw`select 1 from pgboss.job where name like 'scan-part/%' and retry_count > 0`).toEqual([])
  })

  it('when a worker lost the database in the middle of a part, and could not say so at once', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers()
    const queue = await openQueue(t.url, { tenantId: t.simulator.tenant.tenantId, isDemo: true }, 'worker')
    const gaveBack = vi.spyOn(queue.boss, 'fail').mockRejectedValueOnce(new Error('Connection terminated unexpectedly'))
    const proxy = await startProxy(t.url)
    const db = createDatabase(proxy.url)
    const helper = new PartWorker({ db, queue, worker: newWorker(), policyPath: null, connect: t.connectBy() })
    t.onStop(async () => {
      await helper.stop()
      await db.$disconnect()
      await queue.boss.stop()
    })
    await t.startWorker({ connections: 2 })
    const scanId = await t.request()
    await expect.poll(async () => (await t.taken(scanId)).length, patience).toBe(2)
    // Nobody else would take a part from it.
    await t.database.$executeRaw`update pgboss.job set heartbeat_seconds = 3600 where name like 'scan-part/%'`
    await proxy.close()
    answer()
    expect((await t.ended(scanId)).status).toMatch(judged)
    expect(gaveBack.mock.settledResults.map(({ type }) => type)).toEqual(expect.arrayContaining(['rejected', 'fulfilled']))
  })

  it('when nothing is heard any more of a worker that reads parts of it', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers()
    // The first report is the leader's; those of whoever joins it hang for as long as the function is there.
    await t.database.$executeRawUnsafe(`create function hang() returns trigger language plpgsql as $$ begin
      while exists (select 1 from scan_worker where scan_seq = new.scan_seq and worker <> new.worker) loop perform pg_sleep(0.2); end loop;
      return new; end $$`)
    await t.database.$executeRaw`create trigger hang before insert on scan_worker for each row execute function hang()`
    for (let worker = 0; worker < 2; worker += 1) await t.startWorker({ connections: 2, sendAgainEveryMs: 1_000, silentMs: 3_000 })
    const scanId = await t.request()
    await expect.poll(async () => (await t.taken(scanId)).length, patience).toBe(2)
    answer()
    expect((await t.ended(scanId)).status).toMatch(judged)
    await t.database.$executeRaw`create or replace function hang() returns trigger language plpgsql as $$ begin return new; end $$`
    await t.database.$executeRaw`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query like '%insert into scan_worker%' and state = 'active'`
  })

  it('without a part being read twice when the workers show again that they live', { timeout: 240_000 }, async () => {
    const t = await start()
    const answer = t.holdAnswers()
    // Far longer than a worker takes to come back.
    await t.startWorker({ connections: 8, deadAfterMs: 60_000 })
    await t.startWorker({ connections: 8, deadAfterMs: 60_000 })
    const scanId = await t.request()
    await expect.poll(async () => (await t.taken(scanId)).length, patience).toBe(2)
    const shown = () => t.database.$queryRaw<{ pid: number }[]>`select pid from pg_locks where locktype = 'advisory' and classid = ${workerLockClass}::int::oid and database = (select oid from pg_database where datname = current_database())`
    const before = (await shown()).map(({ pid }) => pid)
    expect(before).toHaveLength(2)
    await t.database.$executeRaw`select pg_terminate_backend(pid) from unnest(${before}::int[]) as of(pid)`
    await expect.poll(async () => (await shown()).filter(({ pid }) => !before.includes(pid)).length, patience).toBe(2)
    answer()
    expect((await t.ended(scanId)).status).toMatch(judged)
    expect(t.asked().length).toBe(new Set(t.asked()).size)
  })
})

it('a scan ends when the jobs of a part failed too often', { timeout: 240_000 }, async () => {
  const t = await start()
  const answer = t.holdAnswers()
  await t.startWorker({ connections: 2, sendAgainEveryMs: 1_000 })
  const scanId = await t.request()
  await changeWaiting(t, 'spend')
  answer()
  expect(await t.ended(scanId)).toMatchObject({ status: 'failed', error: expect.stringMatching(/^Subscription .* could not be read in 500 attempts/) })
})
