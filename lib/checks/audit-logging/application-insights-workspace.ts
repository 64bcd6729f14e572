import type { Check } from '@/lib/domain/check'
import { destinationOf, readActionOf } from '../destination'
import { managingService } from '../managing-service'
import { remediateComponent } from '../remediation/application-insights'
import { unreadJudgement } from '../unread'
import { auditLoggingMappings } from './mappings'

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export const applicationInsightsWorkspace: Check = {
  id: 'application-insights-workspace',
  version: 1,
  keyPoint: 'audit-logging',
  title: 'Telemetry of the application lies in a workspace',
  question: 'Does this Application Insights component keep its telemetry in a Log Analytics workspace that exists?',
  why: 'Requests and traces of an application tell what an intruder did in it. Classic components, retired on 29 February 2024, keep them in a store of their own, where neither the retention nor the access rules of a workspace hold and no detection looks.',
  severity: 'low',
  rules: {
    pass: 'The component is workspace-based, and its workspace exists.',
    fail: 'It is classic, or the workspace that it names was deleted or is not ready.',
    notApplicable: 'A service manages the component.',
    unknown: 'The subscription is out of sight, the workspace lies in a subscription that cannot be read, or Azure gave neither the workspace nor the mode of ingestion.',
  },
  sources: [
    { title: 'Migrate to workspace-based Application Insights resources', url: 'https://learn.microsoft.com/previous-versions/azure/azure-monitor/app/convert-classic-resource' },
    { title: 'Azure security logging and auditing', url: 'https://learn.microsoft.com/azure/security/fundamentals/log-audit' },
  ],
  mappings: auditLoggingMappings,
  permissions: ['Microsoft.Insights/components/read', 'Microsoft.OperationalInsights/workspaces/read'],

  asks: ['microsoft.insights/components'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.insights/components') return undefined
    const { resource } = subject
    const owner = managingService(resource)
    if (owner) return { verdict: 'not-applicable', reason: `Belongs to the managed resource group of ${owner.name} (${owner.type}), which that service runs.`, evidence: { managedBy: owner.id } }
    const { lost } = context.estate
    if (lost) return unreadJudgement('The properties of the component', lost, 'Microsoft.Insights/components/read')
    const workspaceId = text(resource.properties.WorkspaceResourceId)
    const ingestionMode = text(resource.properties.IngestionMode)
    if (workspaceId === null) {
      const evidence = { workspaceId, ingestionMode }
      if (ingestionMode === null) return { verdict: 'unknown', reasonCode: 'api-error', reason: 'Azure gave neither the workspace nor the mode of ingestion of this component.', evidence }
      return { verdict: 'fail', reason: 'The component is classic: its telemetry lies in a store of its own and in no workspace.', evidence }
    }
    const { id, state } = destinationOf(workspaceId, 'workspace', context)
    const evidence = { workspaceId: id, workspaceState: state, ingestionMode }
    switch (state) {
      case 'live':
      case 'approved':
        return { verdict: 'pass', reason: 'The telemetry lies in a workspace that exists.', evidence }
      case 'deleted':
        return { verdict: 'fail', reason: `The workspace ${id} that the component names does not exist any more.`, evidence }
      case 'not-ready':
      case 'closed':
        return { verdict: 'fail', reason: `The workspace ${id} that the component names is not ready.`, evidence }
      case 'unreadable':
      case 'unclear':
      case 'filtered':
        return { verdict: 'unknown', reasonCode: 'permission-denied', reason: `The workspace ${id} lies in a subscription that cannot be read.`, evidence: { ...evidence, refusedOn: id }, permission: readActionOf.workspace }
    }
  },

  remediate: remediateComponent,
}
