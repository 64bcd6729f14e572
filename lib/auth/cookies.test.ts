import { describe, expect, it } from 'vitest'
import { cookieName, readCookie, toSetCookie } from './cookies'
import { isSameOrigin } from './same-origin'

describe('cookies', () => {
  it('are bound to the host and to TLS where the app is served over https', () => {
    expect(toSetCookie('session', 'https://keypoint.example', 'v')).toBe('__Host-keypoint-session=v; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure')
    expect(toSetCookie('session', 'http://localhost:3000', 'v')).toBe('keypoint-session=v; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax')
    expect(toSetCookie('attempt', 'https://keypoint.example', null)).toBe('__Host-keypoint-sign-in=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure')
  })

  it('are read by their exact name', () => {
    const name = cookieName('session', 'http://localhost')
    expect(readCookie(`a=1; x${name}=no; ${name}=yes=; b=2`, name)).toBe('yes=')
    expect(readCookie(null, name)).toBeNull()
    expect(readCookie(`${name}`, name)).toBeNull()
  })
})

describe('isSameOrigin', () => {
  const base = 'https://keypoint.example'
  const from = (headers: Record<string, string>) => isSameOrigin(new Request('http://internal/', { headers }), base)

  it.each([
    [{ origin: base }, true],
    [{ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, true],
    [{ origin: 'https://evil.example', host: 'keypoint.example' }, false],
    [{ origin: 'https://keypoint.example.evil.example', host: 'keypoint.example' }, false],
    [{ origin: 'null', host: 'keypoint.example' }, false],
    [{ host: 'keypoint.example' }, false],
  ])('%j: %s', (headers, expected) => {
    expect(from(headers)).toBe(expected)
  })
})
