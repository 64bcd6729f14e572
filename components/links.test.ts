import { describe, expect, it } from 'vitest'
import { judgedBy, resourcesHref, scanFileHref } from './links'

const partsOf = (count: number) => Array.from({ length: count }, (_, index) => ({
  subscriptionId: `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`, displayName: 'One', status: 'succeeded' as const, reason: null, resources: 1,
}))

describe('what a scan judged', () => {
  it('is everything where everything was asked for', () => {
    expect(judgedBy({ scope: {}, parts: partsOf(3) })).toEqual({})
    expect(judgedBy({ scope: { subscriptions: [] }, parts: partsOf(3) })).toEqual({})
  })

  it('is its subscriptions where some were', () => {
    const filter = { ...judgedBy({ scope: { managementGroup: 'production' }, parts: partsOf(2) }), checks: ['resource-audit-logs'] }
    expect(resourcesHref(filter)).toBe('/resources?check=resource-audit-logs&subscription=aaaaaaaa-0000-4000-8000-000000000000&subscription=aaaaaaaa-0000-4000-8000-000000000001')
  })

  it('makes no address that a server refuses for its length', () => {
    for (const count of [100, 101, 5000]) expect(resourcesHref(judgedBy({ scope: { managementGroup: 'production' }, parts: partsOf(count) })).length).toBeLessThan(8000)
  })
})

it('names the file of a scan with what it is narrowed to', () => {
  expect(scanFileHref('one', 'csv')).toBe('/scans/one/export?format=csv')
  expect(scanFileHref('one', 'json', { checks: ['a&b'], keyPoints: ['audit-logging'] })).toBe('/scans/one/export?key-point=audit-logging&check=a%26b&format=json')
})
