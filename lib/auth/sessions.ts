import { createSession, deleteExpiredSessions, deleteSession, findSession, touchSession, type Database, type StoredSession } from '@/lib/db'
import { sessionAbsoluteSeconds, sessionIdleSeconds } from './cookies'
import { toAppRoles, type Person } from './person'
import { newSessionCookie, openSessionCookie } from './session-cookie'
import type { SignedIn } from './sign-in'

/** The session row is written again only when it was last seen this long ago. */
const touchAfterSeconds = 60

/** What sessions are kept with. */
export interface SessionKeeper {
  db: Database
  /** First one seals, all unseal. */
  secrets: readonly string[]
}

/** Begins a session, in place of the one that the browser may have had. @returns the session cookie's value. */
export async function beginSession({ db, secrets }: SessionKeeper, person: SignedIn, formerCookie: string | null, now = new Date()): Promise<string> {
  await endSession({ db, secrets }, formerCookie)
  await deleteExpiredSessions(db, now)
  const { cookie, sessionId } = await newSessionCookie(secrets)
  await createSession(db, {
    id: sessionId,
    tenantId: person.tenantId,
    objectId: person.objectId,
    displayName: person.name,
    username: person.username,
    roles: person.roles,
    expiresAt: addSeconds(now, sessionAbsoluteSeconds),
  })
  return cookie
}

/**
 * The person behind a session cookie of this tenant; null when there is none, or it was idle too long, or is too old. Being
 * seen moves the idle time on.
 */
export async function findPerson({ db, secrets }: SessionKeeper, tenantId: string, cookie: string | null, now = new Date()): Promise<Person | null> {
  const sessionId = await openSessionCookie(secrets, cookie)
  const session = sessionId === null ? null : await findSession(db, sessionId, now)
  if (session === null || session.tenantId !== tenantId) return null
  if (addSeconds(session.lastSeenAt, sessionIdleSeconds) <= now) {
    await deleteSession(db, session.id)
    return null
  }
  if (addSeconds(session.lastSeenAt, touchAfterSeconds) <= now) await touchSession(db, session.id, { lastSeenAt: now })
  return toPerson(session)
}

/** Ends the session of a cookie, its tokens with it; nothing happens when there is none. */
export async function endSession({ db, secrets }: SessionKeeper, cookie: string | null): Promise<void> {
  const sessionId = await openSessionCookie(secrets, cookie)
  if (sessionId !== null) await deleteSession(db, sessionId)
}

function toPerson(session: StoredSession): Person {
  return {
    objectId: session.objectId,
    name: session.displayName,
    username: session.username,
    roles: toAppRoles(session.roles),
    demo: false,
    sessionId: session.id,
  }
}

function addSeconds(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
