import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { arcLogExtension } from '../kubernetes'
import { sentByItself } from '../log-feed'
import { fieldsOf } from './evidence-fields'
import { azapiUpdate, bicepResource, Reference } from './object-text'
import { shellQuote } from './quote'

export type Pasted = Required<Pick<Remediation, 'azureCli' | 'bicep' | 'terraform'>>

/** What must be changed before a diagnostic setting carries anything. */
export interface BeforeSetting {
  summary: string
  /** Null: what no command does. */
  made: Pasted | null
  /** What reached a workspace without a setting ends with it, and must be sent by one as well. */
  endsOwnWay?: true
}

/** Null for most: a setting is enough. */
export function beforeSetting(subject: RemediationSubject): BeforeSetting | null {
  const { wants, sqlAudit, logDestination, logsGoTo } = fieldsOf(subject.judgement.evidence)
  if (sqlAudit !== undefined && /^microsoft\.synapse\//i.test(subject.resourceType) && !isAudited(sqlAudit)) {
    return { summary: 'Turn on the auditing of the Synapse workspace with Azure Monitor as its target (Azure SQL Auditing): without it the category stays empty. ', made: synapseAudit(subject.resourceId) }
  }
  if (/^microsoft\.kubernetes\/connectedclusters$/i.test(subject.resourceType)) {
    return { summary: `Install the cluster extension ${arcLogExtension} first (az k8s-extension create with --cluster-type connectedClusters): without it AKS enabled by Azure Arc logs nothing. `, made: null }
  }
  if (typeof wants === 'string') return { summary: `Move the resource to ${wants}: its tier writes no resource logs. `, made: null }
  const isTooLittle = logsGoTo !== undefined && missingIn(subject.judgement).some((name) => sentByItself.has(name))
  if (logDestination !== 'none' && !isTooLittle) return null
  return {
    summary: 'Set the log destination of the environment to Azure Monitor (Monitoring, Logging options): a setting carries its console and system logs only then, and what the environment sends by itself ends. ',
    made: environmentLogs(subject.resourceId), endsOwnWay: true,
  }
}

/** The categories that a finding misses, in lower case. */
export function missingIn({ evidence }: Judgement): string[] {
  return (Array.isArray(evidence?.missing) ? evidence.missing : []).map((name) => String(name).toLowerCase())
}

/** An audit of the workspace, or of the pool that was asked, is on and goes to Azure Monitor. */
function isAudited(sqlAudit: unknown): boolean {
  const { workspace, pool } = fieldsOf(sqlAudit)
  return [sqlAudit, workspace, pool].some((one) => {
    const { state, isAzureMonitorTargetEnabled } = fieldsOf(fieldsOf(one).auditing)
    return state === 'Enabled' && isAzureMonitorTargetEnabled === true
  })
}

const synapseVersion = '2021-06-01'

/** The workspace's audit covers its pools; a storage account that it goes to stays. */
function synapseAudit(resourceId: string): Pasted {
  const workspaceId = resourceId.replace(/\/sqlPools\/[^/]+\/?$/i, '')
  const auditing = `${workspaceId}/auditingSettings/default`
  const on = { state: 'Enabled', isAzureMonitorTargetEnabled: true }
  return {
    azureCli: [
      `az resource update --ids ${shellQuote(auditing)} --api-version ${synapseVersion} \\`,
      `  --set ${Object.entries(on).map(([name, value]) => `properties.${name}=${value}`).join(' ')}`,
    ].join('\n'),
    bicep: [
      bicepResource({ symbol: 'workspace', type: `Microsoft.Synapse/workspaces@${synapseVersion}`, existing: true, body: { name: nameOf(workspaceId) } }),
      bicepResource({ symbol: 'auditing', type: `Microsoft.Synapse/workspaces/auditingSettings@${synapseVersion}`, body: { parent: new Reference('workspace'), name: 'default', properties: on } }),
    ].join('\n\n'),
    terraform: azapiUpdate('auditing', `Microsoft.Synapse/workspaces/auditingSettings@${synapseVersion}`, auditing, on),
  }
}

function environmentLogs(resourceId: string): Pasted {
  return {
    azureCli: [
      `az containerapp env update --subscription ${shellQuote(subscriptionIdOf(resourceId) ?? '')} --resource-group ${shellQuote(resourceGroupOf(resourceId) ?? '')} \\`,
      `  --name ${shellQuote(nameOf(resourceId))} --logs-destination azure-monitor`,
    ].join('\n'),
    bicep: "// In the environment as it is: appLogsConfiguration: { destination: 'azure-monitor' }",
    terraform: '# In the environment as it is: logs_destination = "azure-monitor", without log_analytics_workspace_id',
  }
}
