import { describe, expect, it } from 'vitest'
import { resourcesHref } from '@/components/links'
import { rawParams } from '../ignored-params'
import { ignoredParams, loadResourceParams, serializeResourceParams, toResourceQuery } from './search-params'

function paramsOf(href: string) {
  return loadResourceParams(new URL(href, 'http://localhost').searchParams)
}

describe('the address of the resources page', () => {
  it('gives the defaults when it says nothing', () => {
    expect(toResourceQuery(paramsOf('/resources'))).toEqual({ sort: 'severity', descending: true, page: 1, pageSize: 50 })
  })

  it('is read back as links elsewhere wrote it', () => {
    const filter = {
      search: '/subscriptions/a b&c', verdicts: ['fail', 'unknown'], keyPoints: ['audit-logging'], severities: ['high'], checks: ['resource-audit-logs'],
      reasonCodes: ['permission-denied'], subscriptions: ['0b1f6471-1bf0-4dda-aec3-cb9272f09590'], types: ['microsoft.keyvault/vaults'], locations: ['westeurope'],
    } as const
    expect(toResourceQuery(paramsOf(resourcesHref(filter)))).toMatchObject(filter)
  })

  it('leaves defaults out and repeats names for many values', () => {
    const params = paramsOf('/resources?verdict=fail&verdict=unknown&sort=-severity&page=1')
    expect(serializeResourceParams('/resources', params)).toBe('/resources?verdict=fail&verdict=unknown')
  })

  it.each([
    ['verdict=wrong', ['verdict=wrong']],
    ['verdict=fail&verdict=wrong', ['verdict=wrong']],
    ['sort=colour', ['sort=colour']],
    ['page=-3', ['page=-3']],
    ['page=x', ['page=x']],
    ['page=99999999999999999999', ['page=99999999999999999999']],
    ['sort=name&sort=type', ['sort=type']],
    ['size=7', ['size=7']],
    ['colour=red', ['colour=red']],
    ['constructor=1&__proto__=2&verdict=fail&__proto__=3', ['constructor=1', '__proto__=2', '__proto__=3']],
    ['verdict=fail&q=kv&sort=name&page=2&size=100', []],
  ])('names what it ignores in %s', (query, ignored) => {
    const raw = rawParams(new URLSearchParams(query))
    expect(ignoredParams(raw, loadResourceParams(raw))).toEqual(ignored)
  })

  it('never asks the database for a page before the first, nor for one that it cannot count to', () => {
    expect(toResourceQuery(paramsOf('/resources?page=-3')).page).toBe(1)
    expect(toResourceQuery(paramsOf('/resources?page=99999999999999999999')).page).toBe(1_000_000)
  })
})
