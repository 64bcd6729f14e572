import { describe, expect, it } from 'vitest'
import { allAzurePolicyNotes, azurePolicyNotes, checksWithNotes } from './azure-policy-notes'
import { checks, findCheck } from './list'
import builtIn from './testing/grammar/built-in-policies.json' with { type: 'json' }

const names: Readonly<Record<string, string>> = builtIn.displayNames
/** Deprecated, and named because a tenant may still have them assigned. */
const deprecated = new Set(['6265018c-d7e2-432f-a75d-094d5f6f4465'])

describe('notes on Azure Policy', () => {
  it.each(checksWithNotes.map((id) => [id]))('%s is a check', (id) => {
    expect(findCheck(id)?.id).toBe(id)
  })
  it.each(checks.flatMap(({ id }) => allAzurePolicyNotes(id).map((note) => [id, note] as const)))('%s names built-in policies as Azure does', (_, note) => {
    if (!deprecated.has(note.id)) expect(names[note.id]).toBe(note.displayName)
    expect(note.difference).toMatch(/^[A-Z].*\.$/)
  })
  it('speak of a resource only where the policy looks at its type', () => {
    const ids = (type: string) => azurePolicyNotes('resource-audit-logs', type).map(({ id }) => id.slice(0, 8))
    expect(ids('Microsoft.KeyVault/vaults')).toEqual(['187242f4', '7f89b1eb', 'cf820ca0'])
    expect(ids('microsoft.search/searchservices')).toEqual(['187242f4', '7f89b1eb', '1b4d1c4e', 'b4330a05'])
    expect(azurePolicyNotes('activity-alert-sql-firewall-rule-write', 'microsoft.resources/subscriptions').map(({ id }) => id.slice(0, 8))).toEqual(['b954148f'])
    expect(azurePolicyNotes('workspace-hardened', 'microsoft.operationalinsights/workspaces')).toEqual([])
  })
})
