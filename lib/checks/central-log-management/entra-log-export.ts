import type { Check } from '@/lib/domain/check'
import { anywhere, isComplete } from '../coverage'
import { destinationPermissions } from '../destination'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { remediateEntra } from '../remediation/platform-setting'
import { scopeLogging } from '../scope-logging'
import { are, listInWords, untoldInWords, whyNothing } from '../wording'
import { entraCore } from './entra-scope'
import { entraMappings } from './mappings'

export const entraLogExport: Check = {
  id: 'entra-log-export',
  version: 5,
  keyPoint: 'central-log-management',
  title: 'Audit and sign-in logs of Entra ID are exported',
  question: 'Do the audit and sign-in logs of the tenant reach a destination that exists?',
  why: 'Nearly every intrusion into a cloud estate begins with a sign-in. Entra ID keeps these logs for 30 days at most.',
  severity: 'critical',
  rules: {
    pass: 'All settings of Entra ID together send AuditLogs and SignInLogs to a destination that exists and takes them. The other categories are asked by entra-log-export-complete.',
    fail: 'One of the two goes nowhere.',
    unknown: `The settings could not be read (roles on subscriptions do not reach them), the destination could not be read, ${untoldInWords}, or the cloud does not offer the API.`,
  },
  sources: [
    { title: 'Stream Entra ID logs by diagnostic settings', url: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-configure-diagnostic-settings' },
    { title: 'MCSB LT-5: Centralize security log management and analysis', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-5-centralize-security-log-management-and-analysis' },
  ],
  mappings: entraMappings,
  permissions: ['microsoft.aadiam/diagnosticSettings/read', ...destinationPermissions],

  asks: ['tenant'],
  evaluate(subject, context) {
    if (subject.kind !== 'tenant') return undefined
    const logging = scopeLogging(subject.id, 'tenant', context, anywhere, entraCore)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'unread') return logging.judgement
    const { effective, required, coverage } = logging
    const evidence = coverageEvidence(required, coverage, effective, context)
    const { missing, present } = coverage
    if (isComplete(coverage)) return { verdict: 'pass', reason: 'AuditLogs and SignInLogs are sent to a destination that exists and takes them.', evidence }
    if (missing.length === 0) return unsettledJudgement(required, coverage, evidence, 'critical')
    const rest = present.length > 0 ? `, while ${listInWords(present)} ${are(present)}` : `: ${whyNothing(effective)}`
    return { verdict: 'fail', reason: `${listInWords(missing)} of Entra ID ${are(missing)} not sent anywhere${rest}.`, evidence }
  },

  remediate: remediateEntra,
}
