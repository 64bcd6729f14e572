import { nameOf, parentOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { totalDaysAsked } from '@/lib/domain/retention-days'
import type { Pasted } from './before-setting'
import { fieldsOf } from './evidence-fields'
import { daysSeen, isLongEnough, longerOf, notRead } from './kept'
import { remediateLifecycle, seeLifecycle } from './lifecycle'
import { azapiUpdate, bicepResource, type Body } from './object-text'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'
import { daysIn } from './retention'

const flowLogResource = 'Microsoft.Network/networkWatchers/flowLogs@2023-09-01'
const accountPlaceholder = '<storage account resource id>'
const targetPlaceholder = '<resource id of what it watches>'

const policies = {
  deploy: { id: '/providers/Microsoft.Authorization/policyDefinitions/cd6f7aff-2845-4dab-99f2-6d1754a754b0', displayName: 'Deploy a Flow Log resource with target virtual network' },
  keep: {
    id: '/providers/Microsoft.Authorization/policyDefinitions/052c180e-287d-44c3-86ef-01aeae2d9774',
    displayName: 'Configure virtual networks to use specific workspace, storage account and retention interval for Flow logs and Traffic Analytics',
  },
  analyse: { id: '/providers/Microsoft.Authorization/policyDefinitions/2f080164-9f4d-497e-9db6-416dc9f7b48a', displayName: 'Network Watcher flow logs should have traffic analytics enabled' },
}

function subscriptionArgument(id: string): string {
  return `--subscription ${shellQuote(subscriptionIdOf(id) ?? '')}`
}

function analyticsOf(workspaceResourceId: string, trafficAnalyticsInterval = 10): Body {
  return { networkWatcherFlowAnalyticsConfiguration: { enabled: true, workspaceResourceId, trafficAnalyticsInterval } }
}

function retentionOf(days: number): Body {
  return { enabled: days > 0, days }
}

interface FlowLogText {
  /** `watcher/name` */
  name: string
  location: string
  target: string
  storage: string
  days: number
  analytics?: Body
}

/** A flow log as a whole: Bicep knows no change of a part. */
function bicepFlowLog({ name, location, target, storage, days, analytics }: FlowLogText): string {
  return ['// Deploy to the resource group of the Network Watcher.', bicepResource({
    symbol: 'flowLog', type: flowLogResource,
    body: {
      name, location,
      properties: {
        targetResourceId: target, storageId: storage, enabled: true, retentionPolicy: retentionOf(days), format: { type: 'JSON', version: 2 },
        ...(analytics !== undefined && { flowAnalyticsConfiguration: analytics }),
      },
    },
  })].join('\n')
}

/** Days that a new flow log keeps its records. */
function daysAsked({ retentionDays }: Policy): number {
  return totalDaysAsked(retentionDays, ['audit-logging'])
}

interface OwnFlowLog {
  id: string
  /** Null: it does not exist any more. */
  storage: string | null
  /** True: the account’s firewall keeps it out. */
  closed: boolean
  /** What that firewall lets in all the same; null: not told. */
  exceptions: string[] | null
  /** Days that it keeps its records; 0: for ever, and null: not told. */
  days: number | null
}

/** The flow log that the network has and that does not do. */
function ownFlowLog({ resourceId, judgement }: RemediationSubject): OwnFlowLog | null {
  const list = judgement.evidence?.flowLogs
  for (const seen of Array.isArray(list) ? list : []) {
    const id = textIn(seen, 'flowLog')
    if (id === null || textIn(seen, 'target')?.toLowerCase() !== resourceId.toLowerCase()) continue
    return {
      id, storage: /^(live|approved|closed|unclear)$/.test(textIn(seen, 'storageState') ?? '') ? textIn(seen, 'storage') : null,
      closed: textIn(seen, 'storageState') === 'closed',
      exceptions: exceptionsIn(fieldsOf(seen).storageExceptions),
      days: daysSeen(fieldsOf(seen).retentionDays),
    }
  }
  return null
}

function exceptionsIn(list: unknown): string[] | null {
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : null
}

/**
 * Lets trusted services of Azure into the account of a flow log, beside what its firewall lets in already, which each of these writes anew. Bicep would want the whole
 * account, which is not known here. Nothing where it need not be, or where what is let in is not told.
 */
function openAccount(own: OwnFlowLog | null): Pasted | null {
  if (!own?.closed || own.storage === null || own.exceptions === null) return null
  const bypass = ['AzureServices', ...own.exceptions]
  return {
    azureCli: `az storage account update --ids ${shellQuote(own.storage)} --bypass ${bypass.map(shellQuote).join(' ')}`,
    bicep: `// First, in the properties of the storage account ${nameOf(own.storage)}, where it is declared: networkAcls.bypass: ${bicepString(bypass.join(', '))}`,
    terraform: azapiUpdate('flow_storage', 'Microsoft.Storage/storageAccounts@2023-05-01', own.storage, { networkAcls: { bypass: bypass.join(', ') } }),
  }
}

const networkPortal = 'Open Network Watcher, Flow logs, Create, and choose the virtual network.'

/** A flow log of the whole network, with traffic analytics to the central workspace. */
export function remediateFlowLog(subject: RemediationSubject, { centralWorkspaceIds, policy }: RemediationContext): Remediation {
  const { resourceId, location } = subject
  const workspace = centralWorkspaceIds[0] ?? workspacePlaceholder
  const own = ownFlowLog(subject)
  // Also where an earlier release kept no word of how long the flow log keeps its records.
  if (!Array.isArray(subject.judgement.evidence?.flowLogs) || own?.days === null) return { summary: `Make a flow log of the virtual network, with traffic analytics to the central workspace. ${notRead}`, policy: policies.deploy, portal: networkPortal }
  const name = own === null ? `fl-${nameOf(resourceId)}` : nameOf(own.id)
  const watcher = nameOf(parentOf(own?.id ?? '') ?? '') || `NetworkWatcher_${location}`
  const storage = own?.storage ?? accountPlaceholder
  const days = longerOf(own?.days ?? null, daysAsked(policy))
  const opened = openAccount(own)
  return {
    summary: own === null
      ? 'Make a flow log of the virtual network, with traffic analytics to the central workspace. New flow logs of network security groups cannot be made any more.'
      : `Make the flow log ${name} anew, on, with all record types and without a filter, with traffic analytics to the central workspace: Azure takes one flow log for each network.${own.closed ? ' The firewall of its storage account must first make an exception for trusted services of Azure, beside those that it makes, or it takes nothing.' : ''}`,
    azureCli: [
      ...(opened === null ? [] : [opened.azureCli]),
      `az network watcher flow-log create ${subscriptionArgument(resourceId)} --location ${shellQuote(location)} --name ${shellQuote(name)} \\`,
      `  --resource-group ${shellQuote(resourceGroupOf(resourceId) ?? '')} --vnet ${shellQuote(resourceId)} \\`,
      `  --storage-account ${shellQuote(storage)} --enabled true --retention ${days} \\`,
      `  --traffic-analytics true --workspace ${shellQuote(workspace)} --interval 10`,
    ].join('\n'),
    bicep: [
      ...(opened === null ? [] : [opened.bicep]),
      bicepFlowLog({ name: `${watcher}/${name}`, location, target: resourceId, storage, days, analytics: analyticsOf(workspace) }),
    ].join('\n'),
    terraform: [
      ...(opened === null ? [] : [opened.terraform, '']),
      ...(own === null ? [] : [`# It is there: terraform import azurerm_network_watcher_flow_log.keypoint ${shellQuote(own.id)}`]),
      'resource "azurerm_network_watcher_flow_log" "keypoint" {',
      `  name                 = ${terraformString(name)}`,
      `  network_watcher_name = ${terraformString(watcher)}`,
      `  resource_group_name  = ${terraformString(resourceGroupOf(own?.id ?? '') ?? 'NetworkWatcherRG')}`,
      `  target_resource_id   = ${terraformString(resourceId)}`,
      `  storage_account_id   = ${terraformString(storage)}`,
      '  enabled              = true',
      '',
      '  retention_policy {',
      `    enabled = ${days > 0}`,
      `    days    = ${days}`,
      '  }',
      '',
      '  traffic_analytics {',
      '    enabled               = true',
      '    workspace_id          = "<workspace customer id>"',
      '    workspace_region      = "<workspace region>"',
      `    workspace_resource_id = ${terraformString(workspace)}`,
      '    interval_in_minutes   = 10',
      '  }',
      ...(opened === null ? [] : ['', '  depends_on = [azapi_update_resource.flow_storage]']),
      '}',
    ].join('\n'),
    policy: policies.deploy,
    portal: networkPortal,
  }
}

/** The arguments that name a flow log to the command line: its own name and its watcher's region. */
function flowLogArguments({ resourceId, location }: RemediationSubject): string {
  return `${subscriptionArgument(resourceId)} --location ${shellQuote(location)} --name ${shellQuote(nameOf(resourceId))}`
}

/** The flow log as its finding saw it. */
function seenIn({ resourceId, location, judgement }: RemediationSubject): FlowLogText {
  const { target, storage, retentionDays, trafficAnalytics: seen } = judgement.evidence ?? {}
  const workspace = textIn(seen, 'workspaceId')
  return {
    name: `${nameOf(parentOf(resourceId) ?? '')}/${nameOf(resourceId)}`,
    location,
    target: typeof target === 'string' ? target : targetPlaceholder,
    storage: typeof storage === 'string' ? storage : accountPlaceholder,
    days: typeof retentionDays === 'number' ? retentionDays : 0,
    ...(workspace !== null && { analytics: analyticsOf(workspace, Number(Reflect.get(Object(seen), 'intervalMinutes')) || 60) }),
  }
}

function textIn(value: unknown, name: string): string | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof found === 'string' ? found : null
}

/** Longer retention of a flow log that is there, or a look at the lifecycle rules that may delete what it keeps long enough. */
export function remediateFlowLogRetention(subject: RemediationSubject, { policy }: RemediationContext): Remediation {
  const days = daysAsked(policy)
  const byRule = deletedByRule(subject, days)
  if (byRule !== undefined) return byRule
  const seen = daysSeen(subject.judgement.evidence?.retentionDays)
  const asked = daysIn(subject.judgement.evidence) ?? days
  if (isLongEnough(seen, asked)) return seeLifecycle(asked)
  const summary = `Let the flow log keep its records for ${days} days, and see that no lifecycle rule of its storage account deletes block blobs under insights-logs- sooner.`
  const portal = 'Open Network Watcher, Flow logs, the flow log, Settings.'
  if (seen === null) return { summary: `${summary} ${notRead}`, policy: policies.keep, portal }
  return {
    summary,
    azureCli: `az network watcher flow-log update ${flowLogArguments(subject)} --retention ${days}`,
    bicep: bicepFlowLog({ ...seenIn(subject), days }),
    terraform: azapiUpdate('flow_log', flowLogResource, subject.resourceId, { retentionPolicy: retentionOf(days) }),
    policy: policies.keep,
    portal,
  }
}

function deletedByRule({ judgement: { evidence } }: RemediationSubject, days: number): Remediation | undefined {
  const rule = textIn(evidence?.lifecycleRule, 'rule')
  const accountId = textIn(evidence, 'storage')
  if (rule === null || accountId === null) return undefined
  const container = textIn(evidence, 'container')
  return { ...remediateLifecycle({ accountId, days, rules: [rule], containers: container === null ? [] : [container], blob: 'blockBlob' }), policy: policies.keep }
}

/** Turns traffic analytics on for a flow log that is there. */
export function remediateTrafficAnalytics(subject: RemediationSubject, { centralWorkspaceIds }: RemediationContext): Remediation {
  const workspace = centralWorkspaceIds[0] ?? workspacePlaceholder
  const summary = 'Turn traffic analytics on for the flow log and let it write to the central workspace.'
  const portal = 'Open Network Watcher, Flow logs, the flow log, Traffic analytics: Enable.'
  if (daysSeen(subject.judgement.evidence?.retentionDays) === null) return { summary: `${summary} ${notRead}`, policy: policies.analyse, portal }
  return {
    summary,
    azureCli: [
      `az network watcher flow-log update ${flowLogArguments(subject)}`,
      `  --traffic-analytics true --interval 10 --workspace ${shellQuote(workspace)}`,
    ].join(' \\\n'),
    bicep: bicepFlowLog({ ...seenIn(subject), analytics: analyticsOf(workspace) }),
    terraform: azapiUpdate('flow_log', flowLogResource, subject.resourceId, { flowAnalyticsConfiguration: analyticsOf(workspace) }),
    policy: policies.analyse,
    portal,
  }
}
