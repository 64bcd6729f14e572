import { subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'

const groupPlaceholder = '<resource group for the export>'
/** Not the portal's own name, whose export may take other things, which this one would end. */
const exportName = 'keypoint-alerts'

/** Continuous export of the subscription's alerts to the first central workspace. */
export function remediateAlertExport(subject: RemediationSubject, { centralWorkspaceIds }: RemediationContext): Remediation {
  const subscriptionId = subscriptionIdOf(subject.resourceId) ?? ''
  const workspace = centralWorkspaceIds[0] ?? workspacePlaceholder
  const automation = {
    location: '<region of the workspace>',
    properties: {
      isEnabled: true,
      scopes: [{ description: 'subscription', scopePath: `/subscriptions/${subscriptionId}` }],
      sources: [{ eventSource: 'Alerts', ruleSets: [] }],
      actions: [{ actionType: 'Workspace', workspaceResourceId: workspace }],
    },
  }
  return {
    summary: 'Export the alerts of Defender for Cloud to the central workspace continuously. First switch an export on that exists and is off. With Sentinel its connector for Defender for Cloud does the same.',
    azureCli: `az rest --method put --url ${shellQuote(`/subscriptions/${subscriptionId}/resourceGroups/${groupPlaceholder}/providers/Microsoft.Security/automations/${exportName}?api-version=2019-01-01-preview`)} --body ${shellQuote(JSON.stringify(automation))}`,
    bicep: [
      "@description('Where the workspace is.')",
      'param workspaceLocation string',
      '',
      "resource alertExport 'Microsoft.Security/automations@2019-01-01-preview' = {",
      `  name: '${exportName}'`,
      '  location: workspaceLocation',
      '  properties: {',
      '    isEnabled: true',
      '    scopes: [',
      `      { description: 'subscription', scopePath: ${bicepString(`/subscriptions/${subscriptionId}`)} }`,
      '    ]',
      '    sources: [',
      "      { eventSource: 'Alerts', ruleSets: [] }",
      '    ]',
      '    actions: [',
      `      { actionType: 'Workspace', workspaceResourceId: ${bicepString(workspace)} }`,
      '    ]',
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_security_center_automation" "export" {',
      `  name                = "${exportName}"`,
      '  location            = "<region of the workspace>"',
      `  resource_group_name = ${terraformString(groupPlaceholder)}`,
      `  scopes              = [${terraformString(`/subscriptions/${subscriptionId}`)}]`,
      '  source {',
      '    event_source = "Alerts"',
      '  }',
      '  action {',
      '    type        = "loganalytics"',
      `    resource_id = ${terraformString(workspace)}`,
      '  }',
      '}',
    ].join('\n'),
    policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/ffb6f416-7bd2-4488-8828-56585fef2be9', displayName: 'Deploy export to Log Analytics workspace for Microsoft Defender for Cloud data' },
    portal: 'Open Microsoft Defender for Cloud, Environment settings, the subscription, Continuous export, Log Analytics workspace.',
  }
}
