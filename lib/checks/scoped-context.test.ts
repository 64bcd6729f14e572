import { describe, expect, it } from 'vitest'
import type { PolicyOverride } from '@/lib/domain/policy'
import { destinationUse } from './destination-use'
import { judgeSubjects } from './judge'
import { contextOfSubject } from './scoped-context'
import { contextOf, type EstateLiteral } from './testing/estate-builder'
import { home, liveOf, resourceOf, settingOf, workspaceId, workspaceOf } from './testing/literals'
import { subjectsOf } from './subjects'

const vaultType = 'Microsoft.KeyVault/vaults'
const prod = resourceOf(vaultType, 'kv-prod', { tags: { environment: 'prod' } })
const plain = resourceOf(vaultType, 'kv-plain')
const local = settingOf({ logs: ['AuditEvent'], workspace: workspaceId('team') })

function estate(...overrides: PolicyOverride[]): EstateLiteral {
  return {
    groupNames: ['production', 'root'],
    resources: [prod, plain],
    live: { [prod.type]: liveOf(vaultType, { AuditEvent: ['audit'], Other: [] }) },
    workspaces: [workspaceOf('central'), workspaceOf('team')],
    settings: { [prod.id]: [local], [plain.id]: [local] },
    policy: { overrides },
  }
}

function verdicts(literal: EstateLiteral, check: string): Record<string, string> {
  return Object.fromEntries(judgeSubjects(contextOf(literal)).filter((finding) => finding.check === check).map((finding) => [finding.resourceName, `${finding.judgement.verdict} ${finding.severity}`]))
}

const tagged = (rules: PolicyOverride['rules']): PolicyOverride => ({ scope: { kind: 'tag', name: 'Environment', value: 'PROD' }, rules })

describe('overrides of the policy', () => {
  it('give the tagged resource its own central workspace', () => {
    expect(verdicts(estate(), 'resource-logs-centralized')).toEqual({ 'kv-prod': 'fail medium', 'kv-plain': 'fail medium' })
    expect(verdicts(estate(tagged({ approvedWorkspaces: [workspaceId('team').toUpperCase()] })), 'resource-logs-centralized')).toEqual({ 'kv-prod': 'pass medium', 'kv-plain': 'fail medium' })
  })
  it('hold for the parts of a tagged resource, in the casing that Azure gave them', () => {
    const account = resourceOf('Microsoft.Storage/storageAccounts', 'acct', { tags: { environment: 'prod' } })
    const blobType = 'Microsoft.Storage/storageAccounts/blobServices'
    const blobs = resourceOf(blobType, 'acct/default', { id: `${account.id.toUpperCase()}/blobServices/default` })
    const other = resourceOf(blobType, 'acct/other', { id: `${account.id}/blobServices/other`, tags: { Environment: 'test' } })
    const literal: EstateLiteral = { resources: [account, blobs, other], settings: { [blobs.id]: [], [other.id]: [] }, policy: { overrides: [tagged({ severityByCheck: { 'resource-audit-logs': 'low' } })] } }
    expect(verdicts(literal, 'resource-audit-logs')).toMatchObject({ default: 'fail low', other: 'fail high' })
  })
  it('switch checks and severities by management group and subscription', () => {
    const off: PolicyOverride = { scope: { kind: 'management-group', name: 'Root' }, rules: { disabledChecks: ['resource-audit-logs'] } }
    const on: PolicyOverride = { scope: { kind: 'subscription', subscriptionId: home.toUpperCase() }, rules: { enabledChecks: ['resource-audit-logs'], severityByCheck: { 'resource-audit-logs': 'low' } } }
    expect(verdicts(estate(off), 'resource-audit-logs')).toEqual({})
    expect(verdicts(estate(off, on), 'resource-audit-logs')).toEqual({ 'kv-prod': 'pass low', 'kv-plain': 'pass low' })
    expect(verdicts(estate({ ...off, scope: { kind: 'management-group', name: 'sandboxes' } }), 'resource-audit-logs')).toEqual({ 'kv-prod': 'pass high', 'kv-plain': 'pass high' })
  })
  it('ask other categories of the tagged resource, also where use of destinations is counted', () => {
    const literal = estate(tagged({ requiredCategories: { [prod.type]: ['Other'] } }))
    expect(verdicts(literal, 'resource-audit-logs')).toEqual({ 'kv-prod': 'fail high', 'kv-plain': 'pass high' })
    expect(destinationUse(contextOf(literal)).use.size).toBe(1)
  })
  it('make one context for all that lie under the same, and none where nothing is overridden', () => {
    const context = contextOf(estate(tagged({ retentionDays: { total: 730 } })))
    const contexts = new Set([...subjectsOf(context)].map((subject) => contextOfSubject(subject, context)))
    expect(contexts.size).toBe(2)
    expect(contexts.has(context)).toBe(true)
    const without = contextOf(estate())
    expect([...subjectsOf(without)].every((subject) => contextOfSubject(subject, without) === without)).toBe(true)
  })
  it('hold for a management group and those below it', () => {
    const root = { id: '/providers/Microsoft.Management/managementGroups/root', name: 'root', displayName: 'Root', parentId: null }
    const child = { id: '/providers/Microsoft.Management/managementGroups/child', name: 'child', displayName: 'Child', parentId: root.id.toUpperCase() }
    const override: PolicyOverride = { scope: { kind: 'management-group', name: 'child' }, rules: { severityByCheck: { 'management-group-activity-log-export': 'critical' } } }
    const literal: EstateLiteral = { subscription: null, managementGroups: [root, child], settings: { [root.id]: [], [child.id]: [] }, policy: { overrides: [override] } }
    const found = Object.fromEntries(judgeSubjects(contextOf(literal)).filter((finding) => finding.check === 'management-group-activity-log-export').map((finding) => [finding.resourceName, finding.severity]))
    expect(found.Child).toBe('critical')
    expect(found.Root).not.toBe('critical')
  })
})
