import type { Check } from '@/lib/domain/check'
import { anywhere, isComplete } from '../coverage'
import { destinationPermissions } from '../destination'
import { logsAnything } from '../effective-logging'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { remediateEntra } from '../remediation/platform-setting'
import { scopeLogging } from '../scope-logging'
import { are, listInWords, untoldInWords } from '../wording'
import { entraOthers } from './entra-scope'
import { entraCompleteMappings } from './mappings'

export const entraLogExportComplete: Check = {
  id: 'entra-log-export-complete',
  version: 5,
  keyPoint: 'central-log-management',
  title: 'The other security logs of Entra ID are exported',
  question: 'Do the sign-ins of service principals, managed identities and clients, the risk, provisioning and Graph activity logs reach a destination that exists?',
  why: 'Interactive sign-ins are the smaller part: tokens are renewed, and programs sign in, without appearing in them.',
  severity: 'medium',
  rules: {
    pass: 'All settings of Entra ID together send the remaining required categories to a destination that exists and takes them.',
    fail: 'One of them goes nowhere.',
    notApplicable: 'Nothing of Entra ID is exported at all: entra-log-export says so.',
    unknown: `The settings or the destination could not be read, ${untoldInWords}, or the cloud does not offer the API.`,
  },
  sources: [
    { title: 'Stream Entra ID logs by diagnostic settings', url: 'https://learn.microsoft.com/entra/identity/monitoring-health/howto-configure-diagnostic-settings' },
    { title: 'Microsoft Graph activity logs', url: 'https://learn.microsoft.com/graph/microsoft-graph-activity-logs-overview' },
  ],
  mappings: entraCompleteMappings,
  permissions: ['microsoft.aadiam/diagnosticSettings/read', ...destinationPermissions],

  asks: ['tenant'],
  evaluate(subject, context) {
    if (subject.kind !== 'tenant') return undefined
    const logging = scopeLogging(subject.id, 'tenant', context, anywhere, entraOthers(context))
    if (logging.state === 'gone') return undefined
    if (logging.state === 'unread') return logging.judgement
    const { effective, required, coverage } = logging
    const evidence = coverageEvidence(required, coverage, effective, context)
    const { missing } = coverage
    if (isComplete(coverage)) return { verdict: 'pass', reason: 'Every other required log of Entra ID is sent to a destination that exists and takes it.', evidence }
    if (missing.length === 0) return unsettledJudgement(required, coverage, evidence, 'medium')
    if (!logsAnything(effective) && coverage.unreadable.length === 0) {
      return { verdict: 'not-applicable', reason: 'Nothing of Entra ID is exported, which entra-log-export reports.', evidence }
    }
    return { verdict: 'fail', reason: `${listInWords(missing)} of Entra ID ${are(missing)} not sent anywhere.`, evidence }
  },

  remediate: remediateEntra,
}
