import { createHttpHeaders } from '@azure/core-rest-pipeline'
import { describe, expect, it } from 'vitest'
import { quotaResetMs, retryAfterMs } from './retry-after'

const now = Date.parse('2026-03-01T10:00:00Z')

const cases: { name: string; headers?: Record<string, string>; body?: string; expected: number | null }[] = [
  { name: 'seconds', headers: { 'Retry-After': '17' }, expected: 17_000 },
  { name: 'a date', headers: { 'Retry-After': 'Sun, 01 Mar 2026 10:00:30 GMT' }, expected: 30_000 },
  { name: 'a date by the clock of who says it', headers: { 'Retry-After': 'Sun, 01 Mar 2026 12:00:30 GMT', Date: 'Sun, 01 Mar 2026 12:00:00 GMT' }, expected: 30_000 },
  { name: 'a date in the past', headers: { 'Retry-After': 'Sun, 01 Mar 2026 09:00:00 GMT' }, expected: 0 },
  { name: 'milliseconds', headers: { 'retry-after-ms': '250' }, expected: 250 },
  { name: 'milliseconds by the other name', headers: { 'x-ms-retry-after-ms': '1500', 'retry-after': '2' }, expected: 1500 },
  { name: 'the text of the error', body: "exceeded the backend storage limit. Please try again after '6' seconds.", expected: 6000 },
  { name: 'the header before the text', headers: { 'retry-after': '3' }, body: "try again after '6' seconds", expected: 3000 },
  { name: 'nonsense', headers: { 'retry-after': 'soon' }, expected: null },
  { name: 'nothing', expected: null },
]

describe('retryAfterMs', () => {
  it.each(cases)('reads $name', ({ headers, body, expected }) => {
    expect(retryAfterMs(createHttpHeaders(headers), body, now)).toBe(expected)
  })
})

describe('quotaResetMs', () => {
  it('reads hh:mm:ss', () => {
    expect(quotaResetMs('00:00:05')).toBe(5000)
    expect(quotaResetMs('01:02:03')).toBe(3_723_000)
    expect(quotaResetMs('5')).toBeNull()
    expect(quotaResetMs(undefined)).toBeNull()
  })
})
