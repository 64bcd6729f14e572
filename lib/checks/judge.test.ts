import { describe, expect, it } from 'vitest'
import type { Check } from '@/lib/domain/check'
import { judgeSubjects } from './judge'
import { findCheck } from './list'
import { contextOf, type EstateLiteral } from './testing/estate-builder'
import { resourceOf, settingOf, subscriptionId, tenantId, workspaceId } from './testing/literals'

const vault = resourceOf('Microsoft.KeyVault/vaults', 'kv')
const estate: EstateLiteral = {
  resources: [vault],
  settings: { [vault.id]: [settingOf({ logs: ['AuditEvent'], workspace: workspaceId('central') })], [subscriptionId]: [] },
}

/** A check that throws, as a bug would. */
function throwing(): Check {
  const check = findCheck('resource-audit-logs')
  if (!check) throw new Error('missing check')
  return { ...check, id: 'broken-check', evaluate: () => { throw new TypeError('value is not iterable') } }
}

describe('judgeSubjects', () => {
  it('makes one finding for each subject and check that applies', () => {
    const keys = judgeSubjects(contextOf(estate)).map((finding) => `${finding.resourceId}|${finding.check}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toContain(`${subscriptionId}|activity-log-export`)
    expect(keys.filter((key) => key.startsWith(vault.id))).toEqual([
      `${vault.id}|resource-logs-centralized`,
      `${vault.id}|resource-audit-logs`,
      `${vault.id}|resource-log-retention`,
    ])
  })

  it('asks the tenant and its management groups in the part without a subscription', () => {
    const group = { id: `/providers/Microsoft.Management/managementGroups/${tenantId}`, name: tenantId, displayName: 'Root', parentId: null }
    const findings = judgeSubjects(contextOf({ subscription: null, managementGroups: [group], settings: {} }))
    expect(new Set(findings.map((finding) => finding.resourceId))).toEqual(new Set([group.id, `/tenants/${tenantId}`]))
    expect(findings.every((finding) => finding.subscriptionId === null)).toBe(true)
  })

  it('costs a throwing check its own verdict and nothing else', () => {
    const sound = findCheck('resource-log-retention')
    const findings = judgeSubjects(contextOf(estate), [throwing(), ...(sound ? [sound] : [])])
    const broken = findings.find((finding) => finding.check === 'broken-check' && finding.resourceId === vault.id)
    expect(broken?.judgement).toMatchObject({ verdict: 'unknown', reasonCode: 'api-error', reason: expect.stringContaining('broken-check') })
    expect(findings.some((finding) => finding.check === 'resource-log-retention')).toBe(true)
  })

  it('leaves out disabled checks and applies the policy’s severities', () => {
    const findings = judgeSubjects(contextOf({ ...estate, policy: { disabledChecks: ['resource-log-retention'], severityByCheck: { 'resource-audit-logs': 'low' } } }))
    expect(findings.some((finding) => finding.check === 'resource-log-retention')).toBe(false)
    expect(findings.find((finding) => finding.check === 'resource-audit-logs')?.severity).toBe('low')
  })

  it('asks optional checks only when the policy enables them, and never when it disables them', () => {
    const sound = findCheck('resource-log-retention')
    if (!sound) throw new Error('missing check')
    const asked = (policy: EstateLiteral['policy']) => judgeSubjects(contextOf({ ...estate, policy }), [{ ...sound, aliases: ['former'], optional: true }]).length
    expect(asked({})).toBe(0)
    expect(asked({ enabledChecks: ['resource-log-retention'] })).toBe(1)
    expect(asked({ enabledChecks: ['former'] })).toBe(1)
    expect(asked({ enabledChecks: ['resource-log-retention'], disabledChecks: ['former'] })).toBe(0)
  })

  it('gives the identical findings when the same estate is read again in another order', () => {
    const settings = [
      settingOf({ name: 'b', logs: ['AuditEvent', 'AzurePolicyEvaluationDetails'], workspace: workspaceId('central') }),
      settingOf({ name: 'A', logs: ['group:allLogs'], workspace: workspaceId('old') }),
    ]
    const turned = settings.toReversed().map((setting) => ({ ...setting, logs: setting.logs.toReversed() }))
    const findings = (list: typeof settings) => judgeSubjects(contextOf({ ...estate, settings: { [vault.id]: list } }))
    expect(JSON.stringify(findings(turned))).toBe(JSON.stringify(findings(settings)))
  })

  it('keeps the casing that Azure returned', () => {
    const shouted = { ...vault, id: vault.id.toUpperCase(), subscriptionId: vault.subscriptionId.toUpperCase() }
    const [finding] = judgeSubjects(contextOf({ resources: [shouted], settings: {} }))
    expect(finding?.resourceId).toBe(shouted.id)
    expect(finding?.subscriptionId).toBe(vault.subscriptionId)
  })
})
