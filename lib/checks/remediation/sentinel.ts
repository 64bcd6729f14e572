import { nameOf, subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'
import { remediateSecurityContact } from './defender'
import { jsonLogs, settingPolicy } from './diagnostic-setting'
import { fieldsOf } from './evidence-fields'
import { bicepResource, Reference } from './object-text'
import { fusion, onboarding, pasted, putOnSentinel, tamperDetection } from './sentinel-parts'

function workspaceOf({ resourceId }: RemediationSubject, { centralWorkspaceIds }: RemediationContext): string {
  return typeOf(resourceId) === 'microsoft.operationalinsights/workspaces' ? resourceId : (centralWorkspaceIds[0] ?? workspacePlaceholder)
}

function existing(workspace: string): string[] {
  return ["resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {", `  name: ${bicepString(nameOf(workspace))}`, '}', '']
}

/** Onboards the first central workspace to Sentinel. */
export function remediateSiem(subject: RemediationSubject, context: RemediationContext): Remediation {
  const workspace = workspaceOf(subject, context)
  return {
    summary: 'Onboard the central workspace to Microsoft Sentinel, which charges for the data that it looks at. Where logs go to another SIEM by an event hub, approve its namespace in the policy instead.',
    ...pasted(workspace, [onboarding(workspace)]),
    portal: 'Open Microsoft Sentinel, Create, and take the central workspace.',
  }
}

interface MissingDetections {
  sentinel: boolean
  rules: boolean
  correlation: boolean
}

/** What of Sentinel a finding on detections shows to be missing; without it all of it is. */
function missingDetections({ judgement }: RemediationSubject): MissingDetections {
  const { sentinel, rules, correlation } = fieldsOf(judgement.evidence)
  if (sentinel === false) return { sentinel: true, rules: true, correlation: true }
  const isLooking = Object.entries(fieldsOf(rules)).some(([kind, counted]) => /^(scheduled|nrt)$/i.test(kind) && Number(fieldsOf(counted).enabled) > 0)
  return { sentinel: false, rules: !isLooking, correlation: correlation !== 'fusion' && correlation !== 'defender-xdr' }
}

function detectionsSummary(missing: MissingDetections): string {
  const steps = [
    ...(missing.sentinel ? ['onboard the workspace to Microsoft Sentinel, which charges for the data that it looks at'] : []),
    ...(missing.correlation ? ['turn Fusion on'] : []),
    ...(missing.rules ? ['enable the analytics rule templates that fit the logs that arrive; the rule here, on the activity log, is a beginning'] : []),
  ].join(', then ')
  const otherWay = missing.sentinel ? ' Without Sentinel, write scheduled query rules that call an action group somebody reads.' : missing.correlation ? ' In the Defender portal Defender XDR correlates in place of Fusion, by its connector.' : ''
  return `${steps.slice(0, 1).toUpperCase()}${steps.slice(1)}.${otherWay}`
}

const fusionPortal = 'Open Microsoft Sentinel, the workspace, Analytics, the rule Advanced multistage attack detection, Enable.'

/** A first rule and Fusion by command; the other analytics rules are chosen from templates by people. */
export function remediateDetections(subject: RemediationSubject, context: RemediationContext): Remediation {
  const workspace = workspaceOf(subject, context)
  const missing = missingDetections(subject)
  const onboarded = missing.sentinel ? 'made' : 'there'
  return {
    summary: detectionsSummary(missing),
    ...pasted(workspace, [
      ...(missing.sentinel ? [onboarding(workspace)] : []),
      ...(missing.rules ? [tamperDetection(workspace, onboarded)] : []),
      ...(missing.correlation ? [fusion(workspace, onboarded)] : []),
    ]),
    portal: missing.rules ? 'Open Microsoft Sentinel, the workspace, Content hub; install the solutions that fit, then Analytics, Rule templates, Create rule.' : fusionPortal,
  }
}

export function remediateFusion(subject: RemediationSubject, context: RemediationContext): Remediation {
  const workspace = workspaceOf(subject, context)
  return { summary: 'Turn the Fusion rule of Microsoft Sentinel on.', ...pasted(workspace, [fusion(workspace, 'there')]), portal: fusionPortal }
}

/** What waits is work for people: the command lists it, and the rest sees to it that they are told from now on. */
export function remediateOpenAlerts(subject: RemediationSubject): Remediation {
  const subscription = shellQuote(subscriptionIdOf(subject.resourceId) ?? '')
  const workspaces = sentinelsIn(subject)
  const told = workspaces.length > 0 ? giveOwner(workspaces) : remediateSecurityContact(subject, '', undefined)
  return {
    summary: `Take up, resolve or dismiss the alerts and incidents that are shown, and name who looks each day. ${workspaces.length > 0 ? 'The rule gives each new incident an owner' : 'The contact, which is written anew, so that addresses it has must be named again, gets a mail about each new alert'}, so that none is nobody’s.`,
    azureCli: [
      `az security alert list --subscription ${subscription} --query "[?status=='Active'].{severity:severity, name:alertDisplayName, id:id}" --output table`,
      told.azureCli,
    ].join('\n'),
    bicep: told.bicep,
    terraform: told.terraform,
    policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/6e2593d9-add6-4083-9c9b-4b7d2188c899', displayName: 'Email notification for high severity alerts should be enabled' },
    portal: 'Open Microsoft Defender for Cloud, Security alerts, and Microsoft Sentinel, Incidents; filter by status Active and New.',
  }
}

/** The workspaces whose incidents the finding shows. */
function sentinelsIn({ judgement }: RemediationSubject): string[] {
  const list = judgement.evidence?.sentinel
  return Array.isArray(list) ? list.flatMap((each: unknown) => (typeof each === 'object' && each !== null && 'workspace' in each && typeof each.workspace === 'string' ? each.workspace : [])) : []
}

/** One id serves every workspace: it need only be unlike the others of the same. */
const ownerRule = '6f4d5c1e-9a0b-4a51-8d3a-2f7c6b1e0d42'
const ownerPlaceholder = '<object id of who answers incidents>'

/** An automation rule that gives each new incident an owner. */
function giveOwner(workspaces: readonly string[]): { azureCli: string; bicep: string; terraform: string } {
  const properties = {
    displayName: 'Give new incidents an owner', order: 1,
    triggeringLogic: { isEnabled: true, triggersOn: 'Incidents', triggersWhen: 'Created', conditions: [] },
    actions: [{ order: 1, actionType: 'ModifyProperties', actionConfiguration: { owner: { objectId: ownerPlaceholder } } }],
  }
  return {
    azureCli: workspaces.map((workspace) => putOnSentinel(workspace, `automationRules/${ownerRule}`, { properties })).join('\n'),
    bicep: workspaces.map((workspace, index) => [
      bicepResource({ symbol: `workspace${index}`, type: 'Microsoft.OperationalInsights/workspaces@2023-09-01', existing: true, body: { name: nameOf(workspace) } }),
      bicepResource({ symbol: `owner${index}`, type: 'Microsoft.SecurityInsights/automationRules@2024-03-01', body: { scope: new Reference(`workspace${index}`), name: ownerRule, properties } }),
    ].join('\n\n')).join('\n\n'),
    terraform: workspaces.map((workspace, index) => [
      `resource "azurerm_sentinel_automation_rule" "owner${index}" {`,
      `  name                       = "${ownerRule}"`,
      `  log_analytics_workspace_id = ${terraformString(workspace)}`,
      `  display_name               = "${properties.displayName}"`,
      '  order                      = 1',
      '',
      '  action_incident {',
      '    order    = 1',
      `    owner_id = "${ownerPlaceholder}"`,
      '  }',
      '}',
    ].join('\n')).join('\n\n'),
  }
}

/** A setting that sends the workspace's category Audit to the workspace itself, beside what it has. */
export function remediateAccessAudit({ resourceId }: RemediationSubject, { catalog }: RemediationContext): Remediation {
  const logs = { groups: [], categories: ['Audit'] }
  const policy = settingPolicy('microsoft.operationalinsights/workspaces', catalog)
  return {
    summary: 'Send the workspace’s own category Audit to a workspace; its own will do.',
    azureCli: `az monitor diagnostic-settings create --name keypoint-query-audit --resource ${shellQuote(resourceId)} --workspace ${shellQuote(resourceId)} --logs ${shellQuote(jsonLogs(logs))}`,
    bicep: [
      ...existing(resourceId),
      "resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {",
      '  scope: workspace',
      "  name: 'keypoint-query-audit'",
      '  properties: {',
      '    workspaceId: workspace.id',
      '    logs: [',
      "      { category: 'Audit', enabled: true }",
      '    ]',
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_monitor_diagnostic_setting" "keypoint_query_audit" {',
      '  name                       = "keypoint-query-audit"',
      `  target_resource_id         = ${terraformString(resourceId)}`,
      `  log_analytics_workspace_id = ${terraformString(resourceId)}`,
      '  enabled_log {',
      '    category = "Audit"',
      '  }',
      '}',
    ].join('\n'),
    policy,
    portal: 'Open the workspace, Diagnostic settings, Add; take Audit and Send to Log Analytics workspace.',
  }
}
