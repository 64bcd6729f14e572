import { nameOf } from '@/lib/domain/arm-id'
import type { Pasted } from './before-setting'
import { bicepResource, Reference, type Body } from './object-text'
import { shellQuote, terraformString } from './quote'

const version = '2024-03-01'

/** Something on a workspace with Sentinel, to be put together with others. */
export type SentinelPart = Pasted

/** The Azure command line asks the cloud that it is signed in to when the address is a path. */
export function putOnSentinel(workspace: string, path: string, body: unknown): string {
  const url = `${workspace}/providers/Microsoft.SecurityInsights/${path}?api-version=${version}`
  return `az rest --method put --url ${shellQuote(url)} --body ${shellQuote(JSON.stringify(body))}`
}

/** The parts in their order, with the workspace that the Bicep ones name declared before them. */
export function pasted(workspace: string, parts: readonly SentinelPart[]): Pasted {
  const declared = bicepResource({ symbol: 'workspace', type: 'Microsoft.OperationalInsights/workspaces@2023-09-01', existing: true, body: { name: nameOf(workspace) } })
  return {
    azureCli: parts.map(({ azureCli }) => azureCli).join('\n'),
    bicep: [declared, ...parts.map(({ bicep }) => bicep)].join('\n\n'),
    terraform: parts.map(({ terraform }) => terraform).join('\n\n'),
  }
}

export function onboarding(workspace: string): SentinelPart {
  return {
    azureCli: putOnSentinel(workspace, 'onboardingStates/default', { properties: {} }),
    bicep: bicepResource({ symbol: 'sentinel', type: `Microsoft.SecurityInsights/onboardingStates@${version}`, body: { scope: new Reference('workspace'), name: 'default', properties: {} } }),
    terraform: ['resource "azurerm_sentinel_log_analytics_workspace_onboarding" "keypoint" {', `  workspace_id = ${terraformString(workspace)}`, '}'].join('\n'),
  }
}

/** Whether Sentinel is there, or made by the same text, which then comes first. */
export type Onboarded = 'there' | 'made'

/** The workspace's id as Terraform is to have it. */
function terraformWorkspace(workspace: string, onboarded: Onboarded): string {
  return onboarded === 'made' ? 'azurerm_sentinel_log_analytics_workspace_onboarding.keypoint.workspace_id' : terraformString(workspace)
}

interface AlertRule {
  symbol: string
  name: string
  kind: 'Fusion' | 'Scheduled'
  properties: Readonly<Record<string, Body>>
}

function alertRule({ symbol, name, kind, properties }: AlertRule, workspace: string, onboarded: Onboarded): Pick<SentinelPart, 'azureCli' | 'bicep'> {
  return {
    azureCli: putOnSentinel(workspace, `alertRules/${name}`, { kind, properties }),
    bicep: bicepResource({
      symbol, type: `Microsoft.SecurityInsights/alertRules@${version}`,
      body: { scope: new Reference('workspace'), name, kind, properties, ...(onboarded === 'made' && { dependsOn: [new Reference('sentinel')] }) },
    }),
  }
}

/** The template that every Fusion rule is made from. */
const fusionTemplate = 'f71aba3d-28fb-450b-b192-4e76a83015c8'

export function fusion(workspace: string, onboarded: Onboarded): SentinelPart {
  return {
    ...alertRule({ symbol: 'fusion', name: 'BuiltInFusion', kind: 'Fusion', properties: { alertRuleTemplateName: fusionTemplate, enabled: true } }, workspace, onboarded),
    terraform: [
      'resource "azurerm_sentinel_alert_rule_fusion" "keypoint" {',
      '  name                       = "BuiltInFusion"',
      `  log_analytics_workspace_id = ${terraformWorkspace(workspace, onboarded)}`,
      `  alert_rule_template_guid   = "${fusionTemplate}"`,
      '}',
    ].join('\n'),
  }
}

/** One id serves every workspace: it need only be unlike the others of the same. */
const tamperRule = '0b7f3a52-6c1e-4f0d-9a44-5d2e8c7b1f36'
const tamperName = 'Logging was taken away'
const tamperQuery = "AzureActivity | where OperationNameValue in~ ('Microsoft.Insights/diagnosticSettings/delete', 'Microsoft.OperationalInsights/workspaces/delete') and ActivityStatusValue =~ 'Success'"

/** An analytics rule on the activity log, which every central workspace should have: it raises an incident when logging is taken away. */
export function tamperDetection(workspace: string, onboarded: Onboarded): SentinelPart {
  const properties = {
    displayName: tamperName, enabled: true, severity: 'High', query: tamperQuery, queryFrequency: 'PT1H', queryPeriod: 'PT1H', triggerOperator: 'GreaterThan', triggerThreshold: 0,
    suppressionDuration: 'PT1H', suppressionEnabled: false,
  }
  return {
    ...alertRule({ symbol: 'tampering', name: tamperRule, kind: 'Scheduled', properties }, workspace, onboarded),
    terraform: [
      'resource "azurerm_sentinel_alert_rule_scheduled" "keypoint" {',
      `  name                       = "${tamperRule}"`,
      `  log_analytics_workspace_id = ${terraformWorkspace(workspace, onboarded)}`,
      `  display_name               = "${tamperName}"`,
      '  severity                   = "High"',
      `  query                      = ${terraformString(tamperQuery)}`,
      '  query_frequency            = "PT1H"',
      '  query_period               = "PT1H"',
      '}',
    ].join('\n'),
  }
}
