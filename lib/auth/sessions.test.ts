import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSession } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { openSessionCookie } from './session-cookie'
import { beginSession, endSession, findPerson, type SessionKeeper } from './sessions'
import type { SignedIn } from './sign-in'

const hour = 3_600_000
const start = new Date('2026-01-01T00:00:00Z')
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)
const tenantId = '3d1c9a52-0b6e-4c55-9d7a-2f4f5f1f0001'
const person: SignedIn = { tenantId, objectId: 'o', name: 'Otto', username: 'otto@contoso.example', roles: ['Keypoint.Operator'] }

let database: TestDatabase
let keeper: SessionKeeper

beforeAll(async () => {
  database = await createTestDatabase()
  keeper = { db: database.database, secrets: ['n'.repeat(32), 'o'.repeat(32)] }
})
afterAll(() => database.drop())

/** A session that began at `start`. The row's own clock is the database's, so it is set by being seen. */
async function begin(): Promise<string> {
  const cookie = await beginSession(keeper, person, null, start)
  const id = await openSessionCookie(keeper.secrets, cookie)
  await keeper.db.session.updateMany({ where: { id: id ?? '' }, data: { createdAt: start, lastSeenAt: start } })
  return cookie
}

describe('a session', () => {
  it('gives back the person, and keeps in the database nothing that opens it', async () => {
    const cookie = await begin()
    expect(await findPerson(keeper, tenantId, cookie, start)).toMatchObject({ name: 'Otto', roles: ['Keypoint.Operator'], demo: false })
    const rows = await keeper.db.session.findMany()
    expect(JSON.stringify(rows)).not.toContain(cookie)
  })

  it('ends after eight idle hours, and lives on while it is used', async () => {
    const cookie = await begin()
    expect(await findPerson(keeper, tenantId, cookie, after(7.9 * hour))).not.toBeNull()
    expect(await findPerson(keeper, tenantId, cookie, after(15.8 * hour))).not.toBeNull()
    expect(await findPerson(keeper, tenantId, cookie, after(23.81 * hour))).toBeNull()
    expect(await findPerson(keeper, tenantId, cookie, after(16 * hour))).toBeNull()
  })

  it('ends after 24 hours in any case', async () => {
    const cookie = await begin()
    for (const hours of [7, 14, 21]) expect(await findPerson(keeper, tenantId, cookie, after(hours * hour))).not.toBeNull()
    expect(await findPerson(keeper, tenantId, cookie, after(24 * hour))).toBeNull()
  })

  it('counts for its own tenant alone', async () => {
    expect(await findPerson(keeper, '99999999-9999-4999-8999-999999999999', await begin(), start)).toBeNull()
  })

  it('survives the rotation of the secret', async () => {
    const cookie = await beginSession({ ...keeper, secrets: ['o'.repeat(32)] }, person, null)
    expect(await findPerson(keeper, tenantId, cookie)).not.toBeNull()
  })

  it('takes the place of the one that the browser had, under a new id', async () => {
    const former = await beginSession(keeper, person, null)
    const next = await beginSession(keeper, { ...person, roles: ['Keypoint.Reader'] }, former)
    expect(await findPerson(keeper, tenantId, former)).toBeNull()
    expect(await findPerson(keeper, tenantId, next)).toMatchObject({ roles: ['Keypoint.Reader'] })
  })

  it('is gone with its tokens once it is ended', async () => {
    const cookie = await beginSession(keeper, person, null)
    const id = (await openSessionCookie(keeper.secrets, cookie)) ?? ''
    await endSession(keeper, cookie)
    expect(await findSession(keeper.db, id)).toBeNull()
    expect(await findPerson(keeper, tenantId, cookie)).toBeNull()
  })
})
