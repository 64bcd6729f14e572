import type { Check } from '@/lib/domain/check'
import { destinationPermissions } from '../destination'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { judgeRetention } from '../judge-retention'
import { remediateActivityLog } from '../remediation/platform-setting'
import { remediateRetention } from '../remediation/retention'
import { blobPathOf, exportsRead, lifecycleRead, tablesRead } from '../retention'
import { scopeLogging } from '../scope-logging'
import { are, listInWords, whyNothing } from '../wording'
import { retentionMappings } from './mappings'

export const activityLogBeyond90Days: Check = {
  id: 'activity-log-beyond-90-days',
  version: 6,
  keyPoint: 'log-retention',
  title: 'The activity log is kept beyond the platform’s 90 days',
  question: 'Are the required events of the activity log kept for the required time in at least one place?',
  why: 'The platform deletes the activity log after 90 days, for good.',
  severity: 'high',
  rules: {
    pass: 'Administrative, Security, Alert and Policy are exported, each to at least one destination that keeps them for the total time of the policy.',
    fail: 'One of them is exported nowhere, so that 90 days are all there is, or its longest kept copy is shorter than the policy asks.',
    notApplicable: 'The subscription is deleted.',
    unknown: 'The settings, the destination or its retention could not be read, or the only copy goes to an event hub or partner solution.',
  },
  sources: [
    { title: 'Activity log in Azure Monitor', url: 'https://learn.microsoft.com/azure/azure-monitor/platform/activity-log' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: retentionMappings,
  permissions: ['Microsoft.Insights/diagnosticSettings/read', ...destinationPermissions, tablesRead, exportsRead, lifecycleRead],

  asks: ['subscription'],
  evaluate(subject, context) {
    if (subject.kind !== 'subscription') return undefined
    if (subject.subscription.state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
    const logging = scopeLogging(subject.id, 'subscription', context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'unread') return logging.judgement
    const { effective, required, coverage } = logging
    const { missing, present, undetermined } = coverage
    const evidence = coverageEvidence(required, coverage, effective, context)
    if (missing.length > 0) {
      const rest = present.length > 0 ? `, while ${listInWords(present)} ${are(present)}` : `: ${whyNothing(effective)}`
      return { verdict: 'fail', reason: `Only the platform’s 90 days keep ${listInWords(missing)}, which ${are(missing)} not exported${rest}.`, evidence }
    }
    if (present.length === 0 || undetermined.length > 0) return unsettledJudgement(required, coverage, evidence, 'high')
    const categories = required.categories.flatMap((name) => effective.categories.get(name.toLowerCase()) ?? [])
    const retention = { bothTables: false, isActivityLog: true, blobPath: blobPathOf(subject.id) }
    return judgeRetention(categories, effective.profile.type, retention, context, evidence)
  },

  remediate(subject, context) {
    return subject.judgement.evidence?.kept === undefined ? remediateActivityLog(subject, context) : remediateRetention(subject, context)
  },
}
