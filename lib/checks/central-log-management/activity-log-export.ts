import type { Check } from '@/lib/domain/check'
import { centralEvidence, centrally, proposalNote } from '../central'
import { isComplete } from '../coverage'
import { counts, destinationPermissions } from '../destination'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { remediateActivityLog } from '../remediation/platform-setting'
import { scopeLogging } from '../scope-logging'
import { are, listInWords, untoldInWords, whyNothing } from '../wording'
import { activityLogMappings } from './mappings'

export const activityLogExport: Check = {
  id: 'activity-log-export',
  version: 6,
  keyPoint: 'central-log-management',
  title: 'The activity log is exported to a central destination',
  question: 'Do the administrative, security, alert and policy events of this subscription reach a central destination?',
  why: 'The activity log is the only record of who changed what in a subscription. The platform deletes it after 90 days, and no rule can watch it before it is exported.',
  severity: 'critical',
  rules: {
    pass: 'All settings of the subscription together send Administrative, Security, Alert and Policy to a central destination: a central workspace, or another destination that the policy approves.',
    fail: 'One of the four is missing, or goes only to a destination that was deleted or is not central, or the workspace’s own transformation drops it.',
    notApplicable: 'The subscription is deleted.',
    unknown: `The settings or the destination could not be read, or ${untoldInWords}.`,
  },
  sources: [
    { title: 'Activity log in Azure Monitor', url: 'https://learn.microsoft.com/azure/azure-monitor/platform/activity-log' },
    { title: 'MCSB LT-5: Centralize security log management and analysis', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-5-centralize-security-log-management-and-analysis' },
  ],
  mappings: activityLogMappings,
  permissions: ['Microsoft.Insights/diagnosticSettings/read', ...destinationPermissions],

  asks: ['subscription'],
  evaluate(subject, context) {
    if (subject.kind !== 'subscription') return undefined
    if (subject.subscription.state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
    const logging = scopeLogging(subject.id, 'subscription', context, centrally(context))
    if (logging.state === 'gone') return undefined
    if (logging.state === 'unread') return logging.judgement

    const { effective, required, coverage } = logging
    const { present, missing } = coverage
    const all = isComplete(coverage) && effective.profile.offered.every(({ key }) => effective.categories.get(key)?.flows.some(({ destination }) => centrally(context).accepts(destination)))
    const evidence = coverageEvidence(required, coverage, effective, context, { central: centralEvidence(context), everyCategory: all })
    if (isComplete(coverage)) {
      const what = all ? 'Every category of the activity log' : listInWords(present)
      return { verdict: 'pass', reason: `${what} ${all ? 'is' : are(present)} sent to a central destination${proposalNote(context)}.`, evidence }
    }
    if (missing.length === 0) return unsettledJudgement(required, coverage, evidence, 'critical')
    const elsewhere = [...effective.categories.values()].some(({ flows }) => flows.some(({ destination }) => counts(destination)))
    if (present.length > 0) {
      return { verdict: 'fail', reason: `${listInWords(missing)} of the activity log ${are(missing)} not sent to a central destination, while ${listInWords(present)} ${are(present)}.`, evidence }
    }
    const why = elsewhere ? 'it goes only to destinations that are not central, or without the required categories' : whyNothing(effective)
    return { verdict: 'fail', reason: `The activity log reaches no central destination: ${why}.`, evidence }
  },

  remediate: remediateActivityLog,
}
