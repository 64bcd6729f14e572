import type { Check, CheckContext, Remediation, RemediationContext, RemediationSubject, Subject } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { centralEvidence, centrally, proposalNote } from '../central'
import { coverageOf } from '../coverage'
import { destinationPermissions } from '../destination'
import { coverageEvidence, isSurelyComplete, undeterminedJudgement, unreadableJudgement } from '../judge-coverage'
import { remediateSetting } from '../remediation/diagnostic-setting'
import { remediateActivityLog } from '../remediation/platform-setting'
import { judgeOnce, resourceLogging, settingsRead } from '../resource-logging'
import { are, listInWords, untoldInWords, whyNothing } from '../wording'
import { centralMappings } from './mappings'

function noCentral(subject: Subject, context: CheckContext): Judgement | undefined {
  if (subject.kind !== 'subscription' || subject.subscription.state === 'Deleted' || !context.estate.kinds.length) return undefined
  return {
    verdict: 'unknown',
    reasonCode: 'unsupported',
    reason: 'No central workspace is known: none is approved, none receives an activity log or has Sentinel, and no resource sends to one.',
    evidence: { central: centralEvidence(context) },
  }
}

/** True when some destination can count as central. */
function knowsCentral({ estate, policy }: CheckContext): boolean {
  return estate.destinations.central.ids.length > 0 || policy.approvedDestinations.length > 0
}

/** The verdict depends on what is sent and on what is central alone. */
const judgeLogging = judgeOnce((logging, context) => {
  const { effective, required, anything, feed } = logging
  const coverage = coverageOf(required, effective, centrally(context))
  const evidence = coverageEvidence(required, coverage, effective, context, { central: centralEvidence(context), ...feed?.evidence })
  const { present, missing, unreadable, undetermined } = coverage
  if (feed?.silent) return { verdict: 'fail', reason: `${feed.silent}.`, evidence }
  if (isSurelyComplete(required, coverage, effective)) {
    const what = present.length > 0 ? `${listInWords(present)} ${are(present)}` : 'Every log is'
    return { verdict: 'pass', reason: `${what} sent to a central destination${proposalNote(context)}.`, evidence }
  }
  if (missing.length === 0 || required.decidedBy === 'unknown') {
    if (unreadable.length > 0) return unreadableJudgement(coverage, evidence, 'medium')
    // A type without named categories has an empty list, of which nothing can be missing.
    const { accepts } = centrally(context)
    const perhaps = undetermined.length + present.length > 0 || effective.openGroups.some(({ flow }) => accepts(flow.destination))
    if (perhaps || required.categories.length + required.anyOf.length === 0) return undeterminedJudgement(required, coverage, evidence, 'medium')
  }
  if (!anything && unreadable.length === 0) return { verdict: 'fail', reason: `Nothing of this resource reaches a central destination: ${whyNothing(effective)}.`, evidence }
  const elsewhere = logging.coverage.present.length > 0 ? 'it logs to local destinations only' : whyNothing(effective)
  const rest = present.length > 0 ? `, while ${listInWords(present)} ${are(present)}` : `: ${elsewhere}`
  return { verdict: 'fail', reason: `${listInWords(missing)} ${are(missing)} not sent to a central destination${rest}.`, evidence }
})

export const resourceLogsCentralized: Check = {
  id: 'resource-logs-centralized',
  version: 8,
  keyPoint: 'central-log-management',
  title: 'Audit logs of the resource reach the central workspace',
  question: 'Does every required log of this resource reach a central destination?',
  why: 'Analysts and detection rules see only what is in the central place; a log that stays with its team is found after the incident, if at all.',
  severity: 'medium',
  rules: {
    pass: 'All settings together send every required category to a central workspace, or to another destination that the policy approves. Central are the workspaces of the policy; until someone decides, those that receive an activity log or have Sentinel, failing those the one most resources send to.',
    fail: 'Some required category goes to local destinations only, or nowhere.',
    notApplicable: 'The resource has no logs, or a service manages it.',
    unknown: `The settings or a destination could not be read, ${untoldInWords}, or no central destination is known: then one finding for the subscription says so.`,
  },
  sources: [
    { title: 'MCSB LT-5: Centralize security log management and analysis', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-5-centralize-security-log-management-and-analysis' },
    { title: 'Design a Log Analytics workspace architecture', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/workspace-design' },
  ],
  mappings: centralMappings,
  permissions: [settingsRead, ...destinationPermissions],

  evaluate(subject, context) {
    if (!knowsCentral(context)) return noCentral(subject, context)
    if (subject.kind !== 'resource') return undefined
    const logging = resourceLogging(subject.resource, context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'settled') return logging.judgement
    return judgeLogging(logging, context)
  },

  remediate: (subject, context) => (subject.resourceType === 'microsoft.resources/subscriptions' ? nameCentral(subject, context) : remediateSetting(subject, context)),
}

/** The finding of a subscription: nobody has said which workspace is central, and one that receives an activity log is taken for it. */
function nameCentral(subject: RemediationSubject, context: RemediationContext): Remediation {
  return {
    ...remediateActivityLog(subject, context),
    summary: 'Confirm the central workspaces in the policy (Settings, Policy). Until then a workspace that receives an activity log is taken for central: export that of the subscription to the one that is to be.',
  }
}
