import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext } from '@/lib/domain/check'
import { bicepResource, Reference, type Body } from './object-text'
import { shellQuote, terraformString, workspacePlaceholder } from './quote'

/** The arguments that name a SQL server to the command line. */
export function sqlServerArguments(serverId: string): string {
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

/** Server auditing to Azure Monitor; its three parts (state, target, setting on master) at once. */
export function remediateSqlServer(serverId: string, context: RemediationContext): Remediation {
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const category = 'SQLSecurityAuditEvents'
  return {
    summary: 'Turn on auditing of the SQL server with Azure Monitor as its target, and send SQLSecurityAuditEvents of master to the central workspace. It covers every database of the server.',
    azureCli: [
      `az sql server audit-policy update ${sqlServerArguments(serverId)} \\`,
      `  --state Enabled --log-analytics-target-state Enabled \\`,
      `  --log-analytics-workspace-resource-id ${shellQuote(workspace)}`,
    ].join('\n'),
    bicep: bicep(serverId, { symbol: 'auditing', type: 'auditingSettings', body: { parent: server, name: 'default', properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true } } }, { category, workspace }),
    terraform: [terraformAuditing(serverId, ['log_monitoring_enabled = true']), terraformCarried(serverId, category, workspace)].join('\n\n'),
    policy: {
      id: '/providers/Microsoft.Authorization/policyDefinitions/25da7dfb-0666-4a15-a8f5-402127efd8bb',
      displayName: 'Configure SQL servers to have auditing enabled to Log Analytics workspace',
    },
    portal: `${portal}, Enable Azure SQL Auditing, Log Analytics.`,
  }
}

/** The audit of what Microsoft's engineers do, which is a setting and a category of its own. */
export function remediateSupportAudit(serverId: string, context: RemediationContext): Remediation {
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const category = 'DevOpsOperationsAudit'
  return {
    summary: 'Turn on the audit of Microsoft support operations with Azure Monitor as its target.',
    azureCli: [
      `az sql server ms-support audit-policy update ${sqlServerArguments(serverId)} \\`,
      `  --state Enabled --log-analytics-target-state Enabled --log-analytics-workspace-resource-id ${shellQuote(workspace)}`,
    ].join('\n'),
    bicep: bicep(serverId, { symbol: 'auditing', type: 'devOpsAuditingSettings', body: { parent: server, name: 'Default', properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true } } }, { category, workspace }),
    terraform: [
      ['resource "azurerm_mssql_server_microsoft_support_auditing_policy" "keypoint" {', `  server_id              = ${terraformString(serverId)}`, '  log_monitoring_enabled = true', '}'].join('\n'),
      terraformCarried(serverId, category, workspace),
    ].join('\n\n'),
    portal: `${portal}, Enable Auditing of Microsoft support operations.`,
  }
}

/** A change of a server's auditing that exists: Bicep, Terraform and where the portal has it. */
export function changedSqlAuditing(serverId: string, properties: { readonly [name: string]: Body }, terraform: readonly string[]): Pick<Remediation, 'bicep' | 'terraform' | 'portal'> {
  return {
    bicep: bicep(serverId, { symbol: 'auditing', type: 'auditingSettings', body: { parent: server, name: 'default', properties: { state: 'Enabled', ...properties } } }),
    terraform: terraformAuditing(serverId, terraform),
    portal: `${portal}.`,
  }
}
