import type { Queryable } from './client'

export interface StoredSession {
  /** SHA-256 of the id in the cookie. */
  id: string
  tenantId: string
  objectId: string
  displayName: string
  username: string
  roles: string[]
  /** Encrypted; null until a delegated token was asked for. */
  tokenCache: string | null
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** Stores a person's session, from sign-in to `expiresAt`. */
export async function createSession(
  db: Queryable, session: Omit<StoredSession, 'tokenCache' | 'createdAt' | 'lastSeenAt'> & { tokenCache?: string | null },
): Promise<StoredSession> {
  return db.session.create({ data: session })
}

/** The session, or null when there is none or it has expired. */
export async function findSession(db: Queryable, id: string, now = new Date()): Promise<StoredSession | null> {
  return db.session.findFirst({ where: { id, expiresAt: { gt: now } } })
}

/** Notes that the session was used, and moves its end when given. */
export async function touchSession(db: Queryable, id: string, seen: { lastSeenAt: Date; expiresAt?: Date }): Promise<void> {
  await db.session.updateMany({ where: { id }, data: seen })
}

/** Ends a session; nothing happens when there is none. */
export async function deleteSession(db: Queryable, id: string): Promise<void> {
  await db.session.deleteMany({ where: { id } })
}

/** Stores the encrypted token cache. False when the session has ended meanwhile. */
export async function saveTokenCache(db: Queryable, id: string, tokenCache: string | null): Promise<boolean> {
  const { count } = await db.session.updateMany({ where: { id }, data: { tokenCache } })
  return count > 0
}

/** Removes what has expired; returns how many. */
export async function deleteExpiredSessions(db: Queryable, now = new Date()): Promise<number> {
  const { count } = await db.session.deleteMany({ where: { expiresAt: { lte: now } } })
  return count
}
