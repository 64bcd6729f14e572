import type { Check } from '@/lib/domain/check'
import { remediateActivityAlert } from '../remediation/activity-alert'
import { alertPermissions, judgeOperation } from './judge-operation'
import { alertMappings } from './mappings'
import { watchedOperations, type WatchedOperation } from './operations'

/** How a rule on the category of a built-in policy is taken. */
function filed({ policyCategory }: WatchedOperation): string {
  if (policyCategory === undefined) return ''
  const holds = policyCategory === 'Security' ? 'alerts of Defender for Cloud' : 'effects of Azure Policy'
  return `A rule names the operation under the category ${policyCategory}, as a built-in policy asks, while the documentation files all writes and deletions under Administrative and in ${policyCategory} the ${holds} alone: whether it is ever raised, no source settles. (A rule on ${policyCategory} that does not name the operation counts for nothing.) Or `
}

function activityAlert(operation: WatchedOperation): Check {
  const { happens } = operation
  return {
    id: `activity-alert-${operation.slug}`,
    version: 5,
    keyPoint: 'anomaly-alerts',
    title: `An alert tells when ${happens}`,
    question: `Is someone told when ${happens}, anywhere in this subscription?`,
    why: operation.operations.length > 0
      ? 'Such a change opens or moves a boundary. It is rare enough to be looked at each time, and an attacker makes it first.'
      : 'An outage of the platform explains missing logs and silent detections, and its security notices ask for action.',
    severity: 'medium',
    rules: {
      pass: `An enabled alert rule, in whichever subscription it lives, watches the whole subscription for it, narrows nothing else, and calls an action group that is on and has a receiver that is on${operation.operations.length > 0 ? ', its own or one that a processing rule on all alerts of the subscription adds' : ''}. A scheduled query rule on AzureActivity that gives the operation counts as well, and so does an analytics rule of Sentinel that creates incidents, where the activity log goes to its workspace.`,
      fail: `There is no such rule; or it is switched off, narrowed (by caller, group, resource), scoped to a part, ${operation.operations.length > 0 ? 'suppressed at all times, ' : ''}or its action group is gone, off or without a receiver.`,
      notApplicable: 'The subscription is deleted.',
      unknown: `${filed(operation)}${operation.policyCategory ? 'the' : 'The'} rules could not be read, an action group is out of sight, or a query or processing rule cannot be judged, or the workspace that a rule reads may leave out what it looks for. Or nothing else watches, and the rules of Sentinel could not be read on a workspace that the activity log goes to or, where it is not known where it goes, on one that may have them.`,
    },
    sources: [
      { title: 'Activity log event schema: categories', url: 'https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema' },
      { title: 'Activity log alert rules', url: 'https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule' },
      { title: 'Activity log alerts of Microsoft.Insights', url: 'https://learn.microsoft.com/rest/api/monitor/activity-log-alerts' },
      { title: 'Analytics rules in Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/threat-detection' },
      { title: 'Alert processing rules', url: 'https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-processing-rules' },
    ],
    mappings: alertMappings(operation.cis),
    permissions: alertPermissions,
    asks: ['subscription'],
    evaluate: (subject, context) => judgeOperation(operation, subject, context),
    remediate: (subject) => remediateActivityAlert(subject, operation),
  }
}

/** One check for each operation of the list. */
export const activityAlertChecks: readonly Check[] = watchedOperations.map(activityAlert)
