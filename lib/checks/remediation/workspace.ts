import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { bicepString, shellQuote, terraformString } from './quote'

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
  /** Of `az monitor log-analytics workspace update`. */
  arguments: string
  /** Lines of the Bicep resource's properties. */
  properties: readonly string[]
  terraform: readonly string[]
}

/** A change of a workspace's own settings. */
export function remediateWorkspace(subject: RemediationSubject, change: WorkspaceChange): Remediation {
  const id = subject.resourceId
  return {
    summary: change.summary,
    azureCli: `az monitor log-analytics workspace update ${workspaceArguments(id)} ${change.arguments}`,
    bicep: [
      "resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {",
      `  name: ${bicepString(nameOf(id))}`,
      `  location: ${bicepString(subject.location)}`,
      '  properties: {',
      ...change.properties,
      '  }',
      '}',
    ].join('\n'),
    terraform: [
      'resource "azurerm_log_analytics_workspace" "workspace" {',
      `  name                = ${terraformString(nameOf(id))}`,
      `  resource_group_name = ${terraformString(resourceGroupOf(id) ?? '')}`,
      `  location            = ${terraformString(subject.location)}`,
      ...change.terraform,
      '}',
    ].join('\n'),
  }
}
