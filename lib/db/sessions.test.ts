import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSession, deleteExpiredSessions, deleteSession, findSession, saveTokenCache, touchSession } from './sessions'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase

beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

const person = { tenantId: 't', objectId: 'o', displayName: 'Ada', username: 'ada@contoso.example', roles: ['Keypoint.Reader'] }
const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour))

it('finds a session until it expires or is deleted', async () => {
  const db = test.database
  await createSession(db, { ...person, id: 'one', expiresAt: at(8) })
  expect(await findSession(db, 'one', at(7))).toMatchObject({ ...person, tokenCache: null })
  expect(await findSession(db, 'one', at(8))).toBeNull()
  await touchSession(db, 'one', { lastSeenAt: at(7), expiresAt: at(9) })
  expect(await findSession(db, 'one', at(8))).toMatchObject({ lastSeenAt: at(7), expiresAt: at(9) })
  expect(await saveTokenCache(db, 'one', 'sealed')).toBe(true)
  expect(await findSession(db, 'one', at(8))).toMatchObject({ tokenCache: 'sealed' })
  await createSession(db, { ...person, id: 'two', expiresAt: at(20) })
  expect(await deleteExpiredSessions(db, at(10))).toBe(1)
  expect(await saveTokenCache(db, 'one', 'late')).toBe(false)
  await deleteSession(db, 'two')
  expect(await findSession(db, 'two', at(10))).toBeNull()
})
