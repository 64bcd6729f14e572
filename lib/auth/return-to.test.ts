import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeReturnTo, toSignInPath } from './return-to'

describe('safeReturnTo', () => {
  it.each([
    ['/resources?search=a%20b&page=2', '/resources?search=a%20b&page=2'],
    ['/scans/1#parts', '/scans/1#parts'],
    ['/', '/'],
    [null, '/'],
    ['', '/'],
    ['resources', '/'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['//', '/'],
    ['/\\evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/..//evil.example', '/'],
    ['/.//evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/sign-in?returnTo=/sign-in', '/'],
    ['/auth/sign-out', '/'],
    ['/no-access', '/'],
    [`/${'a'.repeat(3000)}`, '/'],
  ])('%j goes to %j', (value, expected) => {
    expect(safeReturnTo(value)).toBe(expected)
  })

  it('never leaves the site, whatever is asked', () => {
    const pieces = fc.array(fc.constantFrom('/', '\\', '.', '..', ':', '@', '?', '#', '%2f', '%5c', '\t', '\n', 'http', 'evil.example', ' '), { maxLength: 8 })
    fc.assert(
      fc.property(fc.oneof(pieces.map((parts) => `/${parts.join('')}`), fc.string()), (value) => {
        expect(new URL(safeReturnTo(value), 'https://keypoint.example').origin).toBe('https://keypoint.example')
      }),
    )
  })
})

describe('toSignInPath', () => {
  it('keeps the way back as one parameter', () => {
    expect(toSignInPath('/resources?page=2')).toBe('/sign-in?returnTo=%2Fresources%3Fpage%3D2')
    expect(toSignInPath('//evil.example')).toBe('/sign-in')
  })
})
