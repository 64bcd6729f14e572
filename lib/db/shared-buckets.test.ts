import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDatabaseLost } from './connection'
import { openSharedBuckets } from './shared-buckets'
import { administrate, createTestDatabase, type TestDatabase } from './testing'
import { startProxy } from './testing/proxy'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

/** Slow enough that nothing comes back while a test runs. */
const size = { burst: 10, perSecond: 0.001 }
let name = 0

/** Two processes of one principal, and a bucket that nobody has used. */
function two() {
  name += 1
  const ones = [openSharedBuckets(test.url, 'principal'), openSharedBuckets(test.url, 'principal')] as const
  return { a: ones[0], b: ones[1], bucket: `bucket ${name}`, close: () => Promise.all(ones.map((one) => one.close())) }
}

/** How many of a bucket's tokens may be used now. */
const left = ({ firstInMs, spacingMs }: { firstInMs: number; spacingMs: number }) => Math.max(0, Math.floor(-firstInMs / spacingMs + 1e-6) + 1)

describe('shared buckets', () => {
  it('give no token twice, however many ask at once', async () => {
    const { a, b, bucket, close } = two()
    const leases = await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? a : b).lease(bucket, size, 2, 0)))
    const usable = leases.flatMap(({ firstInMs, spacingMs }) => [firstInMs, firstInMs + spacingMs]).filter((ms) => ms <= 0)
    expect(usable).toHaveLength(10)
    await close()
  })

  it('take back what was not used', async () => {
    const { a, b, bucket, close } = two()
    await a.lease(bucket, size, 8, 0)
    await a.lease(bucket, size, 1, 6)
    expect(left(await b.lease(bucket, size, 1, 0))).toBe(7)
    await close()
  })

  it('never hold more than the burst, whatever is given back', async () => {
    const { a, b, bucket, close } = two()
    await a.lease(bucket, size, 1, 0)
    await a.lease(bucket, size, 1, 100)
    expect(left(await b.lease(bucket, size, 1, 0))).toBe(9)
    await close()
  })

  it('tell who is alone, and after another came that nobody is', async () => {
    const { a, b, bucket, close } = two()
    await a.lease(bucket, size, 1, 0)
    await test.database.$executeRaw`update rate_bucket set held_since = now() - interval '5 seconds' where bucket = ${bucket}`
    expect((await a.lease(bucket, size, 1, 0)).alone).toBe(true)
    expect((await b.lease(bucket, size, 1, 0)).alone).toBe(false)
    expect((await a.lease(bucket, size, 1, 0)).alone).toBe(false)
    await close()
  })

  it('stop for all, are empty afterwards, and slow down once for each pause', async () => {
    const { a, b, bucket, close } = two()
    const heard: [string, number][] = []
    b.onPause((which, ms) => heard.push([which, ms]))
    await b.lease(bucket, size, 1, 0)
    for (let refusals = 0; refusals < 3; refusals += 1) await a.pause(bucket, size, 60_000, true)
    await expect.poll(() => heard.length).toBe(3)
    expect(heard[0]?.[0]).toBe(bucket)
    expect(heard[0]?.[1]).toBeGreaterThan(30_000)
    const { firstInMs, spacingMs } = await b.lease(bucket, size, 1, 0)
    expect(1 / spacingMs).toBeCloseTo(0.75e-6, 8)
    expect(firstInMs).toBeGreaterThan(0.99 * spacingMs)
    await close()
  })

  it('tell who comes later that they rest', async () => {
    const { a, b, bucket, close } = two()
    await a.pause(bucket, size, 60_000, false)
    const heard: string[] = []
    b.onPause((which) => heard.push(which))
    await b.lease('another', size, 1, 0)
    expect(heard).toContain(bucket)
    await close()
  })

  it('believe Azure when less is left', async () => {
    const { a, b, bucket, close } = two()
    await a.lease(bucket, size, 1, 0)
    await a.leave(bucket, size, 3)
    await a.leave(bucket, size, 8)
    expect(left(await b.lease(bucket, size, 1, 0))).toBe(3)
    await close()
  })

  it('are apart for each principal', async () => {
    const { a, bucket, close } = two()
    await a.lease(bucket, size, 10, 0)
    const other = openSharedBuckets(test.url, "o'ther")
    expect(left(await other.lease(bucket, size, 1, 0))).toBe(10)
    await Promise.all([close(), other.close()])
  })

  it('say that the database is lost, and go on when it is back', async () => {
    const { a, bucket, close } = two()
    await a.lease(bucket, size, 1, 0)
    const database = new URL(test.url).pathname.slice(1)
    await administrate(`alter database ${database} allow_connections false`)
    await administrate(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`)
    for (let attempts = 0; attempts < 2; attempts += 1) {
      const error: unknown = await a.lease(bucket, size, 1, 0).catch((cause: unknown) => cause)
      expect(isDatabaseLost(error), String(error)).toBe(true)
    }
    await administrate(`alter database ${database} allow_connections true`)
    expect(left(await a.lease(bucket, size, 1, 0))).toBe(9)
    await close()
  })

  it.each([['while it is idle', false], ['in an answer', true]])('keep one connection, however late the end of the one before is told that ends %s', async (_, busy) => {
    const proxy = await startProxy(test.url)
    const a = openSharedBuckets(proxy.url, 'late')
    await a.lease('late', size, 1, 0)
    const connections = async () => test.database.$queryRaw<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database() and query like '%rate_bucket%' and pid <> pg_backend_pid()`
    const [first] = await connections()
    const ended = proxy.holdEnds()
    const isWaiting = async () => (await test.database.$queryRaw<unknown[]>`select 1 from pg_stat_activity where pid = ${first?.pid} and wait_event_type = 'Lock'`).length
    await test.database.$transaction(async (tx) => {
      if (busy) await tx.$executeRaw`lock table rate_bucket`
      const asked = busy && a.lease('late', size, 1, 0).catch((error: unknown) => error)
      if (busy) await expect.poll(isWaiting).toBe(1)
      await administrate(`select pg_terminate_backend(${first?.pid})`)
      await asked
    })
    await expect.poll(() => a.lease('late', size, 1, 0).then(() => true, () => false)).toBe(true)
    ended()
    await expect.poll(async () => (await connections()).length).toBe(1)
    await a.lease('late', size, 1, 0)
    expect(await connections()).toHaveLength(1)
    await a.close()
    await expect.poll(async () => (await connections()).length).toBe(0)
    await proxy.close()
  })
})
