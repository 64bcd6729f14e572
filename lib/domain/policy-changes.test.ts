import { describe, expect, it } from 'vitest'
import { defaultPolicy, type Policy, type PolicyOverride } from './policy'
import { overrideInWords, policyChanges } from './policy-changes'

const law = (name: string): string => `/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/${name}`
const titleOf = (id: string): string => `“${id}”`
const production: PolicyOverride = { scope: { kind: 'management-group', name: 'production' }, rules: { retentionDays: { total: 730 }, disabledChecks: ['a'] } }
const tagged: PolicyOverride = { scope: { kind: 'tag', name: 'env', value: 'prod' }, rules: { severityByCheck: { a: 'critical' } } }

function changes(before: Partial<Policy>, after: Partial<Policy>): string[] {
  return policyChanges({ ...defaultPolicy, ...before }, { ...defaultPolicy, ...after }, titleOf)
}

describe('policyChanges', () => {
  it('says nothing of a policy that was saved as it was, ids in another casing included', () => {
    expect(changes({ approvedWorkspaces: [law('a')], overrides: [production] }, { approvedWorkspaces: [law('a').toUpperCase()], overrides: [production] })).toEqual([])
  })
  it.each<[Partial<Policy>, Partial<Policy>, string[]]>([
    [{}, { approvedWorkspaces: [law('a')] }, ['Central workspaces: confirmed a']],
    [{}, { approvedWorkspaces: [] }, ['Central workspaces: confirmed none']],
    [{ approvedWorkspaces: [law('a')] }, { approvedWorkspaces: [law('b')] }, ['Central workspaces: added b', 'Central workspaces: removed a']],
    [{}, { approvedDestinations: [law('x')] }, ['Approved destinations: added x']],
    [{}, { retentionDays: { total: 400, interactive: 90, byKeyPoint: { 'log-retention': 730 } } }, ['Total retention: 365 days → 400 days', 'Retention for Security log storage retention: as the total → 730 days']],
    [{}, { disabledChecks: ['a'], enabledChecks: ['b'] }, ['Checks switched off: added “a”', 'Optional checks switched on: added “b”']],
    [{ severityByCheck: { a: 'low' } }, { severityByCheck: {} }, ['Severity of “a”: low → its own']],
    [{ requiredCategories: {} }, { requiredCategories: { t: ['A', 'B'] } }, ['Required of t: as Azure groups them → A, B']],
    [{}, { exemptionApprover: 'another-person' }, ['Exemptions are approved by: any Admin → another Admin than whoever asked']],
    [{}, { fullEveryNights: 1 }, ['Everything is read: every 7 nights → every night']],
    [{}, { acceptedAlternatives: ['edr'] }, ['Accepted alternatives: added “edr”']],
    [{ overrides: [production] }, { overrides: [] }, ['Overrides: removed management group production (Total retention: 730 days; Off: “a”)']],
    [{ overrides: [production, tagged] }, { overrides: [tagged, production] }, ['Overrides: new order tag env = prod, management group production']],
  ])('%o → %o', (before, after, said) => {
    expect(changes(before, after)).toEqual(said)
  })
})

it('overrideInWords names everything that an override sets', () => {
  const rules: PolicyOverride['rules'] = {
    approvedWorkspaces: [], approvedDestinations: [law('x')], retentionDays: { interactive: 30, byKeyPoint: { 'log-retention': 400 } }, requiredCategories: { t: [] },
    enabledChecks: ['b'], acceptedAlternatives: [],
  }
  expect(overrideInWords({ scope: { kind: 'tag', name: 'env', value: '' }, rules }, titleOf)).toEqual([
    'Central workspaces: none', 'Approved destinations: x', 'Interactive retention: 30 days', 'Security log storage retention: 400 days', 'Required of t: nothing',
    'On: “b”', 'Accepted alternatives: none',
  ])
})
