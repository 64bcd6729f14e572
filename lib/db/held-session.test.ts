import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase } from './client'
import { isDatabaseLost } from './connection'
import { holdSession, sessionTimes } from './held-session'
import { createTestDatabase, type TestDatabase } from './testing'
import { startProxy } from './testing/proxy'

Object.assign(sessionTimes, { sayEveryMs: 100 })

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

describe('a session', () => {
  it('is not lost by a server that refuses what it says', async () => {
    const { client, lost, end } = await holdSession(test.url)
    const { rows: [own] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await client.query('begin')
    await expect(client.query('select 1 / 0')).rejects.toThrow('division by zero')
    const heardAt = new Set<number>()
    const timesHeard = async () => {
      const [row] = await test.database.$queryRaw<{ at: Date }[]>`select state_change as at from pg_stat_activity where pid = ${own?.pid}`
      return heardAt.add(row?.at.getTime() ?? 0).size
    }
    await expect.poll(timesHeard).toBeGreaterThan(3)
    expect(lost.aborted).toBe(false)
    await end()
  })

  it('ends with its connection where nobody hears it say goodbye', async () => {
    const proxy = await startProxy(test.url)
    const { client, end } = await holdSession(proxy.url)
    await client.query('select 1')
    proxy.silence()
    await Promise.all([once(client, 'end'), end()])
    await proxy.close()
  })
})

it('a database that does not answer keeps no query waiting, and is asked anew', async () => {
  const proxy = await startProxy(test.url)
  const away = createDatabase(proxy.url)
  const { lost, end } = await holdSession(proxy.url)
  await away.$queryRaw`select 1`
  proxy.strand()
  const [inPool, inTransaction] = await Promise.all([
    away.$queryRaw`select 1`.catch((error: unknown) => error),
    away.$transaction((tx) => tx.$queryRaw`select pg_sleep(600)`).catch((error: unknown) => error),
  ])
  expect(lost.aborted).toBe(true)
  expect(isDatabaseLost(inPool), String(inPool)).toBe(true)
  expect(isDatabaseLost(inTransaction), String(inTransaction)).toBe(true)
  expect(await away.$queryRaw`select 1 as one`).toEqual([{ one: 1 }])
  await Promise.all([end(), away.$disconnect()])
  await proxy.close()
})
