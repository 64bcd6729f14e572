import { describe } from 'vitest'
import type { DestinationUse } from '@/lib/domain/check'
import type { DataExport, LifecycleRule, LogContainer } from '@/lib/domain/estate'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, hubId, idOf, liveOf, refused, resourceOf, settingOf, storageId, subscriptionId, tableOf, unseen, workspaceId, workspaceOf, type SettingLiteral } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const archive = storageId('arch')
const siem = hubId('siem')
const vaultType = 'Microsoft.KeyVault/vaults'
const vault = resourceOf(vaultType, 'kv')

function rule(name: string, days: number, over: Partial<LifecycleRule> = {}): LifecycleRule {
  return { name, enabled: true, blobTypes: ['appendBlob'], prefixMatch: [], deleteAfterModificationDays: days, deleteAfterCreationDays: null, deleteAfterLastAccessDays: null, ...over }
}

function vaultWith(settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return {
    estate: {
      resources: [vault],
      live: { [vault.type]: liveOf(vaultType, { AuditEvent: ['audit', 'allLogs'], AzurePolicyEvaluationDetails: ['allLogs'] }) },
      settings: { [vault.id]: settings.map(settingOf) },
      exists: [archive, siem],
      tables: { [central]: [tableOf('AZKVAuditLogs', 90, 365), tableOf('AzureDiagnostics', 30, 30)] },
      lifecycle: { [archive]: [] },
      ...more,
    },
    of: vault.id,
  }
}

const dedicated: SettingLiteral = { logs: ['AuditEvent'], workspace: central, tables: 'Dedicated' }
/** To AzureDiagnostics, which keeps 30 days. */
const short: SettingLiteral = { logs: ['AuditEvent'], workspace: central }
const exportTo = (destinationId: string, over: Partial<DataExport> = {}): DataExport => ({ name: 'to-archive', enabled: true, tables: ['AzureDiagnostics'], destinationId, ...over })
const archived: SettingLiteral = { name: 'arch', logs: ['AuditEvent'], storage: archive }

type Figures = NonNullable<NonNullable<EstateLiteral['policy']>['retentionDays']>['byKeyPoint']
const withFigures = (byKeyPoint: Figures): EstateLiteral => ({ policy: { retentionDays: { total: 365, interactive: 90, byKeyPoint } } })

function dnsPolicyWith(kept: number, figures: Figures): Pick<JudgedCase, 'estate' | 'of'> {
  const type = 'Microsoft.Network/dnsResolverPolicies'
  const policy = resourceOf(type, 'dnspol')
  return {
    estate: {
      resources: [policy], live: { [policy.type]: liveOf(type, { DnsResponse: ['allLogs'] }) },
      settings: { [policy.id]: [settingOf({ logs: ['DnsResponse'], workspace: central })] }, tables: { [central]: [tableOf('DNSQueryLogs', kept, kept)] }, ...withFigures(figures),
    },
    of: policy.id,
  }
}

function firewallWith(figures: Figures): Pick<JudgedCase, 'estate' | 'of'> {
  const type = 'Microsoft.Network/azureFirewalls'
  const firewall = resourceOf(type, 'afw')
  return {
    estate: {
      resources: [firewall], live: { [firewall.type]: liveOf(type, { AZFWDnsQuery: [], AZFWNetworkRule: [] }) },
      settings: { [firewall.id]: [settingOf({ logs: ['AZFWDnsQuery', 'AZFWNetworkRule'], workspace: central, tables: 'Dedicated' })] },
      tables: { [central]: [tableOf('AZFWDnsQuery', 90, 90), tableOf('AZFWNetworkRule', 90, 90)] },
      policy: { requiredCategories: { [firewall.type]: ['AZFWDnsQuery', 'AZFWNetworkRule'] }, retentionDays: { total: 365, interactive: 90, byKeyPoint: figures } },
    },
    of: firewall.id,
  }
}

const resourceCases: JudgedCase[] = [
  { because: 'its own table keeps a year', ...vaultWith([dedicated]), verdict: 'pass', severity: 'medium' },
  { because: 'without Dedicated the rows go to AzureDiagnostics, which keeps less', ...vaultWith([{ logs: ['AuditEvent'], workspace: central }]), verdict: 'fail', says: 'AuditEvent (30 days)' },
  { because: 'AzureDiagnostics, as the setting says, keeps less', ...vaultWith([{ ...dedicated, tables: 'AzureDiagnostics' }]), verdict: 'fail' },
  { because: 'the table’s own figure stays behind the workspace’s', ...vaultWith([dedicated], { workspaces: [workspaceOf('central', { retentionInDays: 730 })], tables: { [central]: [tableOf('AZKVAuditLogs', 90, 90)] } }), verdict: 'fail', says: '90 days' },
  { because: 'a table that is not listed follows the workspace', ...vaultWith([dedicated], { workspaces: [workspaceOf('central', { retentionInDays: 400 })], tables: { [central]: [] } }), verdict: 'pass' },
  { because: 'a table without figures follows the workspace', ...vaultWith([dedicated], { workspaces: [workspaceOf('central', { retentionInDays: 30 })], tables: { [central]: [tableOf('AZKVAuditLogs', null, null, { retentionInDaysAsDefault: true, totalRetentionInDaysAsDefault: true })] } }), verdict: 'fail', says: '30 days' },
  { because: '-1 follows the workspace', ...vaultWith([dedicated], { workspaces: [workspaceOf('central', { retentionInDays: 365 })], tables: { [central]: [tableOf('AZKVAuditLogs', -1, -1)] } }), verdict: 'pass' },
  { because: 'a Basic table passes on its total', ...vaultWith([dedicated], { tables: { [central]: [tableOf('AZKVAuditLogs', 30, 365, { plan: 'Basic' })] } }), verdict: 'pass' },
  { because: 'table names are compared without case', ...vaultWith([dedicated], { tables: { [central]: [tableOf('azkvauditlogs', 90, 365)] } }), verdict: 'pass' },
  { because: 'a storage account without rules keeps for ever', ...vaultWith([archived]), verdict: 'pass', says: 'for ever' },
  { because: 'the archive makes up for a short workspace', ...vaultWith([{ logs: ['AuditEvent'], workspace: central }, archived]), verdict: 'pass' },
  { because: 'the workspace exports the table to an account that keeps it for ever', ...vaultWith([short], { exports: { [central]: [exportTo(archive)] } }), verdict: 'pass' },
  { because: 'table and rule are named in another casing', ...vaultWith([short], { exports: { [central]: [exportTo(archive.toUpperCase(), { tables: ['azurediagnostics'] })] } }), verdict: 'pass' },
  { because: 'the export is off', ...vaultWith([short], { exports: { [central]: [exportTo(archive, { enabled: false })] } }), verdict: 'fail', says: 'AuditEvent (30 days)' },
  { because: 'the export takes another table', ...vaultWith([short], { exports: { [central]: [exportTo(archive, { tables: ['AzureActivity'] })] } }), verdict: 'fail' },
  { because: 'the account of the export deletes after 60 days', ...vaultWith([short], { exports: { [central]: [exportTo(archive)] }, lifecycle: { [archive]: [rule('clean', 60, { prefixMatch: ['am-azurediagnostics'] })] } }), verdict: 'fail', says: 'AuditEvent (60 days)' },
  { because: 'the firewall of the export’s account keeps it out', ...vaultWith([short], { exists: [archive], closed: [archive], exports: { [central]: [exportTo(archive)] } }), verdict: 'fail', says: 'AuditEvent (30 days)' },
  { because: 'the account of the export was deleted', ...vaultWith([short], { exports: { [central]: [exportTo(storageId('gone'))] } }), verdict: 'fail', says: 'AuditEvent (30 days)' },
  { because: 'an export to an event hub proves nothing longer', ...vaultWith([short], { exports: { [central]: [exportTo(`${siem}/eventhubs/logs`)] } }), verdict: 'fail' },
  { because: 'the lifecycle rules of the export’s account were refused', ...vaultWith([short], { exports: { [central]: [exportTo(archive)] }, lifecycle: { [archive]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the account of the export is out of sight', ...vaultWith([short], { exports: { [central]: [exportTo(storageId('far', unseen))] } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'what the workspace exports was refused', ...vaultWith([short], { exports: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the table is kept long enough, whatever is exported', ...vaultWith([dedicated], { exports: { [central]: refused } }), verdict: 'pass' },
  { because: 'a rule deletes all append blobs after 30 days', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30)] } }), verdict: 'fail', says: '30 days' },
  { because: 'a rule counted from creation deletes too', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 0, { deleteAfterModificationDays: null, deleteAfterCreationDays: 60 })] } }), verdict: 'fail', says: '60 days' },
  { because: 'a rule that deletes after a year is late enough', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 365)] } }), verdict: 'pass' },
  { because: 'a rule that is off deletes nothing', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30, { enabled: false })] } }), verdict: 'pass' },
  { because: 'a rule for block blobs leaves logs alone', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30, { blobTypes: ['blockBlob'] })] } }), verdict: 'pass' },
  { because: 'a rule for another container leaves these logs alone', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30, { prefixMatch: ['insights-logs-auditevents', 'backups/'] })] } }), verdict: 'pass' },
  { because: 'a prefix of the container’s name hits it', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30, { prefixMatch: ['insights-logs-'] })] } }), verdict: 'fail' },
  { because: 'a prefix inside the container hits this resource', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30, { prefixMatch: [`insights-logs-auditevent/resourceId=${vault.id.toUpperCase()}/y=2024`] })] } }), verdict: 'fail' },
  { because: 'a prefix inside the container names another resource', ...vaultWith([archived], { lifecycle: { [archive]: [rule('clean', 30, { prefixMatch: [`insights-logs-auditevent/resourceId=${idOf(vaultType, 'other').toUpperCase()}`] })] } }), verdict: 'pass' },
  { because: 'the policy asks for less', ...vaultWith([{ logs: ['AuditEvent'], workspace: central }], { policy: { retentionDays: { total: 30, interactive: 30 } } }), verdict: 'pass' },
  { because: 'the policy’s figure for this key point decides', ...vaultWith([dedicated], { policy: { retentionDays: { total: 90, interactive: 90, byKeyPoint: { 'log-retention': 730 } } } }), verdict: 'fail' },
  { because: 'the figure for audit logging comes before that of log retention', ...vaultWith([dedicated], { policy: { retentionDays: { total: 365, interactive: 90, byKeyPoint: { 'log-retention': 90, 'audit-logging': 730 } } } }), verdict: 'fail', says: 'less than 730 days' },
  { because: 'figures for other key points do not touch it', ...vaultWith([dedicated], { policy: { retentionDays: { total: 365, interactive: 90, byKeyPoint: { 'dns-query-logging': 730, 'central-log-management': 4383 } } } }), verdict: 'pass' },
  { because: 'the queries of a DNS security policy are asked by their own figure', ...dnsPolicyWith(90, { 'dns-query-logging': 180 }), verdict: 'fail', says: 'DnsResponse (90 days)' },
  { because: 'and may be kept for less than the rest', ...dnsPolicyWith(30, { 'dns-query-logging': 30 }), verdict: 'pass', says: '30 days are asked' },
  { because: 'a firewall’s queries and rules are asked for different days', ...firewallWith({ 'dns-query-logging': 30 }), verdict: 'fail', says: 'AZFWNetworkRule (90 of 365 days)' },
  { because: 'nothing is sent, which the audit check says', ...vaultWith([]), verdict: 'not-applicable' },
  { because: 'what is sent is not required', ...vaultWith([{ ...dedicated, logs: ['AzurePolicyEvaluationDetails'] }]), verdict: 'not-applicable' },
  { because: 'the only workspace was deleted, so nothing is kept', ...vaultWith([{ ...dedicated, workspace: workspaceId('old') }]), verdict: 'not-applicable' },
  { because: 'an event hub alone tells nothing of retention', ...vaultWith([{ logs: ['AuditEvent'], hub: siem }]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a partner solution alone tells nothing of retention', ...vaultWith([{ logs: ['AuditEvent'], partner: idOf('Microsoft.Datadog/monitors', 'dd') }], { exists: [idOf('Microsoft.Datadog/monitors', 'dd')] }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an event hub beside a short workspace does not lengthen it', ...vaultWith([{ logs: ['AuditEvent'], workspace: central, hub: siem }]), verdict: 'fail' },
  { because: 'an event hub beside a long workspace does no harm', ...vaultWith([{ ...dedicated, hub: siem }]), verdict: 'pass' },
  { because: 'the tables were refused', ...vaultWith([dedicated], { tables: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the tables failed, though the workspace keeps two years: a table may keep less', ...vaultWith([dedicated], { workspaces: [workspaceOf('central', { retentionInDays: 730 })], tables: { [central]: broken } }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the archive keeps for ever, so unread tables do not matter', ...vaultWith([dedicated, archived], { tables: { [central]: refused } }), verdict: 'pass' },
  { because: 'an approved workspace out of sight hides its tables', ...vaultWith([{ ...dedicated, workspace: workspaceId('soc', unseen) }], { policy: { approvedDestinations: [workspaceId('soc', unseen)] } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'an unseen workspace beside a short one may keep longer', ...vaultWith([{ logs: ['AuditEvent'], workspace: central }, { ...dedicated, name: 'soc', workspace: workspaceId('soc', unseen) }]), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the lifecycle rules were refused', ...vaultWith([archived], { lifecycle: { [archive]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the settings were refused', estate: { resources: [vault], settings: { [vault.id]: refused } }, of: vault.id, verdict: 'unknown', reasonCode: 'permission-denied' },
]

const blobs = resourceOf('Microsoft.Storage/storageAccounts/blobServices', 'acct/default')
const environment = resourceOf('Microsoft.App/managedEnvironments', 'cae', { properties: { appLogsConfiguration: { destination: 'log-analytics', customerId: 'c1' } } })
const environmentTables = ['AppEnvSpringAppConsoleLogs_CL', 'ContainerAppConsoleLogs_CL', 'ContainerAppSystemLogs_CL']
const environmentWith = (total: number): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: { resources: [environment], settings: { [environment.id]: [] }, workspaces: [workspaceOf('central', { customerId: 'C1' })], tables: { [central]: environmentTables.map((name) => tableOf(name, 90, total)) } },
  of: environment.id,
})
const environmentCases: JudgedCase[] = [
  { because: 'what an environment sends by itself lands in tables of its own', ...environmentWith(365), verdict: 'pass' },
  { because: 'those tables keep less', ...environmentWith(90), verdict: 'fail', says: 'ContainerAppConsoleLogs (90 days)' },
]
const dedicatedOnly: JudgedCase[] = [
  {
    because: 'a type with dedicated tables only uses them whatever the setting says',
    estate: { resources: [blobs], settings: { [blobs.id]: [settingOf({ logs: ['StorageRead', 'StorageWrite', 'StorageDelete'], workspace: central })] }, tables: { [central]: [tableOf('StorageBlobLogs', 90, 365), tableOf('AzureDiagnostics', 30, 30)] } },
    of: blobs.id,
    verdict: 'pass',
  },
]

const firewall = resourceOf('Microsoft.Network/azureFirewalls', 'afw', { properties: { sku: { tier: 'Standard' } } })
const structured = ['AZFWApplicationRule', 'AZFWNetworkRule', 'AZFWNatRule', 'AZFWThreatIntel']
const legacy = ['AzureFirewallApplicationRule', 'AzureFirewallNetworkRule']
const cluster = resourceOf('Microsoft.ContainerService/managedClusters', 'aks')
/** A resource of whose categories one of several is enough. The workspace keeps the tables of structured logs a year and AzureDiagnostics a month. */
const eitherWith = (resource: typeof firewall, settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: {
    resources: [resource], settings: { [resource.id]: settings.map(settingOf) }, exists: [archive, siem], lifecycle: { [archive]: [] },
    tables: { [central]: [...structured.map((name) => tableOf(name, 90, 365)), tableOf('AzureDiagnostics', 30, 30), tableOf('AKSAudit', 90, 365), tableOf('AKSAuditAdmin', 90, 90)] },
    ...more,
  },
  of: resource.id,
})
const toCentral = (logs: string[], name = 'to-law'): SettingLiteral => ({ name, logs, workspace: central, tables: 'Dedicated' })
const eitherCases: JudgedCase[] = [
  { because: 'structured logs of a firewall are kept a year, whatever their legacy twins are', ...eitherWith(firewall, [toCentral(['group:allLogs'])]), verdict: 'pass' },
  { because: 'legacy logs alone are kept a month', ...eitherWith(firewall, [toCentral(legacy)]), verdict: 'fail', says: 'AzureFirewallApplicationRule (30 days) and AzureFirewallNetworkRule (30 days)' },
  { because: 'the legacy log stands in for the structured ones that are not sent', ...eitherWith(firewall, [toCentral(['AZFWApplicationRule', 'AZFWNetworkRule', 'AzureFirewallNetworkRule'])]), verdict: 'fail', says: 'AzureFirewallNetworkRule (30 days)' },
  { because: 'of two that are too short the longer is named', ...eitherWith(cluster, [toCentral(['kube-audit', 'kube-audit-admin'])], { tables: { [central]: [tableOf('AKSAudit', 90, 90), tableOf('AKSAuditAdmin', 90, 180)] } }), verdict: 'fail', says: 'longest copy: kube-audit-admin (180 days).' },
  { because: 'kube-audit is kept for ever in storage, kube-audit-admin 90 days at hand', ...eitherWith(cluster, [{ name: 'a', logs: ['kube-audit'], storage: archive }, toCentral(['kube-audit-admin'])]), verdict: 'pass', says: 'for ever' },
  { because: 'kube-audit goes to a workspace out of sight, which may keep it longer than the table of kube-audit-admin', ...eitherWith(cluster, [toCentral(['kube-audit-admin']), { name: 'soc', logs: ['kube-audit'], workspace: workspaceId('soc', unseen) }]), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'an event hub with kube-audit does not lengthen the table of kube-audit-admin', ...eitherWith(cluster, [toCentral(['kube-audit-admin']), { name: 'hub', logs: ['kube-audit'], hub: siem }]), verdict: 'fail', says: 'kube-audit-admin (90 days)' },
]

const workspace = resourceOf('Microsoft.OperationalInsights/workspaces', 'central', { id: central })
const workspaceWith = (tables: EstateLiteral['tables'], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: { resources: [workspace], use: { [central]: { subjects: 2, tables: ['AZKVAuditLogs', 'AzureActivity'], categories: [] } }, tables, ...more },
  of: central,
})
const bothLong = [tableOf('AZKVAuditLogs', 90, 365), tableOf('AzureActivity', 90, 365)]

const machineUse: DestinationUse = { subjects: 2, tables: ['AzureActivity', 'SecurityEvent'], categories: [], keyPoints: { AzureActivity: ['central-log-management'], SecurityEvent: ['command-line-auditing', 'os-security-logs'] } }

const shortActivity = [tableOf('AZKVAuditLogs', 90, 365), tableOf('AzureActivity', 90, 90)]

const workspaceCases: JudgedCase[] = [
  { because: 'a table that is short in total is exported to an account that keeps it', ...workspaceWith({ [central]: shortActivity }, { exports: { [central]: [exportTo(archive, { tables: ['AzureActivity'] })] }, exists: [archive], lifecycle: { [archive]: [] } }), verdict: 'pass' },
  { because: 'the account of the export deletes too early', ...workspaceWith({ [central]: shortActivity }, { exports: { [central]: [exportTo(archive, { tables: ['AzureActivity'] })] }, exists: [archive], lifecycle: { [archive]: [rule('clean', 200)] } }), verdict: 'fail', says: 'AzureActivity' },
  { because: 'the account of the export is shut to public networks and lets everybody in', ...workspaceWith({ [central]: shortActivity }, { exports: { [central]: [exportTo(archive, { tables: ['AzureActivity'] })] }, exists: [archive], shut: [archive], lifecycle: { [archive]: [] } }), verdict: 'unknown', reasonCode: 'unsupported', says: 'closed to public networks' },
  { because: 'the account of the export is out of sight', ...workspaceWith({ [central]: shortActivity }, { exports: { [central]: [exportTo(storageId('far', unseen), { tables: ['AzureActivity'] })] } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Storage/storageAccounts/managementPolicies/read' },
  { because: 'a table is short in total, and what is exported was refused', ...workspaceWith({ [central]: shortActivity }, { exports: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'an export keeps nothing at hand', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 30, 365), tableOf('AzureActivity', 90, 365)] }, { exports: { [central]: [exportTo(archive, { tables: ['AZKVAuditLogs'] })] }, exists: [archive] }), verdict: 'fail', says: 'AZKVAuditLogs (30 of 90 at hand)' },
  { because: 'both tables in use reach both figures', ...workspaceWith({ [central]: bothLong }), verdict: 'pass', severity: 'high' },
  { because: 'a short table that no security log uses does not matter', ...workspaceWith({ [central]: [...bothLong, tableOf('AppTraces', 4, 4)] }), verdict: 'pass' },
  { because: 'AzureActivity has its free 90 days only', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 90, 365), tableOf('AzureActivity', 90, 90)] }), verdict: 'fail', says: 'AzureActivity (90 of 365 days in total)' },
  { because: 'a year in total, but 30 days at hand', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 30, 365), tableOf('AzureActivity', 90, 365)] }), verdict: 'fail', says: 'AZKVAuditLogs (30 of 90 at hand)' },
  { because: 'a Basic table is at hand for 30 days whatever it says', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 365, 365, { plan: 'Basic' }), tableOf('AzureActivity', 90, 365)] }), verdict: 'fail', says: 'by its Basic plan' },
  { because: 'an Auxiliary table answers queries for as long as it is kept', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 365, 365, { plan: 'Auxiliary' }), tableOf('AzureActivity', 90, 365)] }), verdict: 'pass' },
  { because: 'an Auxiliary table is kept too short', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 30, 30, { plan: 'Auxiliary' }), tableOf('AzureActivity', 90, 365)] }), verdict: 'fail' },
  { because: 'the user accepts 30 days at hand', ...workspaceWith({ [central]: [tableOf('AZKVAuditLogs', 30, 365, { plan: 'Basic' }), tableOf('AzureActivity', 90, 365)] }, { policy: { retentionDays: { total: 365, interactive: 30 } } }), verdict: 'pass' },
  { because: 'each table is asked for the days of what goes there', ...workspaceWith({ [central]: [tableOf('SecurityEvent', 90, 180), tableOf('AzureActivity', 90, 365)] }, { use: { [central]: machineUse }, ...withFigures({ 'os-security-logs': 180, 'command-line-auditing': 90 }) }), verdict: 'pass', says: 'up to 365 days' },
  { because: 'the longest of what goes to one table decides', ...workspaceWith({ [central]: [tableOf('SecurityEvent', 90, 180), tableOf('AzureActivity', 90, 365)] }, { use: { [central]: machineUse }, ...withFigures({ 'os-security-logs': 180, 'command-line-auditing': 400 }) }), verdict: 'fail', says: 'SecurityEvent (180 of 400 days in total)' },
  { because: 'no more is asked at hand than is asked in total', ...workspaceWith({ [central]: [tableOf('SecurityEvent', 30, 30), tableOf('AzureActivity', 90, 365)] }, { use: { [central]: machineUse }, ...withFigures({ 'os-security-logs': 30, 'command-line-auditing': 30 }) }), verdict: 'pass' },
  { because: 'the days at hand are asked of the workspace', ...workspaceWith({ [central]: bothLong }, { policy: { retentionDays: { total: 365, interactive: 180 } } }), verdict: 'fail', says: 'AZKVAuditLogs (90 of 180 at hand)' },
  { because: 'what Sentinel raises is kept too short', ...workspaceWith({ [central]: [...bothLong, tableOf('SecurityAlert', 90, 90)] }, { sentinel: { [central]: { onboarded: true } } }), verdict: 'fail', says: 'SecurityAlert (90 of 365 days in total)' },
  { because: 'alerts are asked by their own figure', ...workspaceWith({ [central]: [...bothLong, tableOf('SecurityAlert', 90, 90)] }, { sentinel: { [central]: { onboarded: true } }, ...withFigures({ 'anomaly-alerts': 90 }) }), verdict: 'pass' },
  { because: 'without Sentinel nobody fills its tables', ...workspaceWith({ [central]: [...bothLong, tableOf('SecurityAlert', 90, 90)] }, { sentinel: { [central]: { onboarded: false } } }), verdict: 'pass' },
  { because: 'tables that are not listed follow the workspace', ...workspaceWith({ [central]: [] }, { workspaces: [workspaceOf('central', { retentionInDays: 365 })] }), verdict: 'pass' },
  { because: 'the default of 30 days is short', ...workspaceWith({ [central]: [] }, { workspaces: [workspaceOf('central', { retentionInDays: 30 })] }), verdict: 'fail' },
  { because: 'the tables were refused, and the workspace’s year proves nothing of them', ...workspaceWith({ [central]: refused }, { workspaces: [workspaceOf('central', { retentionInDays: 730 })] }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the tables were never read', ...workspaceWith({}), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'no security log is sent to it', ...workspaceWith({ [central]: [] }, { use: { [central]: { subjects: 1, tables: [], categories: [] } } }), verdict: 'not-applicable' },
  { because: 'nothing is sent to it', ...workspaceWith({}, { use: {} }), verdict: 'not-applicable' },
]

const account = resourceOf('Microsoft.Storage/storageAccounts', 'arch', { id: archive })
const accountWith = (lifecycle: EstateLiteral['lifecycle'], categories = ['insights-activity-logs', 'insights-logs-auditevent'], figures?: Figures): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: {
    resources: [account], lifecycle, use: { [archive.toUpperCase()]: { subjects: 1, tables: [], categories, keyPoints: { 'insights-logs-dnsresponse': ['dns-query-logging'] } } },
    ...(figures && withFigures(figures)),
  },
  of: archive,
})

const storageCases: JudgedCase[] = [
  { because: 'no rules keep for ever', ...accountWith({ [archive]: [] }), verdict: 'pass', severity: 'high' },
  { because: 'a rule without prefix hits all containers', ...accountWith({ [archive]: [rule('all', 90)] }), verdict: 'fail', says: "insights-activity-logs after 90 days by 'all'" },
  { because: 'a rule hits one of two log containers', ...accountWith({ [archive]: [rule('activity', 90, { prefixMatch: ['insights-activity-logs'] })] }), verdict: 'fail' },
  { because: 'a rule inside a log container deletes some of the logs', ...accountWith({ [archive]: [rule('one', 7, { prefixMatch: ['insights-logs-auditevent/resourceId=/SUBSCRIPTIONS/X'] })] }), verdict: 'fail' },
  { because: 'a rule for tagged blobs takes no logs, which have no tags', ...accountWith({ [archive]: [rule('purge', 7, { tags: ['purge'] })] }), verdict: 'pass' },
  { because: 'a rule without tags beside it deletes them', ...accountWith({ [archive]: [rule('purge', 7, { tags: ['purge'] }), rule('all', 90)] }), verdict: 'fail', says: "by 'all'" },
  { because: 'prefixes are case-sensitive, and Azure writes the ids of resources in capitals', ...accountWith({ [archive]: [rule('one', 7, { prefixMatch: ['insights-logs-auditevent/resourceId=/subscriptions/x'] })] }), verdict: 'pass' },
  { because: 'a prefix that ends before the id begins', ...accountWith({ [archive]: [rule('one', 7, { prefixMatch: ['insights-logs-auditevent/resource'] })] }), verdict: 'fail' },
  { because: 'each container is asked for the days of what it holds', ...accountWith({ [archive]: [rule('queries', 60, { prefixMatch: ['insights-logs-dnsresponse'] })] }, ['insights-logs-auditevent', 'insights-logs-dnsresponse'], { 'dns-query-logging': 30 }), verdict: 'pass' },
  { because: 'one container is deleted before its own days', ...accountWith({ [archive]: [rule('all', 400)] }, ['insights-logs-auditevent', 'insights-logs-dnsresponse'], { 'dns-query-logging': 730 }), verdict: 'fail', says: "insights-logs-dnsresponse after 400 days by 'all'" },
  { because: 'a rule for other containers', ...accountWith({ [archive]: [rule('web', 7, { prefixMatch: ['$web/', 'backup'] })] }), verdict: 'pass' },
  { because: 'a rule after last access deletes logs that nobody reads', ...accountWith({ [archive]: [rule('cold', 0, { deleteAfterModificationDays: null, deleteAfterLastAccessDays: 90 })] }), verdict: 'fail' },
  { because: 'the shortest of several rules decides', ...accountWith({ [archive]: [rule('long', 400), rule('short', 10)] }), verdict: 'fail', says: "by 'short'" },
  { because: 'a rule that only tiers deletes nothing', ...accountWith({ [archive]: [rule('tier', 0, { deleteAfterModificationDays: null })] }), verdict: 'pass' },
  { because: 'the rules were refused', ...accountWith({ [archive]: refused }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the account holds no logs', ...accountWith({}, []), verdict: 'none' },
]

const namespace = resourceOf('Microsoft.EventHub/namespaces', 'siem', { id: siem })
const hubWith = (categories: string[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: { resources: [namespace], use: { [siem]: { subjects: 1, tables: [], categories } }, ...more },
  of: siem,
})

const four = ['Administrative', 'Security', 'Alert', 'Policy']
const exporting = (settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: { settings: { [subscriptionId]: settings.map(settingOf) }, exists: [archive, siem], tables: { [central]: [tableOf('AzureActivity', 90, 365)] }, lifecycle: { [archive]: [] }, ...more },
  of: subscriptionId,
})

const activityCases: JudgedCase[] = [
  { because: 'a group whose content nobody tells is kept somewhere, and what of it is not known', ...exporting([{ logs: ['group:audit'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'three are kept a year, and of the fourth nobody tells whether it is sent', ...exporting([{ name: 'a', logs: ['Administrative', 'Security', 'Alert'], workspace: central }, { name: 'b', logs: ['group:audit'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported', says: 'Policy' },
  { because: 'AzureActivity keeps a year', ...exporting([{ logs: four, workspace: central }]), verdict: 'pass', severity: 'high' },
  { because: 'the destination need not be central', ...exporting([{ logs: four, storage: archive }]), verdict: 'pass' },
  { because: 'it is not exported: the platform’s 90 days are all', ...exporting([]), verdict: 'fail', says: 'platform’s 90 days' },
  { because: 'Alert is not exported', ...exporting([{ logs: ['Administrative', 'Security', 'Policy'], workspace: central }]), verdict: 'fail', says: 'Alert' },
  { because: 'AzureActivity keeps 90 days', ...exporting([{ logs: four, workspace: central }], { tables: { [central]: [tableOf('AzureActivity', 90, 90)] } }), verdict: 'fail', says: '90 days' },
  { because: 'a rule deletes the container of activity logs', ...exporting([{ logs: four, storage: archive }], { lifecycle: { [archive]: [rule('a', 90, { prefixMatch: ['insights-activity-logs'] })] } }), verdict: 'fail' },
  { because: 'a rule for resource logs leaves the activity log alone', ...exporting([{ logs: four, storage: archive }], { lifecycle: { [archive]: [rule('a', 90, { prefixMatch: ['insights-logs-'] })] } }), verdict: 'pass' },
  { because: 'an event hub alone', ...exporting([{ logs: four, hub: siem }]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an unseen workspace alone', ...exporting([{ logs: four, workspace: workspaceId('soc', unseen) }]), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the settings were refused', estate: { settings: { [subscriptionId]: refused } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the subscription is deleted', estate: { subscription: { state: 'Deleted' } }, of: subscriptionId, verdict: 'not-applicable' },
]

const locked = { state: 'Locked', days: 365, allowsAppends: true }
const container = 'insights-logs-auditevent'
/** The archive with this use and these policies, of the account as a whole or of its containers. */
const immutable = (use: { onlyCopies?: string[]; unclearCopies?: string[] }, containers: LogContainer[] = [], ofAccount: object | null = null, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: {
    resources: [resourceOf('Microsoft.Storage/storageAccounts', 'arch', { id: archive, properties: ofAccount === null ? {} : { immutableStorageWithVersioning: ofAccount } })],
    use: { [archive]: { subjects: 1, tables: [], categories: [container], ...use } },
    containers: { [archive]: containers },
    ...more,
  },
  of: archive,
})
const alone = { onlyCopies: [container] }
const accountWide = (state: string, allowProtectedAppendWrites = true, immutabilityPeriodSinceCreationInDays = 365) => ({ enabled: true, immutabilityPolicy: { immutabilityPeriodSinceCreationInDays, state, allowProtectedAppendWrites } })

const immutableCases: JudgedCase[] = [
  { because: 'the container has a locked policy with appends', ...immutable(alone, [{ name: container, immutability: locked }]), verdict: 'pass', severity: 'medium' },
  { because: 'the lock is named with its days', ...immutable(alone, [{ name: container, immutability: locked }]), verdict: 'pass', says: 'insights-logs-auditevent for 365 days' },
  { because: 'a lock of a week lets everything older be deleted', ...immutable(alone, [{ name: container, immutability: { ...locked, days: 7 } }]), verdict: 'fail', says: 'locked for 7 days, after which the logs can be deleted, and 365 are asked' },
  { because: 'the policy asks no more than the lock holds', ...immutable(alone, [{ name: container, immutability: { ...locked, days: 90 } }], null, { policy: { retentionDays: { total: 90, interactive: 90 } } }), verdict: 'pass' },
  { because: 'a lock that does not tell its days is a lock', ...immutable(alone, [{ name: container, immutability: { ...locked, days: null } }]), verdict: 'pass' },
  { because: 'the account’s lock is too short, and the container’s is not', ...immutable(alone, [{ name: container, immutability: locked }], accountWide('Locked', true, 1)), verdict: 'pass' },
  { because: 'the account as a whole has one', ...immutable(alone, [], accountWide('Locked')), verdict: 'pass', says: '365 days' },
  { because: 'the account’s lock is too short, and is not passed over in silence', ...immutable(alone, [], accountWide('Locked', true, 180)), verdict: 'fail', says: 'policy of the account is locked for 180 days, after which the logs can be deleted, and 365 are asked' },
  { because: 'a container’s own policy takes the place of a longer one of the account', ...immutable(alone, [{ name: container, immutability: { ...locked, days: 30 } }], accountWide('Locked')), verdict: 'fail', says: 'locked for 30 days' },
  { because: 'a container’s own policy takes the place of a locked one of the account', ...immutable(alone, [{ name: container, immutability: { ...locked, state: 'Unlocked' } }], accountWide('Locked')), verdict: 'fail', says: 'it can be removed' },
  { because: 'a container that could not be read may have a policy of its own, whatever the account has', ...immutable(alone, [], accountWide('Locked'), { containers: { [archive]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  {
    because: 'the account’s lock is long enough for the only copy, and another container is in doubt',
    ...immutable({ onlyCopies: ['insights-logs-dnsresponse'], unclearCopies: [container] }, [], accountWide('Locked', true, 180), {
      policy: { retentionDays: { total: 365, interactive: 90, byKeyPoint: { 'dns-query-logging': 90 } } },
      use: { [archive]: { subjects: 2, tables: [], categories: [container, 'insights-logs-dnsresponse'], keyPoints: { 'insights-logs-dnsresponse': ['dns-query-logging'] }, onlyCopies: ['insights-logs-dnsresponse'], unclearCopies: [container] } },
    }),
    verdict: 'unknown',
    reasonCode: 'unsupported',
    says: 'insights-logs-auditevent long enough is not known, and the immutability policy of the account is locked for 180 days',
  },
  { because: 'there is none', ...immutable(alone, [{ name: container, immutability: null }]), verdict: 'fail', says: 'no immutability policy' },
  { because: 'the container is not there yet', ...immutable(alone), verdict: 'fail' },
  { because: 'an unlocked policy can be removed', ...immutable(alone, [{ name: container, immutability: { ...locked, state: 'Unlocked' } }]), verdict: 'fail', says: 'it can be removed' },
  { because: 'the account’s is not locked', ...immutable(alone, [], accountWide('Unlocked')), verdict: 'fail' },
  { because: 'the account’s is switched off', ...immutable(alone, [], accountWide('Disabled')), verdict: 'fail' },
  { because: 'a locked policy without appends stops the logging', ...immutable(alone, [{ name: container, immutability: { ...locked, allowsAppends: false } }]), verdict: 'fail', says: 'forbids appends' },
  { because: 'the container makes up for the account', ...immutable(alone, [{ name: container, immutability: locked }], accountWide('Unlocked')), verdict: 'pass' },
  { because: 'of two containers one has no policy', ...immutable({ onlyCopies: [container, 'insights-logs-storageread'] }, [{ name: container, immutability: locked }]), verdict: 'fail', says: 'insights-logs-storageread: no' },
  { because: 'a workspace keeps the same logs long enough', ...immutable({}), verdict: 'not-applicable' },
  { because: 'nobody knows how long the workspace keeps them', ...immutable({ unclearCopies: [container] }), verdict: 'unknown', reasonCode: 'unsupported', says: 'and no immutability policy protects the copy here' },
  { because: 'a locked policy answers whatever the workspace does', ...immutable({ unclearCopies: [container] }, [{ name: container, immutability: locked }]), verdict: 'pass' },
  { because: 'the containers were refused', ...immutable(alone, [], null, { containers: { [archive]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'no log that is required goes there', estate: { resources: [resourceOf('Microsoft.Storage/storageAccounts', 'arch', { id: archive })], use: {} }, of: archive, verdict: 'none' },
]

describe('log-storage-immutable', () => judgedCases('log-storage-immutable', immutableCases))
describe('resource-log-retention', () => judgedCases('resource-log-retention', [...resourceCases, ...dedicatedOnly, ...environmentCases, ...eitherCases]))
describe('workspace-retention', () => judgedCases('workspace-retention', workspaceCases))
describe('log-storage-retention', () => judgedCases('log-storage-retention', storageCases))
describe('event-hub-retention', () =>
  judgedCases('event-hub-retention', [
    { because: 'it holds the only copy and nobody answers for it', ...hubWith(['auditevent']), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'the user answers for the system behind it', ...hubWith(['auditevent'], { policy: { approvedDestinations: [`${siem}/authorizationRules/x`] } }), verdict: 'pass' },
    { because: 'another destination has the same logs', ...hubWith([]), verdict: 'not-applicable' },
    { because: 'no logs are sent to it', estate: { resources: [namespace] }, of: siem, verdict: 'none' },
  ]))
describe('activity-log-beyond-90-days', () => judgedCases('activity-log-beyond-90-days', activityCases))
