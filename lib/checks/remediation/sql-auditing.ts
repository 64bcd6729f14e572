import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { SqlAuditing } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { isLongEnough, isUnread, notRead } from './kept'
import { seeLifecycle } from './lifecycle'
import { azapiUpdate, bicepResource, Reference, type Body } from './object-text'
import { shellQuote, terraformString, workspacePlaceholder } from './quote'

/** The arguments that name a SQL server to the command line. */
function sqlServerArguments(serverId: string): string {
  return [
    `--subscription ${shellQuote(subscriptionIdOf(serverId) ?? '')}`,
    `--resource-group ${shellQuote(resourceGroupOf(serverId) ?? '')}`,
    `--name ${shellQuote(nameOf(serverId))}`,
  ].join(' ')
}

const portal = 'Open the SQL server, Security, Auditing'
const version = '2021-11-01'
const server = new Reference('server')

/** The server in Bicep, and settings of it; `carried` makes `master` send a category, which is how audits leave a server. */
function bicep(serverId: string, settings: { symbol: string; type: string; body: { readonly [name: string]: Body } }, carried?: { category: string; workspace: string }): string {
  return [
    bicepResource({ symbol: 'server', type: `Microsoft.Sql/servers@${version}`, existing: true, body: { name: nameOf(serverId) } }),
    ...(carried === undefined ? [] : [bicepResource({ symbol: 'master', type: `Microsoft.Sql/servers/databases@${version}`, existing: true, body: { parent: server, name: 'master' } })]),
    bicepResource({ ...settings, type: `Microsoft.Sql/servers/${settings.type}@${version}` }),
    ...(carried === undefined ? [] : [bicepResource({
      symbol: 'setting', type: 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview',
      body: { name: settingName, scope: new Reference('master'), properties: { workspaceId: carried.workspace, logs: [{ category: carried.category, enabled: true }] } },
    })]),
  ].join('\n\n')
}

const settingName = 'keypoint-sql-audit'

function terraformAuditing(serverId: string, lines: readonly string[]): string {
  return ['resource "azurerm_mssql_server_extended_auditing_policy" "keypoint" {', `  server_id = ${terraformString(serverId)}`, ...lines.map((line) => `  ${line}`), '}'].join('\n')
}

function terraformCarried(serverId: string, category: string, workspace: string): string {
  return [
    'resource "azurerm_monitor_diagnostic_setting" "keypoint_sql_audit" {',
    `  name                       = "${settingName}"`,
    `  target_resource_id         = ${terraformString(`${serverId}/databases/master`)}`,
    `  log_analytics_workspace_id = ${terraformString(workspace)}`,
    '',
    '  enabled_log {',
    `    category = "${category}"`,
    '  }',
    '}',
  ].join('\n')
}

/** Both notations write the auditing as a whole. */
const besideNote = 'In the auditing as it is where it is on, beside its targets and action groups.'

const serverPolicy = {
  id: '/providers/Microsoft.Authorization/policyDefinitions/25da7dfb-0666-4a15-a8f5-402127efd8bb',
  displayName: 'Configure SQL servers to have auditing enabled to Log Analytics workspace',
}

/** Server auditing to Azure Monitor; its three parts (state, target, setting on master) at once. */
export function remediateSqlServer(serverId: string, judgement: Judgement, context: RemediationContext): Remediation {
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const category = 'SQLSecurityAuditEvents'
  const summary = 'Turn on auditing of the SQL server with Azure Monitor as its target, and send SQLSecurityAuditEvents of master to the central workspace. It covers every database of the server.'
  const byHand = { policy: serverPolicy, portal: `${portal}, Enable Azure SQL Auditing, Log Analytics.` }
  if (isUnread(judgement)) return { summary: `${summary} ${notRead}`, ...byHand }
  return {
    summary,
    azureCli: [
      `az sql server audit-policy update ${sqlServerArguments(serverId)} \\`,
      `  --state Enabled --log-analytics-target-state Enabled \\`,
      `  --log-analytics-workspace-resource-id ${shellQuote(workspace)}`,
    ].join('\n'),
    bicep: `// ${besideNote}\n${bicep(serverId, { symbol: 'auditing', type: 'auditingSettings', body: { parent: server, name: 'default', properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true } } }, { category, workspace })}`,
    terraform: [`# ${besideNote}`, terraformAuditing(serverId, ['log_monitoring_enabled = true']), terraformCarried(serverId, category, workspace)].join('\n\n'),
    ...byHand,
  }
}

/** The audit of what Microsoft's engineers do, which is a setting and a category of its own. */
export function remediateSupportAudit(serverId: string, judgement: Judgement, context: RemediationContext): Remediation {
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const category = 'DevOpsOperationsAudit'
  const summary = 'Turn on the audit of Microsoft support operations with Azure Monitor as its target.'
  const byHand = { portal: `${portal}, Enable Auditing of Microsoft support operations.` }
  if (isUnread(judgement)) return { summary: `${summary} ${notRead}`, ...byHand }
  return {
    summary,
    azureCli: [
      `az sql server ms-support audit-policy update ${sqlServerArguments(serverId)} \\`,
      `  --state Enabled --log-analytics-target-state Enabled --log-analytics-workspace-resource-id ${shellQuote(workspace)}`,
    ].join('\n'),
    bicep: bicep(serverId, { symbol: 'auditing', type: 'devOpsAuditingSettings', body: { parent: server, name: 'Default', properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true } } }, { category, workspace }),
    terraform: [
      ['resource "azurerm_mssql_server_microsoft_support_auditing_policy" "keypoint" {', `  server_id              = ${terraformString(serverId)}`, '  log_monitoring_enabled = true', '}'].join('\n'),
      terraformCarried(serverId, category, workspace),
    ].join('\n\n'),
    ...byHand,
  }
}

/** What a change of an audit must not lose, as a finding keeps it. */
export function auditKept({ isAzureMonitorTargetEnabled, storageEndpoint, storageSubscriptionId, retentionDays, auditActionsAndGroups }: SqlAuditing): Evidence {
  return { isAzureMonitorTargetEnabled, storageEndpoint, ...(storageSubscriptionId !== null && { storageSubscriptionId }), retentionDays, auditActionsAndGroups: [...auditActionsAndGroups].sort() }
}

interface AuditSeen {
  endpoint: string | null
  storageSubscriptionId: string | null
  toAzureMonitor: boolean
  retentionDays: number
  groups: readonly string[]
}

/** Null: the auditing was not read. */
function seenIn({ evidence }: Judgement): AuditSeen | null {
  const { isAzureMonitorTargetEnabled, storageEndpoint, storageSubscriptionId, retentionDays, auditActionsAndGroups } = evidence ?? {}
  if (typeof isAzureMonitorTargetEnabled !== 'boolean') return null
  const toAzureMonitor = isAzureMonitorTargetEnabled
  return {
    endpoint: typeof storageEndpoint === 'string' ? storageEndpoint : toAzureMonitor ? null : endpointPlaceholder,
    storageSubscriptionId: typeof storageSubscriptionId === 'string' ? storageSubscriptionId : null, toAzureMonitor,
    retentionDays: typeof retentionDays === 'number' ? retentionDays : 0,
    groups: Array.isArray(auditActionsAndGroups) ? auditActionsAndGroups.filter((group): group is string => typeof group === 'string') : [],
  }
}

const endpointPlaceholder = '<blob endpoint that the audit goes to>'
const keyPlaceholder = '<access key of the storage account>'
const keyNote = 'This signs in to the account as the server’s identity; where the audit uses a key, add'

/**
 * A server's auditing that is on, as a whole: Azure takes no change of a part, refuses what is on without a target, and gives defaults to what is left out. Only a
 * predicate is left out, which this ends.
 */
function wholeAudit(serverId: string, { endpoint, storageSubscriptionId, toAzureMonitor, retentionDays, groups }: AuditSeen): Pick<Remediation, 'bicep' | 'terraform' | 'portal'> {
  const properties = {
    state: 'Enabled', isAzureMonitorTargetEnabled: toAzureMonitor,
    ...(endpoint !== null && { storageEndpoint: endpoint, retentionDays }), ...(storageSubscriptionId !== null && { storageAccountSubscriptionId: storageSubscriptionId }),
    ...(groups.length > 0 && { auditActionsAndGroups: groups }),
  }
  const arguments_ = [
    `log_monitoring_enabled = ${toAzureMonitor}`,
    ...(endpoint === null ? [] : [`storage_endpoint = ${terraformString(endpoint)}`, `retention_in_days = ${retentionDays}`]),
    ...(storageSubscriptionId === null ? [] : [`storage_account_subscription_id = ${terraformString(storageSubscriptionId)}`]),
    ...(groups.length > 0 ? [`audit_actions_and_groups = [${groups.map(terraformString).join(', ')}]`] : []),
  ]
  return {
    bicep: [
      ...(endpoint === null ? [] : [`// ${keyNote} storageAccountAccessKey.`]),
      bicep(serverId, { symbol: 'auditing', type: 'extendedAuditingSettings', body: { parent: server, name: 'default', properties } }),
    ].join('\n'),
    terraform: [
      `# It is there: terraform import azurerm_mssql_server_extended_auditing_policy.keypoint ${shellQuote(`${serverId}/extendedAuditingSettings/default`)}`,
      ...(endpoint === null ? [] : [`# ${keyNote} storage_account_access_key.`]),
      terraformAuditing(serverId, arguments_),
    ].join('\n'),
    portal: `${portal}.`,
  }
}

const retentionDaysMax = 3284

/** Azure SQL takes less than nine years; what is asked for longer is kept for ever. */
function daysTaken(days: number): number {
  return days > retentionDaysMax ? 0 : days
}

function keptInWords(days: number): string {
  return days === 0 ? 'for ever, which 0 days stand for' : `for ${days} days`
}

/** The command has no 0 of its own. */
function retentionArgument(days: number): string {
  return days === 0 ? '--set retentionDays=0' : `--retention-days ${days}`
}

/** Longer retention of an audit in storage, with everything else as it was seen. */
export function remediateAuditRetention({ resourceId, judgement }: RemediationSubject, days: number): Remediation {
  const seen = seenIn(judgement)
  const retentionDays = daysTaken(days)
  const summary = `Keep the audit in storage ${keptInWords(retentionDays)}.`
  if (seen === null) return { summary: `${summary} ${notRead}`, portal: `${portal}.` }
  if (isLongEnough(seen.retentionDays, retentionDays)) return seeLifecycle(days)
  return {
    summary,
    azureCli: [
      `az sql server audit-policy update ${sqlServerArguments(resourceId)} \\`,
      `  --blob-storage-target-state Enabled --storage-endpoint ${shellQuote(seen.endpoint ?? '')} ${retentionArgument(retentionDays)}`,
    ].join('\n'),
    ...wholeAudit(resourceId, { ...seen, retentionDays }),
  }
}

/** Longer retention of the audit of a database, of which a finding knows the storage account and no more; the server's audit covers it where it has none of its own. */
export function remediateDatabaseAuditRetention(databaseId: string, accountId: string, days: number): Remediation {
  const serverId = serverOf(databaseId)
  const auditing = `${serverId}/extendedAuditingSettings/default`
  const retentionDays = daysTaken(days)
  return {
    summary: `Keep the audit in storage ${keptInWords(retentionDays)}: in the auditing of the server, or in that of the database where it has its own.`,
    azureCli: [
      `az sql server audit-policy update ${sqlServerArguments(serverId)} \\`,
      `  --blob-storage-target-state Enabled --storage-account ${shellQuote(nameOf(accountId))} ${retentionArgument(retentionDays)}`,
    ].join('\n'),
    bicep: `// In the auditing as it is, beside its targets and action groups:\n${bicep(serverId, {
      symbol: 'auditing', type: 'extendedAuditingSettings', body: { parent: server, name: 'default', properties: { state: 'Enabled', storageEndpoint: endpointPlaceholder, retentionDays } },
    })}`,
    terraform: azapiUpdate('auditing', `Microsoft.Sql/servers/extendedAuditingSettings@${version}`, auditing, { retentionDays, storageAccountAccessKey: keyPlaceholder }),
    portal: `${portal}.`,
  }
}

/** The server of a database. */
export function serverOf(databaseId: string): string {
  return databaseId.replace(/\/databases\/[^/]+\/?$/i, '')
}

/** Adds action groups to those that are recorded, and ends a predicate. */
export function remediateAuditActions({ resourceId, judgement }: RemediationSubject, asked: readonly string[]): Remediation {
  const summary = 'Record the three default action groups beside what is recorded, without a predicate.'
  const seen = seenIn(judgement)
  if (seen === null) return { summary: `${summary} ${notRead}`, portal: `${portal}.` }
  const present = new Set(seen.groups.map((group) => group.trim().toUpperCase()))
  const groups = [...asked, ...[...present].filter((group) => !asked.includes(group))]
  const settings = [`properties.auditActionsAndGroups=${JSON.stringify(groups)}`, 'properties.predicateExpression=', ...(seen.endpoint === null ? [] : [`properties.storageAccountAccessKey=${keyPlaceholder}`])]
  return {
    summary: `${summary}${seen.endpoint === null ? '' : ' Azure does not give out the key that the audit signs in to its account with, so it has to be named again; leave it out where the server’s identity signs in.'}`,
    azureCli: [
      `az resource update --ids ${shellQuote(`${resourceId}/extendedAuditingSettings/default`)} --api-version ${version} \\`,
      `  --set ${settings.map(shellQuote).join(' ')}`,
    ].join('\n'),
    ...wholeAudit(resourceId, { ...seen, groups }),
  }
}
