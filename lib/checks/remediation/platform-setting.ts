import { subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { bicepLogs, jsonLogs, type LogSelection } from './diagnostic-setting'
import { azapiResource } from './object-text'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'

const settingName = 'keypoint-security'
const apiVersion = '2021-05-01-preview'
const entraApiVersion = '2017-04-01'

function centralWorkspace({ centralWorkspaceIds }: RemediationContext): string {
  return centralWorkspaceIds[0] ?? workspacePlaceholder
}

function bicepSetting(scope: string, type: string, workspace: string, logs: LogSelection): string {
  return [
    `targetScope = '${scope}'`,
    '',
    `resource setting '${type}' = {`,
    `  name: ${bicepString(settingName)}`,
    ...(type.startsWith('microsoft.aadiam') ? ['  scope: tenant()'] : []),
    '  properties: {',
    `    workspaceId: ${bicepString(workspace)}`,
    '    logs: [',
    bicepLogs(logs),
    '    ]',
    '  }',
    '}',
  ].join('\n')
}

function terraformLogs(categories: readonly string[]): string[] {
  return categories.flatMap((name) => ['', '  enabled_log {', `    category = ${terraformString(name)}`, '  }'])
}

function restPut(url: string, workspace: string, logs: LogSelection): string {
  const body = `{"properties":{"workspaceId":${JSON.stringify(workspace)},"logs":${jsonLogs(logs)}}}`
  return `az rest --method put --url ${shellQuote(url)} --body ${shellQuote(body)}`
}

/** A subscription's export of all eight categories to the central workspace. */
export function remediateActivityLog(subject: RemediationSubject, context: RemediationContext): Remediation {
  const workspace = centralWorkspace(context)
  const subscriptionId = subscriptionIdOf(subject.resourceId) ?? ''
  const { categories } = context.catalog.platform.subscription
  const logs = { groups: [], categories }
  return {
    summary: 'Add a diagnostic setting of the subscription that sends every category of the activity log to the central workspace.',
    azureCli: [
      'az monitor diagnostic-settings subscription create',
      `  --subscription ${shellQuote(subscriptionId)}`,
      `  --name ${settingName} --location westeurope`,
      `  --workspace ${shellQuote(workspace)}`,
      `  --logs ${shellQuote(jsonLogs(logs))}`,
    ].join(' \\\n'),
    bicep: bicepSetting('subscription', `Microsoft.Insights/diagnosticSettings@${apiVersion}`, workspace, logs),
    terraform: [
      'resource "azurerm_monitor_diagnostic_setting" "activity_log" {',
      `  name                       = ${terraformString(settingName)}`,
      `  target_resource_id         = ${terraformString(`/subscriptions/${subscriptionId}`)}`,
      `  log_analytics_workspace_id = ${terraformString(workspace)}`,
      ...terraformLogs(categories),
      '}',
    ].join('\n'),
    policy: {
      id: '/providers/Microsoft.Authorization/policyDefinitions/2465583e-4e78-4c15-b6be-a36cbc7c8b0f',
      displayName: 'Configure Azure Activity logs to stream to specified Log Analytics workspace',
    },
    portal: 'Open Monitor, Activity log, Export Activity Logs, Add diagnostic setting.',
  }
}

/** A management group's export; the command line has no command of its own for it. */
export function remediateManagementGroup(subject: RemediationSubject, context: RemediationContext): Remediation {
  const workspace = centralWorkspace(context)
  const logs = { groups: [], categories: context.catalog.platform.managementGroup.categories }
  const path = `${subject.resourceId}/providers/Microsoft.Insights/diagnosticSettings/${settingName}`
  return {
    summary: 'Add a diagnostic setting of the management group that sends its administrative and policy events to the central workspace.',
    azureCli: restPut(`${path}?api-version=${apiVersion}`, workspace, logs),
    bicep: bicepSetting('managementGroup', `Microsoft.Insights/diagnosticSettings@${apiVersion}`, workspace, logs),
    // azurerm takes no management group as the target of a setting (hashicorp/terraform-provider-azurerm, issue 21540).
    terraform: azapiResource('management_group', `Microsoft.Insights/diagnosticSettings@${apiVersion}`, { name: settingName, parentId: subject.resourceId }, {
      workspaceId: workspace,
      logs: logs.categories.map((category) => ({ category, enabled: true })),
    }),
  }
}

/** The tenant's export of all required Entra logs. */
export function remediateEntra(subject: RemediationSubject, context: RemediationContext): Remediation {
  const workspace = centralWorkspace(context)
  const { required } = context.catalog.platform.tenant
  const logs = { groups: [], categories: required }
  const path = `/providers/microsoft.aadiam/diagnosticSettings/${settingName}?api-version=${entraApiVersion}`
  if (subject.judgement.verdict === 'unknown' && subject.judgement.reasonCode === 'permission-denied') return entraReadAccess()
  return {
    summary: 'Add a diagnostic setting of Entra ID that sends its audit, sign-in, risk, provisioning and Graph activity logs to the central workspace.',
    azureCli: restPut(path, workspace, logs),
    bicep: bicepSetting('tenant', `microsoft.aadiam/diagnosticSettings@${entraApiVersion}`, workspace, logs),
    terraform: [
      'resource "azurerm_monitor_aad_diagnostic_setting" "entra" {',
      `  name                       = ${terraformString(settingName)}`,
      `  log_analytics_workspace_id = ${terraformString(workspace)}`,
      ...terraformLogs(required),
      '}',
    ].join('\n'),
    portal: 'Open Entra ID, Monitoring & health, Diagnostic settings, Add diagnostic setting.',
  }
}

/** Roles on subscriptions do not reach Entra's settings: the scanning identity needs one at their own scope. */
function entraReadAccess(): Remediation {
  return {
    summary: 'Give the scanning identity Reader at the scope of Entra’s settings. A Global Administrator with elevated access can do so.',
    azureCli: `az role assignment create --assignee ${shellQuote('<object id of the scanning identity>')} --role Reader --scope '/providers/Microsoft.aadiam'`,
  }
}
