import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeypointError } from '@/lib/errors'
import { createDatabase } from './client'
import { isDatabaseLost, toDatabaseTrouble } from './connection'
import { createTestDatabase, type TestDatabase } from './testing'
import { startProxy } from './testing/proxy'

describe('trouble with the database', () => {
  it('is told from any other error, however deep it lies', () => {
    const full = Object.assign(new Error('could not extend file "base/16384/16623"'), { code: '53100' })
    expect(toDatabaseTrouble(new Error('Invalid `db.scan.update()` invocation', { cause: full }))).toMatchObject({ code: 'unavailable', message: 'The disk of the database is full.' })
    expect(toDatabaseTrouble(new Error('could not write to file "pg_wal/xlogtemp.24439": No space left on device'))).toMatchObject({ message: 'The disk of the database is full.' })
    expect(toDatabaseTrouble(new Error('Connection terminated unexpectedly'))).toMatchObject({ message: 'The connection to the database was lost.', remedy: expect.stringContaining('postgres.log') })
    expect(toDatabaseTrouble(new Error('undefined is not a function'))).toBeNull()
    expect(toDatabaseTrouble('text')).toBeNull()
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.4:443'), { code: 'ECONNREFUSED' })
    expect(isDatabaseLost(new KeypointError('unavailable', 'The sign-in authority cannot be reached.', 'Check the network.', { cause: refused }))).toBe(false)
  })
})

describe('a transaction', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase()
  })
  afterAll(() => test.drop())

  it('whose process cannot be heard any more leaves its locks to others after a while', async () => {
    const proxy = await startProxy(test.url)
    const away = createDatabase(proxy.url, { idleTransactionMs: 3_000 })
    const isFree = async () => (await test.database.$queryRaw<{ free: boolean }[]>`select pg_try_advisory_xact_lock(1, 2) as free`)[0]?.free
    const begun = Promise.withResolvers<void>()
    const ended = away.$transaction(async (tx) => {
      await tx.$executeRaw`select pg_advisory_xact_lock(1, 2)`
      expect(await isFree()).toBe(false)
      proxy.silence()
      begun.resolve()
      await tx.$executeRaw`select 1`
    }).catch((error: unknown) => error)
    await begun.promise
    await expect.poll(isFree).toBe(true)
    proxy.speak()
    expect(isDatabaseLost(await ended)).toBe(true)
    await away.$disconnect()
    await proxy.close()
  })
})
