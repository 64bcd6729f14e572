import { createHash, randomBytes } from 'node:crypto'
import { sessionAbsoluteSeconds } from './cookies'
import { seal, unseal } from './seal'

/** A new random session id, sealed for the cookie; the row's key is its hash, so that the database alone opens no session. */
export async function newSessionCookie(secrets: readonly string[]): Promise<{ cookie: string; sessionId: string }> {
  const id = randomBytes(32).toString('base64url')
  return { cookie: await seal(secrets, 'session cookie', { id }, sessionAbsoluteSeconds), sessionId: toSessionId(id) }
}

/** The session row's key for a cookie's value; null when it is no cookie of ours, expired or tampered with. */
export async function openSessionCookie(secrets: readonly string[], cookie: string | null): Promise<string | null> {
  if (!cookie) return null
  const payload = await unseal(secrets, 'session cookie', cookie)
  return typeof payload?.id === 'string' ? toSessionId(payload.id) : null
}

function toSessionId(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}
