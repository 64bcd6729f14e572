import type { Check } from '@/lib/domain/check'
import { isApproved } from '../destination'
import { listInWords } from '../wording'
import { retentionMappings } from './mappings'

export const eventHubRetention: Check = {
  id: 'event-hub-retention',
  version: 2,
  keyPoint: 'log-retention',
  title: 'Somebody answers for what the event hub passes on',
  question: 'Where this event hub namespace holds the only copy of a required log, is the system behind it stated?',
  why: 'An event hub keeps events for days. Whether they are kept after that is decided by a system that Azure does not show.',
  severity: 'medium',
  rules: {
    pass: 'The policy approves the namespace as a destination: the user answers for the system behind it.',
    fail: 'Never: Azure cannot tell.',
    notApplicable: 'Every required log that is sent here, or another that is enough in its place, also goes to another destination.',
    unknown: 'It is the only destination of some required log, and nobody states the system behind it.',
  },
  sources: [{ title: 'Stream Azure Monitor data to an event hub', url: 'https://learn.microsoft.com/azure/azure-monitor/platform/stream-monitoring-data-event-hubs' }],
  mappings: retentionMappings,
  permissions: ['Microsoft.Insights/diagnosticSettings/read'],

  asks: ['microsoft.eventhub/namespaces'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.eventhub/namespaces') return undefined
    const use = context.estate.destinations.use(subject.id)
    if (!use) return undefined
    // For an event hub `categories` holds those that some subject sends nowhere else.
    const only = use.categories
    const evidence = { subjects: use.subjects, onlyCopyOf: only }
    if (only.length === 0) return { verdict: 'not-applicable', reason: 'Every required log that is sent here also goes to another destination.', evidence }
    if (isApproved(subject.id, context)) return { verdict: 'pass', reason: 'The policy approves this namespace: the user answers for the system behind it.', evidence }
    return {
      verdict: 'unknown',
      reasonCode: 'unsupported',
      reason: `It is the only destination of ${listInWords(only)}, and Azure cannot tell how long the system behind it keeps them.`,
      evidence,
    }
  },

  remediate: ({ resourceId }) => ({
    summary: `Send the logs to a workspace or storage account as well; or, if the system behind the event hub keeps them, add ${resourceId} to the approved destinations of the policy.`,
  }),
}
