import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext } from '@/lib/domain/check'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'

/** The arguments that name a SQL server to the command line. */
export function sqlServerArguments(serverId: string): string {
  return [
    `--subscription ${shellQuote(subscriptionIdOf(serverId) ?? '')}`,
    `--resource-group ${shellQuote(resourceGroupOf(serverId) ?? '')}`,
    `--name ${shellQuote(nameOf(serverId))}`,
  ].join(' ')
}

/** Server auditing to Azure Monitor; its three parts (state, target, setting on master) at once. */
export function remediateSqlServer(serverId: string, context: RemediationContext): Remediation {
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  return {
    summary: 'Turn on auditing of the SQL server with Azure Monitor as its target, and send SQLSecurityAuditEvents of master to the central workspace. It covers every database of the server.',
    azureCli: [
      `az sql server audit-policy update ${sqlServerArguments(serverId)} \\`,
      `  --state Enabled --log-analytics-target-state Enabled \\`,
      `  --log-analytics-workspace-resource-id ${shellQuote(workspace)}`,
    ].join('\n'),
    bicep: [
      "resource server 'Microsoft.Sql/servers@2021-11-01' existing = {",
      `  name: ${bicepString(nameOf(serverId))}`,
      '}',
      '',
      "resource master 'Microsoft.Sql/servers/databases@2021-11-01' existing = {",
      '  parent: server',
      "  name: 'master'",
      '}',
      '',
      "resource auditing 'Microsoft.Sql/servers/auditingSettings@2021-11-01' = {",
      '  parent: server',
      "  name: 'default'",
      '  properties: {',
      "    state: 'Enabled'",
      '    isAzureMonitorTargetEnabled: true',
      '  }',
      '}',
      '',
      "resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {",
      "  name: 'keypoint-sql-audit'",
      '  scope: master',
      '  properties: {',
      `    workspaceId: ${bicepString(workspace)}`,
      '    logs: [',
      "      { category: 'SQLSecurityAuditEvents', enabled: true }",
      '    ]',
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_mssql_server_extended_auditing_policy" "keypoint" {',
      `  server_id              = ${terraformString(serverId)}`,
      '  log_monitoring_enabled = true',
      '}',
      '',
      'resource "azurerm_monitor_diagnostic_setting" "keypoint_sql_audit" {',
      '  name                       = "keypoint-sql-audit"',
      `  target_resource_id         = ${terraformString(`${serverId}/databases/master`)}`,
      `  log_analytics_workspace_id = ${terraformString(workspace)}`,
      '',
      '  enabled_log {',
      '    category = "SQLSecurityAuditEvents"',
      '  }',
      '}',
    ].join('\n'),
    policy: {
      id: '/providers/Microsoft.Authorization/policyDefinitions/25da7dfb-0666-4a15-a8f5-402127efd8bb',
      displayName: 'Configure SQL servers to have auditing enabled to Log Analytics workspace',
    },
    portal: 'Open the SQL server, Security, Auditing, Enable Azure SQL Auditing, Log Analytics.',
  }
}

/** A change of a server's auditing that exists: Bicep, Terraform and where the portal has it. */
export function changedSqlAuditing(serverId: string, properties: readonly string[], terraform: readonly string[]): Pick<Remediation, 'bicep' | 'terraform' | 'portal'> {
  return {
    bicep: [
      "resource server 'Microsoft.Sql/servers@2021-11-01' existing = {",
      `  name: ${bicepString(nameOf(serverId))}`,
      '}',
      '',
      "resource auditing 'Microsoft.Sql/servers/auditingSettings@2021-11-01' = {",
      '  parent: server',
      "  name: 'default'",
      '  properties: {',
      "    state: 'Enabled'",
      ...properties.map((line) => `    ${line}`),
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_mssql_server_extended_auditing_policy" "keypoint" {',
      `  server_id = ${terraformString(serverId)}`,
      ...terraform.map((line) => `  ${line}`),
      '}',
    ].join('\n'),
    portal: 'Open the SQL server, Security, Auditing.',
  }
}
