import { describe } from 'vitest'
import type { Collected } from '@/lib/domain/collected'
import type { CollectionRule } from '@/lib/domain/estate'
import type { EstateLiteral } from './testing/estate-builder'
import { auditingOf, broken, gone, idOf, liveOf, resourceOf, settingOf, storageId, subscriptionId, tableOf, tenantSubjectId, workspaceId, workspaceOf, type SettingLiteral } from './testing/literals'
import { judgedCases, type JudgedCase } from './testing/judged-cases'

const central = workspaceId('central')
const ruleId = idOf('Microsoft.Insights/dataCollectionRules', 'dcr-own')
/** As the workspace names it: casing differs between APIs. */
const transformed = workspaceOf('central', { defaultRuleId: ruleId.toUpperCase() })
const required = ['Administrative', 'Security', 'Alert', 'Policy']

const ruleRefused: Collected<never> = { ok: false, reason: 'permission-denied', detail: 'No right.', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Insights/dataCollectionRules/read' }

type Flows = Record<string, string | null>
/** The workspace's own rule; transformations by table. */
function ruleWith(flows: Flows, over: Partial<CollectionRule['flows'][number]> = {}): CollectionRule {
  return {
    id: ruleId, name: 'dcr-own', kind: 'WorkspaceTransforms', windowsEvents: [], syslog: [], logFiles: [], workspaces: [{ name: 'la', workspaceId: central }],
    flows: Object.entries(flows).map(([table, transformKql]) => ({ streams: [`Microsoft-Table-${table}`], destinations: ['la'], transformKql, ...over })),
  }
}
function transforming(flows: Flows, estate: EstateLiteral): EstateLiteral {
  return { workspaces: [transformed], rules: { [ruleId]: ruleWith(flows) }, ...estate }
}

const activity = (flows: Flows, more: EstateLiteral = {}, settings: SettingLiteral[] = [{ logs: required, workspace: central }]): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: transforming(flows, { settings: { [subscriptionId]: settings.map(settingOf) }, ...more }), of: subscriptionId,
})

describe('activity-log-export', () => judgedCases('activity-log-export', [
  { because: 'the workspace drops a category that is required', ...activity({ AzureActivity: "source | where CategoryValue != 'Administrative'" }), verdict: 'fail', says: 'Administrative of the activity log is not sent' },
  { because: 'a condition without a column is not understood', ...activity({ AzureActivity: 'source | where false' }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the workspace drops every required category', ...activity({ AzureActivity: "source | where CategoryValue == 'Autoscale'" }), verdict: 'fail', says: "'to-law' sends to central, whose own transformation drops what is required" },
  { because: 'the workspace drops a category that nobody asks for', ...activity({ azureactivity: "source | where CategoryValue !in ('Recommendation', 'Autoscale') | project-away Claims" }), verdict: 'pass' },
  { because: 'columns alone are taken away', ...activity({ AzureActivity: 'source | project-away Claims, Authorization' }), verdict: 'pass' },
  { because: 'which rows a filter on anything else leaves out is not told', ...activity({ AzureActivity: "source | where CategoryValue != 'Alert' or Caller != 'robot'" }), verdict: 'unknown', reasonCode: 'unsupported', says: 'transforms AzureActivity' },
  { because: 'the workspace transforms another table', ...activity({ SigninLogs: 'source | where ResultType != 0' }), verdict: 'pass' },
  { because: 'a stream without a transformation is untouched', ...activity({ AzureActivity: null }), verdict: 'pass' },
  { because: 'the rows go to another table', ...activity({}, { rules: { [ruleId]: ruleWith({ AzureActivity: 'source' }, { outputStream: 'Custom-Activity_CL' }) } }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the rows go to the table itself', ...activity({}, { rules: { [ruleId]: ruleWith({ AzureActivity: 'source' }, { outputStream: 'microsoft-table-azureactivity' }) } }), verdict: 'pass' },
  { because: 'what an agent’s rule does with its own streams is not asked', ...activity({}, { rules: { [ruleId]: { ...ruleWith({}), flows: [{ streams: ['Microsoft-Syslog'], destinations: ['la'], transformKql: 'source | where false' }] } } }), verdict: 'pass' },
  { because: 'the rule that the workspace names is gone', ...activity({}, { rules: { [ruleId]: gone } }), verdict: 'pass' },
  { because: 'the rule was refused', ...activity({}, { rules: { [ruleId]: ruleRefused } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/dataCollectionRules/read', says: 'The transformations of central' },
  { because: 'the rule could not be read', ...activity({}, { rules: { [ruleId]: broken } }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the rule was never asked for', ...activity({}, { rules: {} }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'another workspace keeps what this one drops', ...activity({ AzureActivity: "source | where CategoryValue == 'Autoscale'" }, { workspaces: [transformed, workspaceOf('second')], central: { ids: [central, workspaceId('second')], basis: 'confirmed' } }, [{ name: 'a', logs: required, workspace: central }, { name: 'b', logs: ['group:allLogs'], workspace: workspaceId('second') }]), verdict: 'pass' },
]))

const vault = resourceOf('Microsoft.KeyVault/vaults', 'kv')
const vaultLive = { [vault.type]: liveOf(vault.type, { AuditEvent: ['audit', 'allLogs'], AzurePolicyEvaluationDetails: ['allLogs'] }) }
const shared: SettingLiteral = { logs: ['group:audit'], workspace: central }
const own: SettingLiteral = { ...shared, tables: 'Dedicated' }
const vaultBy = (flows: Flows, setting = shared, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: transforming(flows, { resources: [vault], live: vaultLive, settings: { [vault.id]: [settingOf(setting)] }, ...more }), of: vault.id,
})
const blobs = resourceOf('Microsoft.Storage/storageAccounts/blobServices', 'acct/default')
const blobsBy = (transformKql: string): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: transforming({ StorageBlobLogs: transformKql }, { resources: [blobs], live: { [blobs.type]: liveOf(blobs.type, { StorageRead: ['audit', 'allLogs'], StorageWrite: ['audit', 'allLogs'], StorageDelete: ['audit', 'allLogs'] }) }, settings: { [blobs.id]: [settingOf({ logs: ['group:allLogs'], workspace: central })] } }), of: blobs.id,
})
const cluster = resourceOf('Microsoft.ContainerService/managedClusters', 'aks')
const odd = resourceOf('Contoso.Odd/things', 'odd')

describe('resource-audit-logs', () => judgedCases('resource-audit-logs', [
  { because: 'the shared table loses the category', ...vaultBy({ AzureDiagnostics: "source | where Category != 'AuditEvent'" }), verdict: 'fail', says: 'whose own transformation drops' },
  { because: 'the vault’s own table is another', ...vaultBy({ AzureDiagnostics: "source | where Category != 'AuditEvent'" }, own), verdict: 'pass' },
  { because: 'the shared table loses what other types send', ...vaultBy({ AzureDiagnostics: "source | where ResourceProvider != 'MICROSOFT.SQL' and ResourceType !in ('AZUREFIREWALLS', 'FLOWS')" }), verdict: 'pass' },
  { because: 'the shared table loses what the type sends', ...vaultBy({ AzureDiagnostics: "source | where ResourceType != 'VAULTS'" }), verdict: 'fail' },
  { because: 'the vault’s own table is filtered by what its rows hold', ...vaultBy({ AZKVAuditLogs: "source | where OperationName != 'SecretGet'" }, own), verdict: 'unknown', reasonCode: 'unsupported', says: 'transforms AZKVAuditLogs' },
  { because: 'an archive keeps what the workspace drops', ...vaultBy({ AzureDiagnostics: "source | where Category != 'AuditEvent'" }, { ...shared, storage: storageId('arch') }, { exists: [storageId('arch')] }), verdict: 'pass' },
  { because: 'the table of blobs loses reads', ...blobsBy("source | where Category != 'StorageRead'"), verdict: 'fail', says: 'StorageRead' },
  { because: 'the table of blobs is filtered by account', ...blobsBy("source | where AccountName == 'x'"), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a table of its own has no column of that name', estate: transforming({ AKSAudit: "source | where Category != 'kube-audit'" }, { resources: [cluster], settings: { [cluster.id]: [settingOf({ logs: ['kube-audit', 'guard'], workspace: central, tables: 'Dedicated' })] } }), of: cluster.id, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'nobody knows the table of the category, and some table is filtered', estate: transforming({ AZKVAuditLogs: 'source | where x == 1' }, { resources: [odd], live: { [odd.type]: liveOf(odd.type, { OddAudit: ['audit', 'allLogs'] }) }, settings: { [odd.id]: [settingOf(shared)] } }), of: odd.id, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'nobody knows the table of the category, and no row is left out of any', estate: transforming({ AZKVAuditLogs: 'source | project-away CallerIPAddress' }, { resources: [odd], live: { [odd.type]: liveOf(odd.type, { OddAudit: ['audit', 'allLogs'] }) }, settings: { [odd.id]: [settingOf(shared)] } }), of: odd.id, verdict: 'pass' },
]))

describe('resource-logs-centralized', () => judgedCases('resource-logs-centralized', [
  { because: 'the central workspace drops it', ...vaultBy({ AzureDiagnostics: "source | where Category != 'AuditEvent'" }), verdict: 'fail' },
  { because: 'what the central workspace keeps is not told', ...vaultBy({ AzureDiagnostics: "source | where httpStatusCode_d == 200" }), verdict: 'unknown', reasonCode: 'unsupported' },
]))

describe('resource-log-retention', () => judgedCases('resource-log-retention', [
  { because: 'nothing arrives that could be kept', ...vaultBy({ AzureDiagnostics: "source | where Category != 'AuditEvent'" }), verdict: 'not-applicable' },
  { because: 'whether anything is kept is not told', ...vaultBy({ AzureDiagnostics: 'source | where httpStatusCode_d == 200' }, shared, { tables: { [central]: [tableOf('AzureDiagnostics', 90, 730)] } }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the archive keeps it, whatever the workspace does', ...vaultBy({ AzureDiagnostics: 'source | where httpStatusCode_d == 200' }, { ...shared, storage: storageId('arch') }, { exists: [storageId('arch')], lifecycle: { [storageId('arch')]: [] }, tables: { [central]: [] } }), verdict: 'pass' },
]))

describe('entra-log-export', () => judgedCases('entra-log-export', [
  { because: 'the category of an audit event in its row is not that of the setting', estate: transforming({ AuditLogs: "source | where Category != 'AuditLogs'" }, { subscription: null, settings: { [tenantSubjectId]: [settingOf({ logs: ['AuditLogs', 'SignInLogs'], workspace: central })] } }), of: tenantSubjectId, verdict: 'unknown', reasonCode: 'unsupported' },
]))

const server = resourceOf('Microsoft.Sql/servers', 'srv', { kind: 'v12.0' })
const master = resourceOf('Microsoft.Sql/servers/databases', 'srv/master', { derivedFrom: server.id })
const audited = (flows: Flows): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: transforming(flows, { resources: [server, master], sql: { [server.id]: auditingOf() }, settings: { [master.id]: [settingOf({ logs: ['SQLSecurityAuditEvents'], workspace: central })] } }), of: server.id,
})
describe('sql-server-auditing', () => judgedCases('sql-server-auditing', [
  { because: 'the workspace keeps the audit', ...audited({ AzureDiagnostics: "source | where ResourceType != 'VAULTS'" }), verdict: 'pass' },
  { because: 'the workspace drops the audit', ...audited({ AzureDiagnostics: "source | where Category != 'SQLSecurityAuditEvents'" }), verdict: 'fail' },
  { because: 'what the workspace keeps of the audit is not told', ...audited({ AzureDiagnostics: "source | where statement_s != ''" }), verdict: 'unknown', reasonCode: 'unsupported', says: 'whether it is kept there is not told' },
]))

const workspace = resourceOf('Microsoft.OperationalInsights/workspaces', 'central', { id: central })
describe('log-access-audited', () => judgedCases('log-access-audited', [
  { because: 'the workspace filters the table of its queries', estate: transforming({ LAQueryLogs: "source | where AADEmail != 'robot'" }, { resources: [workspace], settings: { [central]: [settingOf({ logs: ['Audit'], workspace: central })] } }), of: central, verdict: 'unknown', reasonCode: 'unsupported' },
]))
