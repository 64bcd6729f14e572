import { describe, expect, it } from 'vitest'
import type { EstateLiteral } from '@/lib/checks/testing/estate-builder'
import { hubId, idOf, liveOf, refused, resourceOf, settingOf, storageId, unseen, workspaceId, workspaceOf, type SettingLiteral } from '@/lib/checks/testing/literals'
import { judgementOf } from '@/lib/checks/testing/judged-cases'
import { served, windowsMachine } from '@/lib/checks/testing/machine-estate'
import { subscriptionIdOf } from '@/lib/domain/arm-id'
import { defaultPolicy } from '@/lib/domain/policy'
import { Remediations } from './remediation'

const central = '33333333-3333-4333-8333-333333333333'
const vaultType = 'Microsoft.KeyVault/vaults'
const vault = resourceOf(vaultType, 'kv')
const hub = hubId('siem', central)
const law = workspaceId('law', central)
const rule = idOf('Microsoft.Insights/dataCollectionRules', 'of-law', '44444444-4444-4444-8444-444444444444')

function sentTo(setting: SettingLiteral, more: EstateLiteral): EstateLiteral {
  return { resources: [vault], live: { [vault.type]: liveOf(vaultType, { AuditEvent: ['audit', 'allLogs'] }) }, settings: { [vault.id]: [settingOf({ logs: ['AuditEvent'], ...setting })] }, alsoSeen: [central], ...more }
}

const toHub = sentTo({ hub }, { exists: [hub], hubs: { [hub]: refused } })
const toTransformed = sentTo({ workspace: law }, { workspaces: [workspaceOf('law', { id: law, defaultRuleId: rule })], rules: { [rule]: refused } })
const toUnseen = sentTo({ storage: storageId('arch', unseen) }, {})
const toUnreadTables = sentTo({ workspace: law }, { workspaces: [workspaceOf('law', { id: law })], tables: { [law]: refused } })

/** The scope at which the remediation of that check's finding grants Reader, on the vault unless told otherwise. */
function scopeOf(check: string, estate: EstateLiteral, of = vault.id): string | undefined {
  const finding = judgementOf(check, estate, of)
  if (finding?.judgement.verdict !== 'unknown') throw new Error(`${check} should be unknown, and is ${finding?.judgement.verdict}`)
  const { evidence = {}, reason, reasonCode, permission = null } = finding.judgement
  const remediation = new Remediations(null, defaultPolicy, ({ subscriptionId }) => ({ subscriptionId, managementGroups: [], tags: {} }))
    .of({ ...finding, verdict: 'unknown', reason, reasonCode, permission, evidence, since: '2026-01-01T00:00:00Z' })
  return /--scope (\S+)$/.exec(remediation?.azureCli ?? '')?.[1]
}

describe('what lets a refused read be made', () => {
  it.each([
    ['resource-audit-logs', 'the namespace of event hubs', toHub, central],
    ['resource-log-retention', 'the namespace of event hubs', toHub, central],
    ['resource-audit-logs', 'the rule that the workspace transforms with', toTransformed, '44444444-4444-4444-8444-444444444444'],
    ['resource-log-retention', 'the rule that the workspace transforms with', toTransformed, '44444444-4444-4444-8444-444444444444'],
    ['resource-audit-logs', 'the account out of sight', toUnseen, unseen],
    ['resource-log-retention', 'the account out of sight', toUnseen, unseen],
    ['resource-log-retention', 'the workspace whose tables are not read', toUnreadTables, central],
    ['resource-audit-logs', 'the vault itself', sentTo({ hub }, { settings: { [vault.id]: refused } }), vault.subscriptionId],
  ])('is granted for %s in the subscription of %s', (check, _, estate, subscription) => {
    expect(scopeOf(check, estate)).toBe(`/subscriptions/${subscription}`)
  })

  it('is granted for a machine in the subscription of its data collection rule', () => {
    const estate = served({ machine: windowsMachine })
    const associated = { ...estate, associations: { [windowsMachine.id]: [{ name: 'assoc', ruleId: rule, endpointId: null }] }, rules: { [rule]: refused } }
    expect(scopeOf('machine-security-events', associated, windowsMachine.id)).toBe(`/subscriptions/${subscriptionIdOf(rule)}`)
  })
})
