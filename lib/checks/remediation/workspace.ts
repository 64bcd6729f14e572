import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { azapiUpdate, bicepResource, type Body } from './object-text'
import { shellQuote } from './quote'

/** The arguments that name a workspace to the command line; `nameFlag` differs between its commands. */
export function workspaceArguments(id: string, nameFlag: '--workspace-name' | '--name' = '--workspace-name'): string {
  return [
    `--subscription ${shellQuote(subscriptionIdOf(id) ?? '')}`,
    `--resource-group ${shellQuote(resourceGroupOf(id) ?? '')}`,
    `${nameFlag} ${shellQuote(nameOf(id))}`,
  ].join(' ')
}

export interface WorkspaceChange {
  summary: string
  azureCli: string
  /** Of the workspace, as ARM names them. */
  properties: { readonly [name: string]: Body }
  portal: string
}

const workspaceType = 'Microsoft.OperationalInsights/workspaces@2023-09-01'

/** A change of a workspace's own settings. */
export function remediateWorkspace({ resourceId, location }: RemediationSubject, { summary, azureCli, properties, portal }: WorkspaceChange): Remediation & { bicep: string; terraform: string } {
  return {
    summary,
    azureCli,
    bicep: ['// In the workspace as it is, beside what it has:', bicepResource({ symbol: 'workspace', type: workspaceType, body: { name: nameOf(resourceId), location, properties } })].join('\n'),
    terraform: azapiUpdate('workspace', workspaceType, resourceId, properties),
    portal,
  }
}
