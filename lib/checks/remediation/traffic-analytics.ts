import { nameOf, parentOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { shellQuote, terraformString, workspacePlaceholder } from './quote'

/** Turns traffic analytics on for an existing flow log. */
export function remediateTrafficAnalytics({ resourceId, location }: RemediationSubject, { centralWorkspaceIds }: RemediationContext): Remediation {
  const workspace = centralWorkspaceIds[0] ?? workspacePlaceholder
  const watcher = nameOf(parentOf(resourceId) ?? '')
  return {
    summary: 'Turn traffic analytics on for the flow log and let it write to the central workspace.',
    azureCli: [
      `az network watcher flow-log update --subscription ${shellQuote(subscriptionIdOf(resourceId) ?? '')}`,
      `  --location ${shellQuote(location)} --name ${shellQuote(nameOf(resourceId))}`,
      `  --traffic-analytics true --interval 10 --workspace ${shellQuote(workspace)}`,
    ].join(' \\\n'),
    terraform: [
      '# In the flow log as it is:',
      'resource "azurerm_network_watcher_flow_log" "flow_log" {',
      `  name                 = ${terraformString(nameOf(resourceId))}`,
      `  network_watcher_name = ${terraformString(watcher)}`,
      `  resource_group_name  = ${terraformString(resourceGroupOf(resourceId) ?? '')}`,
      '  target_resource_id   = "<resource id of what it watches>"',
      '  storage_account_id   = "<resource id of its storage account>"',
      '  enabled              = true',
      '',
      '  retention_policy {',
      '    enabled = false',
      '    days    = 0',
      '  }',
      '',
      '  traffic_analytics {',
      '    enabled               = true',
      '    workspace_id          = "<workspace customer id>"',
      '    workspace_region      = "<workspace region>"',
      `    workspace_resource_id = ${terraformString(workspace)}`,
      '    interval_in_minutes   = 10',
      '  }',
      '}',
    ].join('\n'),
    policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/2f080164-9f4d-497e-9db6-416dc9f7b48a', displayName: 'Network Watcher flow logs should have traffic analytics enabled' },
    portal: 'Open Network Watcher, Flow logs, the flow log, Traffic analytics: Enable.',
  }
}
