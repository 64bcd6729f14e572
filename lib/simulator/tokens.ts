import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Principal } from './answer'

interface Issued {
  principal: Principal
  expiresAt: number
}

export type TokenCheck = { ok: true; principal: Principal } | { ok: false; reason: 'missing' | 'unknown' | 'expired' }

/** The tokens that a simulator issued, in memory. They look like JWTs, so that clients which read claims can. */
export class TokenStore {
  readonly #issued = new Map<string, Issued>()
  readonly #key = randomBytes(32)

  constructor(
    readonly tenantId: string,
    readonly lifetimeSeconds: number,
    readonly now: () => number,
  ) {}

  issue(clientId: string, audience: string, issuer: string, lifetimeSeconds = this.lifetimeSeconds): string {
    const principal: Principal = { clientId, objectId: objectIdFor(clientId) }
    const issuedAt = Math.floor(this.now() / 1000)
    const claims = {
      aud: audience,
      iss: issuer,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + lifetimeSeconds,
      appid: clientId,
      oid: principal.objectId,
      sub: principal.objectId,
      tid: this.tenantId,
      ver: '1.0',
      jti: randomBytes(12).toString('hex'),
    }
    const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`
    const token = `${signed}.${createHmac('sha256', this.#key).update(signed).digest('base64url')}`
    this.accept(token, principal, lifetimeSeconds)
    return token
  }

  /** Takes a token that someone else issued, such as a test sign-in server. */
  accept(token: string, principal: Principal, lifetimeSeconds = this.lifetimeSeconds): void {
    this.#issued.set(token, { principal, expiresAt: this.now() + lifetimeSeconds * 1000 })
  }

  check(authorization: string | undefined): TokenCheck {
    if (!authorization?.startsWith('Bearer ')) return { ok: false, reason: 'missing' }
    const issued = this.#issued.get(authorization.slice('Bearer '.length))
    if (!issued) return { ok: false, reason: 'unknown' }
    return issued.expiresAt > this.now() ? { ok: true, principal: issued.principal } : { ok: false, reason: 'expired' }
  }

  /** From now on every token issued so far is expired. */
  expireAll(): void {
    for (const issued of this.#issued.values()) issued.expiresAt = 0
  }
}

export function sameSecret(a: string, b: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A GUID that stays the same for a client. */
function objectIdFor(clientId: string): string {
  const hex = createHash('sha256').update(`object of ${clientId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
