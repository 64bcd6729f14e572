import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { azapiUpdate, bicepResource } from './object-text'
import { shellQuote, workspacePlaceholder } from './quote'

const componentType = 'Microsoft.Insights/components@2020-02-02'

/** Moves a component to the first central workspace. What it holds already stays where it is and ages out there. */
export function remediateComponent({ resourceId, location }: RemediationSubject, { centralWorkspaceIds }: RemediationContext): Remediation {
  const workspace = centralWorkspaceIds[0] ?? workspacePlaceholder
  const properties = { WorkspaceResourceId: workspace }
  return {
    summary: 'Let the component keep its telemetry in a workspace. What it has kept so far stays in the old place until it is too old; a component that was moved cannot be moved back.',
    azureCli: [
      'az monitor app-insights component update', `--subscription ${shellQuote(subscriptionIdOf(resourceId) ?? '')}`, `--resource-group ${shellQuote(resourceGroupOf(resourceId) ?? '')}`,
      `--app ${shellQuote(nameOf(resourceId))}`, `--workspace ${shellQuote(workspace)}`,
    ].join(' '),
    bicep: ['// In the component as it is, beside what it has:', bicepResource({ symbol: 'component', type: componentType, body: { name: nameOf(resourceId), location, kind: 'web', properties: { Application_Type: 'web', ...properties } } })].join('\n'),
    terraform: azapiUpdate('component', componentType, resourceId, properties),
    portal: 'Open the component, Configure, Properties, Migrate to Workspace-based.',
  }
}
