import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { bicepString, shellQuote, workspacePlaceholder } from './quote'

const deployPolicy = { id: '/providers/Microsoft.Authorization/policyDefinitions/cd6f7aff-2845-4dab-99f2-6d1754a754b0', displayName: 'Deploy a Flow Log resource with target virtual network' }
const accountPlaceholder = '<storage account resource id>'

function subscriptionArgument(id: string): string {
  return `--subscription ${shellQuote(subscriptionIdOf(id) ?? '')}`
}

/** A flow log of the whole network, with traffic analytics to the central workspace. */
export function remediateFlowLog(subject: RemediationSubject, context: RemediationContext): Remediation {
  const { resourceId, location } = subject
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const name = `fl-${nameOf(resourceId)}`
  return {
    summary: 'Make a flow log of the virtual network, with traffic analytics to the central workspace. New flow logs of network security groups cannot be made any more.',
    azureCli: [
      `az network watcher flow-log create ${subscriptionArgument(resourceId)} --location ${shellQuote(location)} --name ${shellQuote(name)} \\`,
      `  --resource-group ${shellQuote(resourceGroupOf(resourceId) ?? '')} --vnet ${shellQuote(resourceId)} \\`,
      `  --storage-account ${shellQuote(accountPlaceholder)} --enabled true --retention 90 \\`,
      `  --traffic-analytics true --workspace ${shellQuote(workspace)} --interval 10`,
    ].join('\n'),
    bicep: [
      '// Deploy to the resource group NetworkWatcherRG.',
      "resource flowLog 'Microsoft.Network/networkWatchers/flowLogs@2023-09-01' = {",
      `  name: ${bicepString(`NetworkWatcher_${location}/${name}`)}`,
      `  location: ${bicepString(location)}`,
      '  properties: {',
      `    targetResourceId: ${bicepString(resourceId)}`,
      `    storageId: ${bicepString(accountPlaceholder)}`,
      '    enabled: true',
      '    retentionPolicy: { enabled: true, days: 90 }',
      '    flowAnalyticsConfiguration: {',
      '      networkWatcherFlowAnalyticsConfiguration: {',
      '        enabled: true',
      `        workspaceResourceId: ${bicepString(workspace)}`,
      '        trafficAnalyticsInterval: 10',
      '      }',
      '    }',
      '  }',
      '}',
    ].join('\n'),
    policy: deployPolicy,
    portal: 'Open Network Watcher, Flow logs, Create, and choose the virtual network.',
  }
}

/** The arguments that name a flow log to the command line: its own name and its watcher's region. */
function flowLogArguments({ resourceId, location }: RemediationSubject): string {
  return `${subscriptionArgument(resourceId)} --location ${shellQuote(location)} --name ${shellQuote(nameOf(resourceId))}`
}

export function remediateFlowLogRetention(subject: RemediationSubject, { policy }: RemediationContext): Remediation {
  const days = policy.retentionDays.byKeyPoint?.['log-retention'] ?? policy.retentionDays.total
  return {
    summary: `Let the flow log keep its records for ${days} days, and see that no lifecycle rule of its storage account deletes block blobs under insights-logs- sooner.`,
    azureCli: `az network watcher flow-log update ${flowLogArguments(subject)} --retention ${days}`,
    portal: 'Open Network Watcher, Flow logs, the flow log, Settings.',
  }
}
