import { describe, expect, it } from 'vitest'
import type { ReadFailure } from '@/lib/domain/collected'
import { partStatusOf } from './part-status'

const refused: ReadFailure = { ok: false, reason: 'permission-denied', detail: '', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Insights/diagnosticSettings/read' }
const throttled: ReadFailure = { ok: false, reason: 'throttled', detail: '', status: 429, code: null, action: null }

describe('partStatusOf', () => {
  it('succeeds without failures', () => {
    expect(partStatusOf([])).toEqual({ status: 'succeeded', reason: null })
  })

  it('counts the failures by kind, the most first', () => {
    expect(partStatusOf([throttled, refused, { ...refused, count: 3 }])).toEqual({
      status: 'partial',
      reason: '4 reads refused (Microsoft.Insights/diagnosticSettings/read); 1 read throttled to the end',
    })
  })
})
