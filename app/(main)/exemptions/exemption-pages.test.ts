import { expect, it } from 'vitest'
import { pagesHref, parsePages } from './exemption-pages'

it('reads the page of each list, and takes nonsense for the first', () => {
  expect(parsePages({ requested: '2', 'in-force': '-1', past: ['3', '4'], 'not-taken-over': 'x' })).toEqual({ requested: 2, 'in-force': 1, past: 1, 'not-taken-over': 1 })
})

it('leads to another page of one list and keeps those of the others', () => {
  const pages = parsePages({ past: '3' })
  expect(pagesHref(pages, 'in-force', 2)).toBe('/exemptions?in-force=2&past=3')
  expect(pagesHref(pages, 'past', 1)).toBe('/exemptions')
})
