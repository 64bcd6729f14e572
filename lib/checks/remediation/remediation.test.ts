import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { RemediationSubject } from '@/lib/domain/check'
import { defaultPolicy } from '@/lib/domain/policy'
import { findCheck } from '../list'
import { judgementOf } from '../testing/judged-cases'
import { hubId, liveOf, refused, resourceOf, settingOf, subscriptionId, tableOf, tenantSubjectId, workspaceId, type EstateLiteral } from '../testing/estate-builder'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'

const central = workspaceId('central')

function remediationOf(check: string, estate: EstateLiteral, id: string, type: string, centralWorkspaceIds = [central]) {
  const judgement = judgementOf(check, estate, id)?.judgement
  const found = findCheck(check)
  if (!judgement || !found) throw new Error(`no finding of ${check}`)
  const subject: RemediationSubject = { resourceId: id, resourceType: type.toLowerCase(), resourceName: 'n', location: 'westeurope', judgement }
  return found.remediate(subject, { centralWorkspaceIds, policy: defaultPolicy, catalog: loadCatalog() })
}

const vaultType = 'Microsoft.KeyVault/vaults'
const vault = resourceOf(vaultType, 'kv')
const bareVault: EstateLiteral = { resources: [vault], live: { [vault.type]: liveOf(vaultType, { AuditEvent: ['audit'] }) }, settings: { [vault.id]: [] } }

describe('quoting', () => {
  it.each(["it's", '$(rm -rf /)', '`id`', 'a"b', 'a b', '\\', "'; echo pwned; '"])('a shell reads %s back unchanged', (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text)
  })
  it('keeps interpolation out of Bicep and Terraform', () => {
    expect(bicepString("a'b${c}")).toBe("'a\\'b\\${c}'")
    expect(terraformString('a"b${c}%{d}')).toBe('"a\\"b$${c}%%{d}"')
  })
})

describe('a diagnostic setting', () => {
  it('asks for the audit group where that is what was missing, with the resource and the central workspace filled in', () => {
    const { azureCli, bicep, terraform, policy } = remediationOf('resource-audit-logs', bareVault, vault.id, vaultType)
    expect(azureCli).toContain(`--resource '${vault.id}'`)
    expect(azureCli).toContain(`--workspace '${central}'`)
    expect(azureCli).toContain(`--logs '[{"categoryGroup":"audit","enabled":true}]'`)
    expect(bicep).toContain("resource target 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: 'kv'\n}")
    expect(terraform).toContain('category_group = "audit"')
    expect(policy?.id).toBe('/providers/Microsoft.Authorization/policyDefinitions/6b359d8f-f88d-4052-aa7c-32015963ecc1')
  })
  it('shows a placeholder while no central workspace is known', () => {
    expect(remediationOf('resource-audit-logs', bareVault, vault.id, vaultType, []).azureCli).toContain(`'${workspacePlaceholder}'`)
  })
  it('names the lean categories of AKS', () => {
    const aks = resourceOf('Microsoft.ContainerService/managedClusters', 'aks', { properties: { aadProfile: {} } })
    const { azureCli } = remediationOf('aks-audit', { resources: [aks], settings: { [aks.id]: [] } }, aks.id, aks.type)
    expect(azureCli).toContain('[{"category":"guard","enabled":true},{"category":"kube-audit-admin","enabled":true}]')
  })
  it('references a storage service by the account’s name and its own', () => {
    const type = 'Microsoft.Storage/storageAccounts/blobServices'
    const blobs = resourceOf(type, 'acct/default')
    const { bicep } = remediationOf('resource-audit-logs', { resources: [blobs], settings: { [blobs.id]: [] } }, blobs.id, type)
    expect(bicep).toContain("name: 'acct/default'")
    expect(bicep).toContain(`'${type}@2023-05-01'`)
  })
  it('turns on auditing of the server for a SQL database', () => {
    const type = 'Microsoft.Sql/servers/databases'
    const database = resourceOf(type, 'sql/orders')
    const { azureCli } = remediationOf('resource-audit-logs', { resources: [database], settings: {} }, database.id, type)
    expect(azureCli).toMatch(/^az sql server audit-policy update .*--name 'sql'/)
  })
})

describe('platform settings', () => {
  it('exports every category of the activity log', () => {
    const { azureCli, policy } = remediationOf('activity-log-export', { settings: { [subscriptionId]: [] } }, subscriptionId, 'microsoft.resources/subscriptions')
    const logs: unknown = JSON.parse(/--logs '(.*)'/.exec(azureCli ?? '')?.[1] ?? '')
    expect(logs).toHaveLength(8)
    expect(policy?.id).toContain('2465583e-4e78-4c15-b6be-a36cbc7c8b0f')
  })
  it('sends a valid body for Entra, and asks for the right first where it was refused', () => {
    const failing = remediationOf('entra-log-export', { subscription: null, settings: { [tenantSubjectId]: [] } }, tenantSubjectId, 'microsoft.aadiam/tenants')
    const body: unknown = JSON.parse(/--body '(.*)'/.exec(failing.azureCli ?? '')?.[1] ?? '')
    expect(body).toMatchObject({ properties: { workspaceId: central } })
    const denied = remediationOf('entra-log-export', { subscription: null, settings: { [tenantSubjectId]: refused } }, tenantSubjectId, 'microsoft.aadiam/tenants')
    expect(denied.azureCli).toContain("--scope '/providers/Microsoft.aadiam'")
  })
})

describe('retention', () => {
  it('names the tables that were too short', () => {
    const estate: EstateLiteral = { ...bareVault, settings: { [vault.id]: [settingOf({ logs: ['AuditEvent'], workspace: central, tables: 'Dedicated' })] }, tables: { [central]: [tableOf('AZKVAuditLogs', 30, 30)] } }
    const { azureCli } = remediationOf('resource-log-retention', estate, vault.id, vaultType)
    expect(azureCli).toMatch(/workspace table update .*--workspace-name 'central' --name 'AZKVAuditLogs' --retention-time 90 --total-retention-time 365$/)
  })
  it('tells an event hub’s owner both ways out', () => {
    const hub = hubId('siem')
    const estate: EstateLiteral = { resources: [resourceOf('Microsoft.EventHub/namespaces', 'siem', { id: hub })], use: { [hub]: { subjects: 1, tables: [], categories: ['auditevent'] } } }
    expect(remediationOf('event-hub-retention', estate, hub, 'Microsoft.EventHub/namespaces').summary).toContain('approved destinations')
  })
})
