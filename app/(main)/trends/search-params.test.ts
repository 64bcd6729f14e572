import { describe, expect, it } from 'vitest'
import { spanOf, subjectOf, trendsQuery } from './search-params'

const now = new Date('2026-06-30T12:00:00Z')
const day = (text: string | null) => (text === null ? null : new Date(text))

describe('the span of a trend', () => {
  it.each([
    ['the last days', null, null, '2026-05-31T12:00:00.000Z', '2026-06-30T12:00:00.000Z'],
    ['from a day until now', '2025-01-01', null, '2025-01-01T00:00:00.000Z', '2026-06-30T12:00:00.000Z'],
    ['from a day to the end of another', '2026-01-01', '2026-01-31', '2026-01-01T00:00:00.000Z', '2026-01-31T23:59:59.999Z'],
    ['the days before a day', null, '2026-03-31', '2026-03-01T23:59:59.999Z', '2026-03-31T23:59:59.999Z'],
    ['an end before the beginning', '2026-03-31', '2026-01-01', '2026-03-31T00:00:00.000Z', '2026-06-30T12:00:00.000Z'],
    ['a beginning to come', '2027-01-01', null, '2026-05-31T12:00:00.000Z', '2026-06-30T12:00:00.000Z'],
    ['an end to come', '2026-06-01', '2027-01-01', '2026-06-01T00:00:00.000Z', '2026-06-30T12:00:00.000Z'],
  ])('%s', (_, from, to, since, until) => {
    const span = spanOf({ days: 30, from: day(from), to: day(to) }, now)
    expect([span.since.toISOString(), span.until.toISOString()]).toEqual([since, until])
  })

  it('is all that is kept for no days', () => {
    expect(spanOf({ days: 0, from: null, to: null }, now)).toEqual({ since: new Date(0), until: now })
    expect(spanOf({ days: 0, from: day('2026-01-01'), to: null }, now).since).toEqual(day('2026-01-01'))
  })
})

describe('what a trend is of', () => {
  const subjects = {
    subscriptions: [{ subscriptionId: 'aaaa', displayName: 'Alpha', deleted: false }, { subscriptionId: 'dddd', displayName: 'Delta', deleted: true }],
    managementGroups: [{ name: 'platform', displayName: 'Platform', deleted: false, subscriptions: ['aaaa'] }], types: ['microsoft.keyvault/vaults'],
  }
  it.each([
    ['', { kind: 'everything' }, ''],
    ['subscription:AAAA', { kind: 'subscription', subscriptionId: 'aaaa' }, 'Alpha'],
    ['subscription:dddd', { kind: 'subscription', subscriptionId: 'dddd' }, 'Delta (deleted in Azure)'],
    ['management-group:Platform', { kind: 'management-group', name: 'platform' }, 'Platform'],
    ['type:Microsoft.KeyVault/vaults', { kind: 'type', type: 'microsoft.keyvault/vaults' }, 'microsoft.keyvault/vaults'],
  ])('%s is offered', (text, of, label) => {
    expect(subjectOf(text, subjects)).toEqual({ of, label, isListed: true })
  })

  it.each([
    ['subscription:eeee', { kind: 'subscription', subscriptionId: 'eeee' }, 'eeee'],
    ['management-group:old_(1)', { kind: 'management-group', name: 'old_(1)' }, 'old_(1)'],
    ['type:microsoft.web/sites', { kind: 'type', type: 'microsoft.web/sites' }, 'microsoft.web/sites'],
  ])('%s is not offered, and is asked for all the same', (text, of, label) => {
    expect(subjectOf(text, subjects)).toEqual({ of, label, isListed: false })
  })

  it.each(['everything', 'tag:env', 'subscription:', 'type:a\u0000b', `type:${'x'.repeat(301)}`])('%j means nothing', (text) => {
    expect(subjectOf(text, subjects)).toBeNull()
  })
})

it('names the first page of the table, too, where someone turned to it', () => {
  const asked = { days: 90, from: null, to: null, of: '' } as const
  expect(trendsQuery('/trends', { ...asked, page: 1 })).toBe('/trends?page=1')
  expect(trendsQuery('/trends', { ...asked, page: null })).toBe('/trends')
})
