import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import type { DiagnosticSetting, LifecycleRule, SqlAuditing, WorkspaceTable } from '@/lib/domain/estate'
import type { Evidence } from '@/lib/domain/finding'
import { defaultPolicy } from '@/lib/domain/policy'
import { findCheck } from '../list'
import { judgementOf } from '../testing/judged-cases'
import type { EstateLiteral } from '../testing/estate-builder'
import { auditingOf, hubId, idOf, liveOf, refused, resourceOf, settingOf, storageId, subscriptionId, tableOf, tenantId, tenantSubjectId, workspaceId, workspaceOf } from '../testing/literals'
import { readBicep } from '../testing/grammar/bicep'
import { readHcl } from '../testing/grammar/hcl'
import { firewallOf, hubNetworkId, network, networkOf, resolving } from '../testing/network-estate'
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
  it('sends beside another setting to the same workspace only what that leaves out, by a name that is free', () => {
    const instance = resourceOf('Microsoft.Sql/managedInstances', 'mi')
    const live = { [instance.type]: liveOf('Microsoft.Sql/managedInstances', { SQLSecurityAuditEvents: ['audit'], DevOpsOperationsAudit: ['audit'] }) }
    const by = (settings: DiagnosticSetting[]) => remediationOf('resource-audit-logs', { resources: [instance], live, settings: { [instance.id]: settings }, exists: [central], policy: { requiredCategories: { [instance.type]: ['SQLSecurityAuditEvents', 'DevOpsOperationsAudit'] } } }, instance.id, instance.type)
    const beside = by([settingOf({ name: 'Keypoint-Security', logs: ['SQLSecurityAuditEvents'], workspace: central.toUpperCase() })])
    expect(beside.azureCli).toMatch(/--name keypoint-security-2 [^]*--logs '\[{"category":"DevOpsOperationsAudit","enabled":true}\]'/)
    for (const text of [beside.bicep, beside.terraform]) {
      expect(text).toContain('keypoint-security-2')
      expect(text).not.toContain('SQLSecurityAuditEvents')
    }
    const local = by([settingOf({ name: 'local', logs: ['SQLSecurityAuditEvents'], workspace: workspaceId('local') })])
    expect(local.azureCli).toMatch(/--name keypoint-security [^]*DevOpsOperationsAudit[^]*SQLSecurityAuditEvents/)
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
  const ofCentral = '22222222-1111-4111-8111-111111111111'
  const ofLocal = '11111111-1111-4111-8111-111111111111'
  /** Of an environment with HTTP logs, whose audit group holds them. */
  const ofEnvironment = (appLogsConfiguration: unknown, settings: DiagnosticSetting[]) => {
    const type = 'Microsoft.App/managedEnvironments'
    const environment = resourceOf(type, 'env', { properties: { appLogsConfiguration } })
    const groups = ['audit', 'allLogs']
    return remediationOf('resource-logs-centralized', {
      resources: [environment], settings: { [environment.id]: settings }, policy: { approvedWorkspaces: [central] },
      live: { [environment.type]: liveOf(type, { ContainerAppConsoleLogs: groups, ContainerAppSystemLogs: groups, ContainerAppHTTPLogs: groups }) },
      workspaces: [{ ...workspaceOf('central'), customerId: ofCentral }, { ...workspaceOf('local'), customerId: ofLocal }],
    }, environment.id, type)
  }
  const textsOf = ({ azureCli, bicep, terraform }: Remediation) => [azureCli, bicep, terraform]
  it.each([{ destination: 'none' }, { destination: 'log-analytics', customerId: '11111111-1111-4111-8111-111111111111' }])('comes behind the change that an environment of container apps needs: %o', (appLogsConfiguration) => {
    const type = 'Microsoft.App/managedEnvironments'
    const environment = resourceOf(type, 'env', { properties: { appLogsConfiguration } })
    const local: EstateLiteral = { resources: [environment], settings: { [environment.id]: [] }, workspaces: [workspaceOf('central'), { ...workspaceOf('local'), customerId: '11111111-1111-4111-8111-111111111111' }], policy: { approvedWorkspaces: [central] } }
    const made = remediationOf('resource-logs-centralized', local, environment.id, type)
    expect(made.azureCli).toMatch(/^az containerapp env update [^]*--name 'env' --logs-destination azure-monitor\naz monitor diagnostic-settings create/)
    expect(made.summary).toMatch(/^Set the log destination of the environment to Azure Monitor/)
    expect(made.bicep).toContain("destination: 'azure-monitor'")
  })
  it('leaves an environment of container apps to send what it sends by itself, where only its HTTP logs are missing', () => {
    const made = ofEnvironment({ destination: 'log-analytics', customerId: ofCentral }, [])
    expect(made.azureCli).toMatch(/^az monitor diagnostic-settings create/)
    expect(JSON.stringify(made)).not.toMatch(/azure-monitor|log destination/)
  })
  it('sends all that an environment of container apps sent by itself, beside what a setting already sends', () => {
    const waiting = settingOf({ logs: ['ContainerAppConsoleLogs'], workspace: central })
    const made = ofEnvironment({ destination: 'log-analytics', customerId: ofLocal }, [waiting])
    expect(made.azureCli).toMatch(/--logs-destination azure-monitor\n/)
    for (const text of [made.azureCli, made.bicep, made.terraform]) {
      for (const name of ['ContainerAppSystemLogs', 'ContainerAppHTTPLogs']) expect(text).toContain(name)
      expect(text).not.toContain('ContainerAppConsoleLogs')
    }
  })
  it.each(['group:allLogs', 'group:audit'])('is not made beside one that sends %s and waits for the destination of the environment', (group) => {
    const made = ofEnvironment({ destination: 'none' }, [settingOf({ logs: [group], workspace: central })])
    expect(made.azureCli).toMatch(/^az containerapp env update [^]*--logs-destination azure-monitor$/)
    for (const text of [made.bicep, made.terraform]) expect(text).not.toMatch(/diagnostic_?settings?/i)
    expect(made.summary).toContain('A setting that carries it is there')
  })
  it('is not made twice where only what feeds it is off', () => {
    const type = 'Microsoft.Synapse/workspaces'
    const synapse = resourceOf(type, 'syn')
    const by = (logs: string[]) => remediationOf('resource-audit-logs', {
      resources: [synapse], live: { [synapse.type]: liveOf(type, { SQLSecurityAuditEvents: ['audit'] }) }, exists: [central],
      sql: { [synapse.id]: auditingOf({ state: 'Disabled' }) }, settings: { [synapse.id]: logs.length === 0 ? [] : [settingOf({ name: 'audit', logs, workspace: central })] },
    }, synapse.id, type)
    for (const logs of ['SQLSecurityAuditEvents', 'group:audit', 'group:allLogs']) for (const text of textsOf(by([logs]))) {
      expect(text).toMatch(/auditingSettings/)
      expect(text).not.toMatch(/diagnostic-?settings?/i)
    }
    expect(by([]).azureCli).toMatch(/^az resource update [^]*isAzureMonitorTargetEnabled=true\naz monitor diagnostic-settings create/)
  })
  it('turns on auditing of the server for a SQL database', () => {
    const type = 'Microsoft.Sql/servers/databases'
    const database = resourceOf(type, 'sql/orders')
    const off = auditingOf({ state: 'Disabled' })
    const { azureCli } = remediationOf('resource-audit-logs', { resources: [database], settings: {}, sql: { [idOf('Microsoft.Sql/servers', 'sql')]: off, [database.id]: off } }, database.id, type)
    expect(azureCli).toMatch(/^az sql server audit-policy update .*--name 'sql'/)
  })
})

describe('an alert rule', () => {
  it.each(['policy-assignment-write', 'network-security-group-delete', 'security-solution-write', 'sql-firewall-rule-delete', 'public-ip-address-write'])('watches %s in the category that the log has it in', (operation) => {
    const judgement = { verdict: 'fail', reason: 'r', evidence: {} } as const
    const made = findCheck(`activity-alert-${operation}`)?.remediate({ resourceId: subscriptionId, resourceType: 'microsoft.resources/subscriptions', resourceName: 'Home', location: 'global', judgement }, { centralWorkspaceIds: [], policy: defaultPolicy, catalog: loadCatalog() })
    expect(made?.azureCli).toMatch(/--condition category=Administrative and operationName=/)
    expect(made?.bicep).toContain("equals: 'Administrative'")
    expect(made?.terraform).toContain('category       = "Administrative"')
  })
})

describe('platform settings', () => {
  it('exports every category of the activity log', () => {
    const { azureCli, policy } = remediationOf('activity-log-export', { settings: { [subscriptionId]: [] } }, subscriptionId, 'microsoft.resources/subscriptions')
    const logs: unknown = JSON.parse(/--logs '(.*)'/.exec(azureCli ?? '')?.[1] ?? '')
    expect(logs).toHaveLength(8)
    // A region of one cloud is none of another.
    expect(azureCli).toContain('--location global')
    expect(policy?.id).toContain('2465583e-4e78-4c15-b6be-a36cbc7c8b0f')
  })
  it('names the central workspace for a subscription that knows none, and no setting that a subscription does not take', () => {
    const made = remediationOf('resource-logs-centralized', { resources: [vault], settings: { [vault.id]: [] }, central: { ids: [], basis: 'none' } }, subscriptionId, 'microsoft.resources/subscriptions', [])
    expect(made.summary).toContain('Confirm the central workspaces in the policy')
    expect(made.azureCli).toMatch(/^az monitor diagnostic-settings subscription create/)
  })
  it('exports beside another setting to the same workspace only what that leaves out', () => {
    const sent = ['Administrative', 'Security', 'Alert']
    const { azureCli, bicep } = remediationOf('activity-log-export', { workspaces: [workspaceOf('central')], policy: { approvedWorkspaces: [central] }, settings: { [subscriptionId]: [settingOf({ name: 'keypoint-security', logs: sent, workspace: central })] } }, subscriptionId, 'microsoft.resources/subscriptions')
    expect(azureCli).toContain('--name keypoint-security-2')
    for (const name of sent) expect(azureCli).not.toContain(`"${name}"`)
    expect(bicep).toContain("category: 'Policy'")
  })
  it('sends a valid body for Entra, and asks for the right first where it was refused', () => {
    const failing = remediationOf('entra-log-export', { subscription: null, settings: { [tenantSubjectId]: [] } }, tenantSubjectId, 'microsoft.aadiam/tenants')
    const body: unknown = JSON.parse(/--body '(.*)'/.exec(failing.azureCli ?? '')?.[1] ?? '')
    expect(body).toMatchObject({ properties: { workspaceId: central } })
    const denied = remediationOf('entra-log-export', { subscription: null, settings: { [tenantSubjectId]: refused } }, tenantSubjectId, 'microsoft.aadiam/tenants')
    expect(denied.azureCli).toContain("--scope '/providers/Microsoft.aadiam'")
  })
})

describe('what a file of Bicep or Terraform changes', () => {
  const flowLogType = 'Microsoft.Network/networkWatchers/flowLogs'
  const flowLog = resourceOf(flowLogType, 'nw/fl')
  const target = idOf('Microsoft.Network/virtualNetworks', 'vnet')
  const flowing = { id: flowLog.id, targetId: target, storageId: storageId('flows'), enabled: true, retentionDays: 7, trafficAnalytics: { workspaceId: central, intervalMinutes: 10 } }
  const estate = (over: Partial<typeof flowing> | { trafficAnalytics: null }): EstateLiteral => ({ resources: [flowLog], flowLog: { [flowLog.id]: { ...flowing, ...over } }, exists: [storageId('flows')], lifecycle: { [storageId('flows')]: [] } })

  it('is the flow log that a network has already, since Azure takes no second one', () => {
    const own = { id: `${idOf('Microsoft.Network/networkWatchers', 'watcher')}/flowLogs/own`, targetId: network.id.toUpperCase(), storageId: storageId('flows'), enabled: true, retentionDays: 0, filter: 'Action=Deny', trafficAnalytics: null }
    const filtered: EstateLiteral = { resources: [network], networks: { [network.id]: networkOf({}) }, flowLogs: { [network.id]: [own] }, exists: [storageId('flows')] }
    const made = remediationOf('vnet-flow-logs', filtered, network.id, 'Microsoft.Network/virtualNetworks')
    expect(made.azureCli).toContain("--name 'own'")
    expect(made.bicep).toContain("name: 'watcher/own'")
    expect(made.terraform).toContain(`terraform import azurerm_network_watcher_flow_log.keypoint '${own.id}'`)
    for (const text of [made.azureCli, made.bicep, made.terraform]) expect(text).toContain(storageId('flows'))
  })
  it('lets services of Azure into the account of a flow log first, beside what its firewall lets in already', () => {
    const account = storageId('flows')
    const own = { id: `${idOf('Microsoft.Network/networkWatchers', 'watcher')}/flowLogs/own`, targetId: network.id, storageId: account, enabled: true, retentionDays: 0, trafficAnalytics: null }
    const shut: EstateLiteral = { resources: [network], networks: { [network.id]: networkOf({}) }, flowLogs: { [network.id]: [own] }, exists: [account], closed: [account] }
    const by = (exceptions: string[]) => remediationOf('vnet-flow-logs', { ...shut, exceptions: { [account]: exceptions } }, network.id, 'Microsoft.Network/virtualNetworks')
    const some = by(['Logging', 'Metrics'])
    expect(some.azureCli).toMatch(new RegExp(`^az storage account update --ids '${account}' --bypass 'AzureServices' 'Logging' 'Metrics'\naz network`))
    expect(some.bicep).toMatch(/^\/\/ First, .* storage account flows, .*networkAcls\.bypass: 'AzureServices, Logging, Metrics'\n/)
    expect(some.terraform).toContain('bypass = "AzureServices, Logging, Metrics"')
    expect(some.terraform).toContain('depends_on = [azapi_update_resource.flow_storage]')
    expect(by([]).azureCli).toContain("--bypass 'AzureServices'\n")
    const open = remediationOf('vnet-flow-logs', { ...shut, closed: [], flowLogs: { [network.id]: [{ ...own, enabled: false }] } }, network.id, 'Microsoft.Network/virtualNetworks')
    for (const text of [open.azureCli, open.bicep, open.terraform]) expect(text).not.toMatch(/bypass|depends_on/)
    expect(() => [readBicep(some.bicep ?? ''), readHcl(some.terraform ?? '')]).not.toThrow()
  })
  it('leaves the rest of a flow log as it was read', () => {
    const longer = remediationOf('flow-log-retention', estate({}), flowLog.id, flowLogType)
    expect(longer.bicep).toContain(`targetResourceId: '${target}'`)
    expect(longer.bicep).toContain(`workspaceResourceId: '${central}'`)
    expect(longer.terraform).toContain('resource "azapi_update_resource"')
    expect(longer.terraform).not.toContain('targetResourceId')
    const analysed = remediationOf('traffic-analytics', estate({ trafficAnalytics: null }), flowLog.id, flowLogType)
    expect(analysed.bicep).toContain(`storageId: '${storageId('flows')}'`)
    expect(analysed.bicep).toContain('days: 7')
  })
  it('is made by azapi for a management group, which azurerm does not take', () => {
    const id = `/providers/Microsoft.Management/managementGroups/${tenantId}`
    const groups: EstateLiteral = { subscription: null, managementGroups: [{ id, name: tenantId, displayName: 'Root', parentId: null }], settings: { [id]: [] } }
    const { terraform } = remediationOf('management-group-activity-log-export', groups, id, 'microsoft.management/managementgroups')
    expect(terraform).toContain(`parent_id = "${id}"`)
    expect(terraform).toContain('category = "Administrative"')
  })
  it('switches immediate purge itself off', () => {
    const workspaces = [{ ...workspaceOf('central'), immediatePurgeDataOn30Days: true }]
    const purging: EstateLiteral = { resources: [resourceOf('Microsoft.OperationalInsights/workspaces', 'central', { id: central })], workspaces, use: { [central]: { subjects: 1, tables: [], categories: [] } } }
    const { bicep, terraform } = remediationOf('workspace-hardened', purging, central, 'Microsoft.OperationalInsights/workspaces')
    expect(bicep).toContain('immediatePurgeDataOn30Days: false')
    expect(terraform).toContain('immediatePurgeDataOn30Days = false')
  })
  it('turns the proxy on where the firewall keeps its DNS settings', () => {
    const proxyOff = (policyId: string | null): EstateLiteral => resolving({ dnsServers: ['10.0.1.4'], peerIds: [hubNetworkId] }, { firewalls: [firewallOf({ proxy: 'off', policyId })] })
    const by = (policyId: string | null) => remediationOf('vnet-dns-query-logs', proxyOff(policyId), network.id, 'Microsoft.Network/virtualNetworks')
    expect(by('/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/firewallPolicies/afwp').azureCli).toMatch(/^az network firewall policy update .*--name 'afwp'/)
    const classic = by(null)
    expect(classic.azureCli).toMatch(/^az network firewall update .*--name 'afw'/)
    expect(readBicep(classic.bicep ?? '').resources[0]?.type).toBe('Microsoft.Network/azureFirewalls')
    expect(readHcl(classic.terraform ?? '')).toHaveLength(1)
  })
})

describe('what is there already', () => {
  const failing = (evidence: Evidence) => ({ verdict: 'fail', reason: 'r', evidence }) as const
  const unread = { verdict: 'unknown', reasonCode: 'permission-denied', reason: 'r' } as const
  const mend = (check: string, type: string, id: string, evidence?: Evidence) =>
    findCheck(check)?.remediate({ resourceId: id, resourceType: type.toLowerCase(), resourceName: 'n', location: 'westeurope', judgement: evidence ? failing(evidence) : unread }, { centralWorkspaceIds: [central], policy: defaultPolicy, catalog: loadCatalog() })
  const postgres = 'Microsoft.DBforPostgreSQL/flexibleServers'
  const mysql = 'Microsoft.DBforMySQL/flexibleServers'

  it('makes on a workspace what of Sentinel is missing, in an order that works', () => {
    const on = (evidence: Evidence) => mend('detections-on', 'Microsoft.OperationalInsights/workspaces', central, evidence)
    const [absent, blind, alone] = [on({ sentinel: false }), on({ sentinel: true, rules: { Fusion: { enabled: 1, disabled: 0 }, Scheduled: { enabled: 0, disabled: 4 } }, correlation: 'fusion' }), on({ sentinel: true, rules: { NRT: { enabled: 1, disabled: 0 } }, correlation: 'none' })]
    const madeBy = (text: string | undefined, expression: RegExp) => [...(text ?? '').matchAll(expression)].map(([, name]) => name)
    expect(madeBy(absent?.azureCli, /SecurityInsights\/(\w+)/g)).toEqual(['onboardingStates', 'alertRules', 'alertRules'])
    expect(absent?.bicep?.match(/dependsOn: \[\n\s+sentinel\n/g)).toHaveLength(2)
    expect(absent?.terraform).not.toContain('log_analytics_workspace_id = "/')
    expect(madeBy(blind?.azureCli, /"kind":"(\w+)"/g)).toEqual(['Scheduled'])
    expect(madeBy(blind?.terraform, /resource "(\w+)"/g)).toEqual(['azurerm_sentinel_alert_rule_scheduled'])
    expect(madeBy(alone?.azureCli, /"kind":"(\w+)"/g)).toEqual(['Fusion'])
    expect(alone?.bicep).not.toContain('dependsOn')
    expect(absent?.summary).toMatch(/^Onboard the workspace .*, then turn Fusion on, then enable .*the rule here, .*Without Sentinel,/)
    expect(blind?.summary).toMatch(/^Enable the analytics rule templates .*; the rule here, on the activity log, is a beginning\.$/)
    expect(alone?.summary).toMatch(/^Turn Fusion on\. In the Defender portal /)
    expect(alone?.portal).toMatch(/Advanced multistage attack detection, Enable\.$/)
  })

  it('makes the group of Network Watcher before what lies in it', () => {
    const made = mend('network-watcher', 'Microsoft.Resources/subscriptions', subscriptionId, { missing: ['northeurope', 'westeurope'] })
    expect(made?.azureCli).toMatch(/^# Leave [^\n]*\naz group create [^\n]* --name NetworkWatcherRG --location 'northeurope'\naz network watcher configure /)
    expect(made?.summary).not.toContain('Azure makes the group')
  })

  it('stays in the parameters of a database server', () => {
    const pg = mend('postgres-mysql-audit-parameters', postgres, idOf(postgres, 'pg'), { parameters: { log_connections: 'on', 'pgaudit.log': 'all', shared_preload_libraries: 'pg_cron,pg_stat_statements' } })
    expect(pg?.azureCli).toMatch(/^[^\n]*\n  --name shared_preload_libraries --value 'pg_cron,pg_stat_statements,pgaudit'$/)
    expect(pg?.bicep).not.toContain('pgaudit.log')
    const my = mend('postgres-mysql-audit-parameters', mysql, idOf(mysql, 'my'), { parameters: { audit_log_enabled: 'OFF', audit_log_events: 'DML,DCL' } })
    expect(my?.terraform).toMatch(/"ON"[^]*"DML,DCL,CONNECTION"/)
  })
  it('is asked for where the parameters of a database server were not read', () => {
    const pg = mend('postgres-mysql-audit-parameters', postgres, idOf(postgres, 'pg'))
    expect(pg?.azureCli).toMatch(/shared_preload_libraries --value '<what is there>,pgaudit'/)
    expect(pg?.azureCli).toContain("pgaudit.log --value '<what is there>,ddl,role,write'")
    expect(pg?.summary).toContain('what is left out ends')
    expect(mend('postgres-mysql-audit-parameters', mysql, idOf(mysql, 'my'))?.terraform).toMatch(/<WHAT IS THERE>,CONNECTION/)
    expect(mend('postgres-mysql-audit-parameters', postgres, idOf(postgres, 'pg'), { parameters: { log_connections: 'off', 'pgaudit.log': 'none', shared_preload_libraries: '' } })?.summary).not.toContain('what is left out')
  })
  it.each([
    ['sql-server-auditing', 'Microsoft.Sql/servers', 'sql'], ['sql-devops-audit', 'Microsoft.Sql/servers', 'sql'], ['sql-audit-actions', 'Microsoft.Sql/servers', 'sql'], ['sql-audit-retention', 'Microsoft.Sql/servers', 'sql'], ['flow-log-retention', 'Microsoft.Network/networkWatchers/flowLogs', 'nw/fl'],
    ['traffic-analytics', 'Microsoft.Network/networkWatchers/flowLogs', 'nw/fl'], ['vnet-flow-logs', 'Microsoft.Network/virtualNetworks', 'vnet'], ['log-storage-immutable', 'Microsoft.Storage/storageAccounts', 'logs'],
  ])('cannot be overwritten by what %s tells where it was not read', (check, type, name) => {
    const made = mend(check, type, idOf(type, name))
    expect(made).toMatchObject({ summary: expect.stringContaining('could not be read'), portal: expect.any(String) })
    for (const kind of ['azureCli', 'bicep', 'terraform'] as const) expect(made?.[kind]).toBeUndefined()
  })
  it('stays of a plan for servers', () => {
    const by = (serversPlan: boolean) => mend('machine-antimalware', 'Microsoft.Compute/virtualMachines', idOf('Microsoft.Compute/virtualMachines', 'vm'), { defender: { serversPlan } })
    for (const text of [by(true)?.azureCli, by(true)?.bicep, by(true)?.terraform]) {
      expect(text).toContain('WDATP')
      expect(text).not.toContain('P1')
    }
    expect(by(false)?.azureCli).toContain('--subplan P1')
  })
  it('stays of who is told of alerts, and from when on', () => {
    const contact = { name: 'default', emails: 1, alerts: true, minimalSeverity: 'Medium', byRole: true, roles: ['Contributor'] }
    const made = mend('security-contact-owners', 'microsoft.resources/subscriptions', subscriptionId, { contacts: [contact] })
    expect(made?.azureCli).toMatch(/"minimalSeverity":"Medium"[^]*"roles":\["Owner","Contributor"\]/)
    expect(made?.bicep).toMatch(/minimalSeverity: 'Medium'[^]*roles: \['Owner', 'Contributor'\]/)
    expect(made?.summary).toContain('name the addresses again that it has')
  })
  it('stays of an export under the portal’s own name', () => {
    expect(mend('defender-alerts-exported', 'microsoft.resources/subscriptions', subscriptionId, {})?.azureCli).not.toMatch(/exportToWorkspace/i)
  })
  it('leaves a firewall alone that lets in nobody knows what', () => {
    const flowLog = { flowLog: `${idOf('Microsoft.Network/networkWatchers', 'nw')}/flowLogs/own`, target: network.id, storage: storageId('flows'), storageState: 'closed', retentionDays: 0 }
    const made = mend('vnet-flow-logs', 'Microsoft.Network/virtualNetworks', network.id, { flowLogs: [flowLog] })
    expect(made?.summary).toContain('must first make an exception')
    for (const text of [made?.azureCli, made?.bicep, made?.terraform]) expect(text).not.toMatch(/bypass|depends_on/)
  })
  it('stays of how long a flow log keeps its records', () => {
    const flowLog = { flowLog: `${idOf('Microsoft.Network/networkWatchers', 'nw')}/flowLogs/own`, target: network.id, storage: storageId('flows'), storageState: 'live' }
    const by = (retentionDays: unknown) => mend('vnet-flow-logs', 'Microsoft.Network/virtualNetworks', network.id, { flowLogs: [{ ...flowLog, retentionDays }] })
    expect(by('for ever')?.azureCli).toContain('--retention 0 ')
    expect(by('for ever')?.terraform).toMatch(/enabled = false\n +days += 0/)
    expect(by(30)?.azureCli).toContain('--retention 365 ')
    expect(by(30)?.summary).toContain('with all record types')
    expect(by(undefined)).not.toHaveProperty('azureCli')
  })
})

describe('the audit of a SQL server', () => {
  const server = resourceOf('Microsoft.Sql/servers', 'sql')
  const audited = (over: Partial<SqlAuditing>): EstateLiteral => ({ resources: [server], sql: { [server.id]: auditingOf({ auditActionsAndGroups: ['DATABASE_LOGOUT_GROUP'], ...over }) } })
  const endpoint = 'https://acct.blob.core.usgovcloudapi.net/'
  const by = (check: string, over: Partial<SqlAuditing>) => remediationOf(check, audited(over), server.id, server.type)
  it('keeps its targets and what it records beside what it lacked', () => {
    const both = by('sql-audit-actions', { storageEndpoint: endpoint, retentionDays: 30 })
    for (const text of [both.azureCli, both.bicep, both.terraform]) expect(text).toMatch(/BATCH_COMPLETED_GROUP[^]*DATABASE_LOGOUT_GROUP/)
    expect(both.bicep).toMatch(/isAzureMonitorTargetEnabled: true[^]*storageEndpoint: 'https:..acct[^]*retentionDays: 30/)
    expect(both.terraform).toMatch(/log_monitoring_enabled = true[^]*storage_endpoint = "https:..acct[^]*retention_in_days = 30/)
    expect(by('sql-audit-actions', {}).azureCli).not.toContain('storageAccountAccessKey')
  })
  it('is kept longer for a database, too, whose files it deletes', () => {
    const database = resourceOf('Microsoft.Sql/servers/databases', 'sql/orders')
    const account = storageId('acct')
    const estate = { ...audited({ isAzureMonitorTargetEnabled: false, storageEndpoint: 'https://acct.blob.core.windows.net/', retentionDays: 30 }), exists: [account], lifecycle: { [account]: [] } }
    const made = remediationOf('resource-log-retention', { ...estate, resources: [server, database], settings: { [database.id]: [] } }, database.id, database.type)
    expect(made.azureCli).toMatch(/^az sql server audit-policy update [^]*--name 'sql' [^]*--storage-account 'acct' --retention-days 365$/)
    expect(made.terraform).toContain(`${server.id}/extendedAuditingSettings/default`)
  })
  it('is kept as long as is asked, in the storage that it goes to', () => {
    const storage = { storageEndpoint: endpoint, isAzureMonitorTargetEnabled: false, retentionDays: 30 }
    const longer = by('sql-audit-retention', storage)
    expect(longer.azureCli).toContain(`--storage-endpoint '${endpoint}' --retention-days 90`)
    expect(longer.bicep).toMatch(/isAzureMonitorTargetEnabled: false[^]*retentionDays: 90[^]*DATABASE_LOGOUT_GROUP/)
    expect(longer.terraform).toMatch(/log_monitoring_enabled = false[^]*retention_in_days = 90/)
  })
})

describe('an audit that is kept long enough, unless a lifecycle rule deletes it', () => {
  const server = resourceOf('Microsoft.Sql/servers', 'sql')
  const database = resourceOf('Microsoft.Sql/servers/databases', 'sql/orders')
  const account = storageId('acct')
  const part: LifecycleRule = { name: 'part', enabled: true, blobTypes: [], prefixMatch: ['sqldbauditlogs/sql/'], deleteAfterModificationDays: 30, deleteAfterCreationDays: null, deleteAfterLastAccessDays: null }
  const audited = (retentionDays: number, lifecycle: EstateLiteral['lifecycle']): EstateLiteral => ({
    resources: [server, database], settings: { [database.id]: [] }, exists: [account], lifecycle,
    sql: { [server.id]: auditingOf({ isAzureMonitorTargetEnabled: false, storageEndpoint: 'https://acct.blob.core.windows.net/', retentionDays }) },
  })
  const subjects = [['sql-audit-retention', server], ['resource-log-retention', database]] as const

  it.each(subjects)('has the rule changed that may delete it, says %s', (check, { id, type }) => {
    for (const days of [0, 3000]) {
      const made = remediationOf(check, audited(days, { [account]: [part] }), id, type)
      expect(made.azureCli).toMatch(/management-policy update [^]*--account-name 'acct' [^]*rules\[name=part\]/)
      expect(JSON.stringify(made)).not.toMatch(/retention-days|retentionDays|retention_in_days|<table>/)
    }
  })
  it.each(subjects)('is not made shorter while the rules are not read, says %s', (check, { id, type }) => {
    for (const days of [0, 3000]) for (const rules of [{}, { [account]: refused }]) {
      const made = remediationOf(check, audited(days, rules), id, type)
      expect(made.summary).toContain('Let the lifecycle rules of the storage account be read')
      expect([made.azureCli, made.bicep, made.terraform]).toEqual([undefined, undefined, undefined])
    }
  })
  it('claims no more than the rules leave', () => {
    const { kept } = judgementOf('resource-log-retention', audited(0, { [account]: [part] }), database.id)?.judgement.evidence ?? {}
    expect(kept).toEqual([{ category: 'SQLSecurityAuditEvents', copies: [{ destination: account, kind: 'storage-account', atMostDays: 'for ever', container: 'sqldbauditlogs', rule: 'part', days: 30 }] }])
  })
})

describe('the resolver of a network', () => {
  it('gets its policy where it lies, not where it is asked from', () => {
    const endpoint = { id: `${idOf('Microsoft.Network/dnsResolvers', 'dnspr')}/inboundEndpoints/in`, location: 'northeurope', networkId: hubNetworkId, addresses: ['10.0.2.4'] }
    const made = remediationOf('vnet-dns-query-logs', resolving({ dnsServers: ['10.0.2.4'], peerIds: [hubNetworkId] }, { inboundEndpoints: [endpoint] }), network.id, 'Microsoft.Network/virtualNetworks')
    expect(made.azureCli).toContain('vnet-hub')
    for (const text of [made.azureCli, made.bicep, made.terraform]) {
      expect(text).toContain('northeurope')
      expect(text).not.toContain('westeurope')
    }
  })
})

describe('retention', () => {
  it('names the tables that were too short', () => {
    const estate: EstateLiteral = { ...bareVault, settings: { [vault.id]: [settingOf({ logs: ['AuditEvent'], workspace: central, tables: 'Dedicated' })] }, tables: { [central]: [tableOf('AZKVAuditLogs', 30, 30)] } }
    const { azureCli } = remediationOf('resource-log-retention', estate, vault.id, vaultType)
    expect(azureCli).toMatch(/workspace table update .*--workspace-name 'central' --name 'AZKVAuditLogs' --total-retention-time 365$/)
  })
  it('leaves alone what is kept long enough beside what is not', () => {
    const copy = (table: string, days: unknown) => ({ destination: central, kind: 'workspace', table, totalDays: days, from: 'table' })
    const archived = { destination: storageId('arch'), kind: 'storage-account', container: 'insights-logs-c', totalDays: 'for ever' }
    const judgement = { verdict: 'fail', reason: 'r', evidence: { requiredDays: 365, kept: [
      { category: 'A', copies: [copy('TableA', 730)] }, { category: 'B', copies: [copy('TableB', 30)] }, { category: 'C', copies: [copy('TableC', 30), archived] },
    ] } } as const
    const made = findCheck('resource-log-retention')?.remediate({ resourceId: vault.id, resourceType: vault.type, resourceName: 'kv', location: 'westeurope', judgement }, { centralWorkspaceIds: [central], policy: defaultPolicy, catalog: loadCatalog() })
    for (const text of [made?.azureCli, made?.bicep, made?.terraform]) {
      expect(text).toContain('TableB')
      expect(text).not.toMatch(/Table[AC]/)
    }
  })

  it('changes no table and no rule that was not read', () => {
    const by = (copies: Evidence[]) => findCheck('resource-log-retention')?.remediate(
      { resourceId: vault.id, resourceType: vault.type, resourceName: 'kv', location: 'westeurope', judgement: { verdict: 'unknown', reasonCode: 'permission-denied', reason: 'r', evidence: { requiredDays: 365, kept: [{ category: 'A', copies }] } } },
      { centralWorkspaceIds: [central], policy: defaultPolicy, catalog: loadCatalog() },
    )
    const unread = { destination: central, kind: 'workspace', table: 'TableA', tables: 'unread' }
    const unseen = { destination: workspaceId('soc'), kind: 'workspace', state: 'unreadable' }
    const outOfSight = { destination: storageId('far'), kind: 'storage-account', state: 'unreadable' }
    for (const copy of [unread, unseen, outOfSight]) expect(by([copy])).toEqual({ summary: expect.stringContaining('could not be read'), portal: expect.any(String) })
    expect(by([unread, { destination: workspaceId('local'), kind: 'workspace', table: 'TableA', totalDays: 30 }])?.azureCli).toMatch(/^az [^\n]*--workspace-name 'local'[^\n]*$/)
    expect(by([{ destination: storageId('arch'), kind: 'storage-account', container: 'insights-logs-a', rules: 'unread' }])).toEqual({ summary: expect.stringContaining('lifecycle rules'), portal: expect.any(String) })
    const ofAccount = remediationOf('log-storage-retention', { resources: [account], lifecycle: { [archive]: refused }, use: { [archive]: { subjects: 1, tables: [], categories: ['insights-logs-a'] } } }, archive, accountType)
    expect(ofAccount).toEqual({ summary: expect.stringContaining('lifecycle rules'), portal: expect.any(String) })
  })
  it('asks for a second copy where only an event hub has the logs, and for the table where no source names it', () => {
    const by = (copy: Evidence) => findCheck('resource-log-retention')?.remediate(
      { resourceId: vault.id, resourceType: vault.type, resourceName: 'kv', location: 'westeurope', judgement: { verdict: 'unknown', reasonCode: 'unsupported', reason: 'r', evidence: { requiredDays: 365, kept: [{ category: 'A', copies: [copy] }] } } },
      { centralWorkspaceIds: [central], policy: defaultPolicy, catalog: loadCatalog() },
    )
    expect(by({ destination: hubId('siem'), kind: 'event-hub' })).toEqual({ summary: expect.stringContaining('as well'), portal: expect.any(String) })
    expect(by({ destination: central, kind: 'workspace', table: null, shortestTableDays: 30 })?.azureCli).toMatch(/--workspace-name 'central' --name '<table>'/)
  })

  const workspaceType = 'Microsoft.OperationalInsights/workspaces'
  const ofTable = (table: WorkspaceTable, total = 365) => {
    const estate: EstateLiteral = {
      resources: [resourceOf(workspaceType, 'central', { id: central })], workspaces: [workspaceOf('central')], tables: { [central]: [table] },
      use: { [central]: { subjects: 1, tables: [table.name], categories: [] } }, policy: { retentionDays: { total, interactive: 90 } },
    }
    return remediationOf('workspace-retention', estate, central, workspaceType)
  }
  it('gives a table the plan that keeps more than 30 days at hand', () => {
    const auxiliary = ofTable({ ...tableOf('AZKVAuditLogs', 30, 30), plan: 'Auxiliary' })
    expect(auxiliary.azureCli).toContain('--total-retention-time 365')
    expect(auxiliary.azureCli).not.toMatch(/--plan|--retention-time/)
    expect(auxiliary.summary).not.toContain('Analytics')
    const basic = ofTable({ ...tableOf('AZKVAuditLogs', 30, 365), plan: 'Basic' })
    expect(basic.azureCli).toMatch(/ --plan Analytics --retention-time 90 --total-retention-time 365$/)
    expect(basic.bicep).toMatch(/plan: 'Analytics'\n +retentionInDays: 90/)
    expect(basic.summary).toContain('AZKVAuditLogs must have the plan Analytics, which costs more')
  })
  it('makes nothing shorter', () => {
    expect(ofTable(tableOf('AZKVAuditLogs', 180, 180)).azureCli).toMatch(/ --retention-time 180 --total-retention-time 365$/)
    expect(ofTable(tableOf('AZKVAuditLogs', 30, 730)).azureCli).toMatch(/ --retention-time 90 --total-retention-time 730$/)
  })
  it('asks for years as Azure takes them', () => {
    expect(ofTable(tableOf('AZKVAuditLogs', 90, 365), 1000).azureCli).toMatch(/--total-retention-time 1095$/)
  })

  const accountType = 'Microsoft.Storage/storageAccounts'
  const archive = storageId('archive')
  const account = resourceOf(accountType, 'archive', { id: archive })
  const rule = (name: string, deleteAfterModificationDays: number | null): LifecycleRule => ({ name, enabled: true, blobTypes: [], prefixMatch: [], deleteAfterModificationDays, deleteAfterCreationDays: null, deleteAfterLastAccessDays: null })
  const lifecycle = { [archive]: [rule('clean-up', 30), rule('tier-only', null)] }
  it('switches off the rule that deletes logs, and leaves the others as they are', () => {
    const made = remediationOf('log-storage-retention', { resources: [account], lifecycle, use: { [archive]: { subjects: 1, tables: [], categories: ['insights-logs-auditevent'] } } }, archive, accountType)
    expect(made.azureCli).toMatch(/management-policy update [^]*--set 'policy\.rules\[name=clean-up\]\.enabled=false'$/)
    expect(made.bicep).toContain("'insights-logs-auditevent/'")
  })
  it('leaves a flow log alone that keeps its records for ever, where a rule of its account deletes them', () => {
    const type = 'Microsoft.Network/networkWatchers/flowLogs'
    const log = resourceOf(type, 'nw/fl')
    const flowLog = { [log.id]: { id: log.id, targetId: idOf('Microsoft.Network/virtualNetworks', 'vnet'), storageId: archive, enabled: true, retentionDays: 0, trafficAnalytics: null } }
    const made = remediationOf('flow-log-retention', { resources: [log], flowLog, exists: [archive], lifecycle }, log.id, type)
    expect(made.azureCli).toContain("--account-name 'archive'")
    expect(made.azureCli).toContain('rules[name=clean-up]')
    expect(made.bicep).toContain("'blockBlob'")
    for (const text of [made.azureCli, made.bicep, made.terraform]) expect(text).not.toMatch(/flow-log update|retentionPolicy/)
  })
  it('leaves a flow log alone that keeps its records long enough while the rules of its account are not read', () => {
    const type = 'Microsoft.Network/networkWatchers/flowLogs'
    const log = resourceOf(type, 'nw/fl')
    const by = (retentionDays: number, more: EstateLiteral) => remediationOf('flow-log-retention', {
      resources: [log], flowLog: { [log.id]: { id: log.id, targetId: idOf('Microsoft.Network/virtualNetworks', 'vnet'), storageId: archive, enabled: true, retentionDays, trafficAnalytics: null } }, ...more,
    }, log.id, type)
    for (const days of [0, 90, 730]) for (const more of [{ exists: [archive], lifecycle: { [archive]: refused } }, {}]) {
      expect(by(days, more)).toEqual({ summary: expect.stringContaining('Let the lifecycle rules'), portal: expect.any(String) })
    }
  })
  it('locks each container for the days of its own logs, and extends what is locked', () => {
    const judgement = { verdict: 'fail', reason: 'r', evidence: { containers: [
      { container: 'insights-activity-logs', requiredDays: 730, policy: null }, { container: 'insights-logs-short', requiredDays: 365, policy: { state: 'Locked', days: 30, allowsAppends: true } },
      { container: 'insights-logs-fine', requiredDays: 365, policy: { state: 'Locked', days: 400, allowsAppends: true } },
      { container: 'insights-logs-open', requiredDays: 365, policy: { state: 'Unlocked', days: 3650, allowsAppends: true } },
    ] } } as const
    const made = findCheck('log-storage-immutable')?.remediate({ resourceId: archive, resourceType: accountType.toLowerCase(), resourceName: 'archive', location: 'westeurope', judgement }, { centralWorkspaceIds: [], policy: defaultPolicy, catalog: loadCatalog() })
    expect(made?.azureCli).toMatch(/create [^]*'insights-activity-logs' --period 730 [^]*lock [^]*extend [^]*'insights-logs-short' --period 365/)
    expect(made?.azureCli).toMatch(/create [^]*'insights-logs-open' --period 3650 /)
    expect(made?.bicep).toMatch(/immutabilityPeriodSinceCreationInDays: 730[^]*immutabilityPeriodSinceCreationInDays: 3650/)
    expect(made?.terraform).toMatch(/immutability_period_in_days +=.3650/)
    expect(JSON.stringify(made)).not.toContain('fine')
  })
  it('tells an event hub’s owner both ways out', () => {
    const hub = hubId('siem')
    const estate: EstateLiteral = { resources: [resourceOf('Microsoft.EventHub/namespaces', 'siem', { id: hub })], use: { [hub]: { subjects: 1, tables: [], categories: ['auditevent'] } } }
    expect(remediationOf('event-hub-retention', estate, hub, 'Microsoft.EventHub/namespaces').summary).toContain('approved destinations')
  })
})
