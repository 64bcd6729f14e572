import { subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { bicepLogs, jsonLogs, type LogSelection } from './diagnostic-setting'
import { azapiResource } from './object-text'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'
import { notSentYet, settingsThere } from './settings-there'

const apiVersion = '2021-05-01-preview'
const entraApiVersion = '2017-04-01'

function centralWorkspace({ centralWorkspaceIds }: RemediationContext): string {
  return centralWorkspaceIds[0] ?? workspacePlaceholder
}

function bicepSetting(scope: string, type: string, { name, workspace, logs }: SettingText): string {
  return [
    `targetScope = '${scope}'`,
    '',
    `resource setting '${type}' = {`,
    `  name: ${bicepString(name)}`,
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

interface SettingText {
  name: string
  workspace: string
  logs: LogSelection
}

/** The setting that sends of these categories what no other sends to the central workspace. */
function settingOf({ judgement }: RemediationSubject, context: RemediationContext, categories: readonly string[]): SettingText {
  const workspace = centralWorkspace(context)
  const there = settingsThere(judgement, workspace)
  return { name: there.name, workspace, logs: { groups: [], categories: notSentYet(categories, there) } }
}

function terraformLogs(categories: readonly string[]): string[] {
  return categories.flatMap((name) => ['', '  enabled_log {', `    category = ${terraformString(name)}`, '  }'])
}

function restPut(url: string, { workspace, logs }: SettingText): string {
  const body = `{"properties":{"workspaceId":${JSON.stringify(workspace)},"logs":${jsonLogs(logs)}}}`
  return `az rest --method put --url ${shellQuote(url)} --body ${shellQuote(body)}`
}

/** A subscription's export of all eight categories to the central workspace. */
export function remediateActivityLog(subject: RemediationSubject, context: RemediationContext): Remediation {
  const subscriptionId = subscriptionIdOf(subject.resourceId) ?? ''
  const setting = settingOf(subject, context, context.catalog.platform.subscription.categories)
  const { name, workspace, logs } = setting
  return {
    summary: 'Add a diagnostic setting of the subscription that sends every category of the activity log to the central workspace, beside what another sends there.',
    azureCli: [
      'az monitor diagnostic-settings subscription create',
      `  --subscription ${shellQuote(subscriptionId)}`,
      `  --name ${name} --location global`,
      `  --workspace ${shellQuote(workspace)}`,
      `  --logs ${shellQuote(jsonLogs(logs))}`,
    ].join(' \\\n'),
    bicep: bicepSetting('subscription', `Microsoft.Insights/diagnosticSettings@${apiVersion}`, setting),
    terraform: [
      'resource "azurerm_monitor_diagnostic_setting" "activity_log" {',
      `  name                       = ${terraformString(name)}`,
      `  target_resource_id         = ${terraformString(`/subscriptions/${subscriptionId}`)}`,
      `  log_analytics_workspace_id = ${terraformString(workspace)}`,
      ...terraformLogs(logs.categories),
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
  const setting = settingOf(subject, context, context.catalog.platform.managementGroup.categories)
  const { name, workspace, logs } = setting
  const path = `${subject.resourceId}/providers/Microsoft.Insights/diagnosticSettings/${name}`
  return {
    summary: 'Add a diagnostic setting of the management group that sends its administrative and policy events to the central workspace.',
    azureCli: restPut(`${path}?api-version=${apiVersion}`, setting),
    bicep: bicepSetting('managementGroup', `Microsoft.Insights/diagnosticSettings@${apiVersion}`, setting),
    // azurerm takes no management group as the target of a setting (hashicorp/terraform-provider-azurerm, issue 21540).
    terraform: azapiResource('management_group', `Microsoft.Insights/diagnosticSettings@${apiVersion}`, { name, parentId: subject.resourceId }, {
      workspaceId: workspace,
      logs: logs.categories.map((category) => ({ category, enabled: true })),
    }),
  }
}

/** The tenant's export of all required Entra logs. */
export function remediateEntra(subject: RemediationSubject, context: RemediationContext): Remediation {
  const setting = settingOf(subject, context, context.catalog.platform.tenant.required)
  const { name, workspace, logs } = setting
  const path = `/providers/microsoft.aadiam/diagnosticSettings/${name}?api-version=${entraApiVersion}`
  if (subject.judgement.verdict === 'unknown' && subject.judgement.reasonCode === 'permission-denied') return entraReadAccess()
  return {
    summary: 'Add a diagnostic setting of Entra ID that sends its audit, sign-in, risk, provisioning and Graph activity logs to the central workspace.',
    azureCli: restPut(path, setting),
    bicep: bicepSetting('tenant', `microsoft.aadiam/diagnosticSettings@${entraApiVersion}`, setting),
    terraform: [
      'resource "azurerm_monitor_aad_diagnostic_setting" "entra" {',
      `  name                       = ${terraformString(name)}`,
      `  log_analytics_workspace_id = ${terraformString(workspace)}`,
      ...terraformLogs(logs.categories),
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
