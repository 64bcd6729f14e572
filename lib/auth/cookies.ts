/** Session lifetimes: a person is signed out after this long without a request, and after this long in any case. */
export const sessionIdleSeconds = 8 * 60 * 60
export const sessionAbsoluteSeconds = 24 * 60 * 60
/** How long a person may take at the sign-in page of Microsoft. */
export const attemptSeconds = 15 * 60

export type CookieKind = 'session' | 'attempt'

/**
 * The cookie's name. Over https the `__Host-` prefix makes browsers refuse a cookie that was set by another host or
 * without Secure.
 */
export function cookieName(kind: CookieKind, baseUrl: string): string {
  const name = kind === 'session' ? 'keypoint-session' : 'keypoint-sign-in'
  return isSecure(baseUrl) ? `__Host-${name}` : name
}

/** One `Set-Cookie` value; null removes the cookie. */
export function toSetCookie(kind: CookieKind, baseUrl: string, value: string | null): string {
  const maxAge = value === null ? 0 : kind === 'session' ? sessionAbsoluteSeconds : attemptSeconds
  const secure = isSecure(baseUrl) ? '; Secure' : ''
  return `${cookieName(kind, baseUrl)}=${value ?? ''}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`
}

/** A cookie's value from a `Cookie` header, or null. */
export function readCookie(header: string | null, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

/** Whether cookies of the app at this address go over https alone. */
export function isSecure(baseUrl: string): boolean {
  return baseUrl.startsWith('https:')
}
