import type { Check } from '@/lib/domain/check'
import type { Evidence } from '@/lib/domain/finding'
import { nameOf } from '@/lib/domain/arm-id'
import { counts, destinationOf, readActionOf } from '../destination'
import { flowLogEvidence, flowLogsRead, flowLogType, keptInWords } from '../flow-log'
import { remediateTrafficAnalytics } from '../remediation/flow-logs'
import { unreadJudgement } from '../unread'
import { reviewMappings } from './mappings'

export const trafficAnalytics: Check = {
  id: 'traffic-analytics',
  version: 1,
  keyPoint: 'log-review',
  title: 'Flow logs are analysed',
  question: 'Does traffic analytics take this flow log into a workspace?',
  why: 'A flow log in a storage account is a pile of files. Traffic analytics puts it into a workspace, where rules and people find the connection that should not be.',
  severity: 'low',
  rules: {
    pass: 'Traffic analytics is on, every 10 or 60 minutes, and its workspace exists.',
    fail: 'Traffic analytics is off, or its workspace is gone.',
    notApplicable: 'The flow log is switched off, which the check of flow logs judges.',
    unknown: 'Its workspace cannot be read, or Azure gives an interval that is not known.',
  },
  sources: [{ title: 'Traffic analytics in Azure Network Watcher', url: 'https://learn.microsoft.com/azure/network-watcher/traffic-analytics' }],
  mappings: reviewMappings,
  permissions: [flowLogsRead, 'Microsoft.OperationalInsights/workspaces/read'],

  asks: [flowLogType],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== flowLogType) return undefined
    const read = context.estate.fact(subject.id, 'flow-log')
    if (!read?.ok) return read?.reason === 'gone' ? undefined : unreadJudgement('The flow log', read, flowLogsRead)
    const log = read.value
    const { enabled, trafficAnalytics: analytics } = log
    if (!enabled) return { verdict: 'not-applicable', reason: 'The flow log is switched off.' }
    const evidence: Evidence = { ...flowLogEvidence(log, context), retentionDays: keptInWords(log), trafficAnalytics: analytics }
    if (analytics === null) return { verdict: 'fail', reason: 'Traffic analytics is off for this flow log.', evidence }
    const { workspaceId, intervalMinutes: interval } = analytics
    if (workspaceId === null) return { verdict: 'fail', reason: 'Traffic analytics is on and names no workspace.', evidence }
    const workspace = destinationOf(workspaceId, 'workspace', context)
    if (workspace.state === 'unreadable') {
      return { verdict: 'unknown', reasonCode: 'permission-denied', reason: `Traffic analytics takes the flow log to ${nameOf(workspaceId)}, which cannot be read.`, evidence: { ...evidence, refusedOn: workspaceId }, permission: readActionOf.workspace }
    }
    if (!counts(workspace)) {
      return { verdict: 'fail', reason: `Traffic analytics takes the flow log to ${nameOf(workspaceId)}, which ${workspace.state === 'deleted' ? 'no longer exists' : 'is not provisioned'}.`, evidence }
    }
    if (interval !== null && interval !== 10 && interval !== 60) {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Traffic analytics runs every ${interval} minutes, and only 10 and 60 are known.`, evidence }
    }
    // Azure takes 60 where the interval is left out.
    return { verdict: 'pass', reason: `Traffic analytics takes the flow log to ${nameOf(workspaceId)} every ${interval ?? 60} minutes.`, evidence }
  },

  remediate: remediateTrafficAnalytics,
}
