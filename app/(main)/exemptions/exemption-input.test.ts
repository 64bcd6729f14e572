import { describe, expect, it } from 'vitest'
import { parseExemptionForm } from './exemption-input'

const subscription = '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001'

function form(fields: Record<string, string>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries({ scope: subscription, tag: '', tagValue: '', check: '', category: 'waived', reason: 'Known.', until: '2026-07-01', ...fields })) data.append(name, value)
  return data
}

describe('parseExemptionForm', () => {
  it.each([subscription, `${subscription}/resourceGroups/rg`, `${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`, '/', '', '/providers/Microsoft.Management/managementGroups/mg'])('takes the scope %j', (scope) => {
    expect(parseExemptionForm(form({ scope: ` ${scope} `, check: 'resource-audit-logs' }))).toEqual({
      ok: true, value: { scope, tag: null, check: 'resource-audit-logs', category: 'waived', reason: 'Known.', expiresAt: '2026-07-01T23:59:59.999Z' },
    })
  })

  it('takes a tag with a value, or with any', () => {
    expect(parseExemptionForm(form({ tag: ' Owner ', tagValue: 'Team A', category: 'mitigated' }))).toMatchObject({ ok: true, value: { tag: { name: 'Owner', value: 'Team A' }, category: 'mitigated' } })
    expect(parseExemptionForm(form({ tag: 'Owner' }))).toMatchObject({ ok: true, value: { tag: { name: 'Owner', value: '' } } })
  })

  it.each([
    ['tag', { tagValue: 'of no tag' }],
    ['tag', { tag: 'x'.repeat(513) }],
    ['category', { category: 'ignored' }],
    ['scope', { scope: 'Production' }],
    ['scope', { scope: '/subscriptions/production' }],
    ['check', { check: 'no-such-check' }],
    ['reason', { reason: '  ' }],
    ['until', { until: '' }],
    ['until', { until: '2026-02-30' }],
  ])('names the field %s for %o', (field, fields) => {
    const parsed = parseExemptionForm(form(fields))
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toEqual([field])
  })

  it('names all wrong fields at once', () => {
    const parsed = parseExemptionForm(form({ scope: 'Production', tagValue: 'of no tag', reason: '' }))
    expect(parsed.ok ? [] : Object.keys(parsed.errors).sort()).toEqual(['reason', 'scope', 'tag'])
  })
})
