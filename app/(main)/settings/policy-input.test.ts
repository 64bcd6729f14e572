import { describe, expect, it } from 'vitest'
import { categoriesText } from './policy-fields'
import { parsePolicyForm } from './policy-input'

const workspace = '/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/rg-central/providers/Microsoft.OperationalInsights/workspaces/law-central'
const hub = '/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/rg-siem/providers/Microsoft.EventHub/namespaces/siem'

function form(fields: Record<string, string | string[]>): FormData {
  const data = new FormData()
  const all = { version: '3', otherWorkspaces: '', destinations: '', total: '365', interactive: '90', categories: '', nights: '7', ...fields }
  for (const [name, value] of Object.entries(all)) for (const one of [value].flat()) data.append(name, one)
  return data
}

describe('parsePolicyForm', () => {
  it('takes one workspace that was ticked and typed in another casing once', () => {
    expect(parsePolicyForm(form({ workspace, otherWorkspaces: `  ${workspace.toUpperCase()}\n` }))).toEqual({
      ok: true,
      value: { version: 3, approvedWorkspaces: [workspace.toUpperCase()], approvedDestinations: [], retentionDays: { total: 365, interactive: 90 }, requiredCategories: {}, exemptionApprover: 'any-admin', fullEveryNights: 7 },
    })
    expect(parsePolicyForm(form({ another: 'yes' }))).toMatchObject({ ok: true, value: { exemptionApprover: 'another-person' } })
  })

  it('takes no workspace at all as a decision', () => {
    expect(parsePolicyForm(form({}))).toMatchObject({ ok: true, value: { approvedWorkspaces: [] } })
  })

  it('takes destinations, days for key points and categories by type', () => {
    const categories = 'Microsoft.KeyVault/vaults: AuditEvent, Other\nmicrosoft.web/sites:'
    const parsed = parsePolicyForm(form({ destinations: `${hub}\n${hub.toLowerCase()}`, 'days-log-retention': '400', 'days-dns-query-logging': '30', categories }))
    expect(parsed).toMatchObject({
      ok: true,
      value: { approvedDestinations: [hub.toLowerCase()], retentionDays: { byKeyPoint: { 'log-retention': 400, 'dns-query-logging': 30 } }, requiredCategories: { 'microsoft.keyvault/vaults': ['AuditEvent', 'Other'], 'microsoft.web/sites': [] } },
    })
    expect(parsed.ok && categoriesText(parsed.value.requiredCategories)).toBe('microsoft.keyvault/vaults: AuditEvent, Other\nmicrosoft.web/sites: ')
  })

  it.each([
    ['otherWorkspaces', { otherWorkspaces: 'law-central' }],
    ['otherWorkspaces', { workspace: '/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/z' }],
    ['destinations', { destinations: 'siem' }],
    ['destinations', { destinations: `${hub}/authorizationRules/Root` }],
    ['total', { total: '0' }],
    ['total', { total: 'a year' }],
    ['total', { total: '1.5' }],
    ['total', { total: '9999' }],
    ['interactive', { interactive: '' }],
    ['interactive', { total: '30', interactive: '31' }],
    ['days-log-retention', { 'days-log-retention': '-1' }],
    ['days-audit-logging', { 'days-audit-logging': '4384' }],
    ['categories', { categories: 'AuditEvent' }],
    ['nights', { nights: '' }],
    ['nights', { nights: '0' }],
    ['nights', { nights: '1.5' }],
    ['nights', { nights: '46' }],
  ])('names the field %s for %o', (field, fields) => {
    const parsed = parsePolicyForm(form(fields))
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toEqual([field])
  })
})
