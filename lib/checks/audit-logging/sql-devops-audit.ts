import type { Check } from '@/lib/domain/check'
import { anywhere, coverageOf, isComplete } from '../coverage'
import { destinationPermissions } from '../destination'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { remediateSupportAudit } from '../remediation/sql-auditing'
import type { RequiredSet } from '../required-categories'
import { settingsRead } from '../resource-logging'
import { askAuditing, auditingRead, masterLogging } from '../sql-audit'
import { unreadJudgement } from '../unread'
import { untoldInWords, whyNothing } from '../wording'
import { sqlAuditMappings } from './mappings'
import { sqlAuditSources } from './sql-sources'

const category = 'DevOpsOperationsAudit'
const required: RequiredSet = { decidedBy: 'type-judgement', categories: [category], anyOf: [], why: 'It is the category that holds what Microsoft’s engineers do.' }

export const sqlDevopsAudit: Check = {
  id: 'sql-devops-audit',
  version: 5,
  keyPoint: 'audit-logging',
  title: 'What Microsoft’s support does on the SQL server is audited',
  question: 'Does this SQL server audit the operations of Microsoft’s support engineers and send them to a destination that exists?',
  why: 'Support requests may give Microsoft’s engineers access to a server. Their statements are in an audit of their own, which is off unless it is asked for.',
  severity: 'low',
  optional: true,
  rules: {
    pass: 'The audit of support operations is on, and DevOpsOperationsAudit of the database master is sent to a destination that exists and takes it.',
    fail: 'It is off, or the category goes nowhere.',
    notApplicable: 'It is the logical server of a Synapse workspace.',
    unknown: `The auditing settings, the settings of master or their destination could not be read, or ${untoldInWords}.`,
  },
  sources: [...sqlAuditSources, { title: 'Auditing of Microsoft support operations', url: 'https://learn.microsoft.com/azure/azure-sql/database/auditing-microsoft-support-operations' }],
  mappings: sqlAuditMappings,
  permissions: [auditingRead, settingsRead, ...destinationPermissions],
  asks: ['microsoft.sql/servers'],

  evaluate(subject, context) {
    const asked = askAuditing(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { isDevopsAuditEnabled } = asked.auditing
    if (!isDevopsAuditEnabled) return { verdict: 'fail', reason: 'The audit of support operations is off.', evidence: { isDevopsAuditEnabled } }

    const effective = masterLogging(subject.id, context)
    if (!effective.read?.ok) return unreadJudgement('The diagnostic settings of databases/master, which carry the audit', effective.read, settingsRead)
    const coverage = coverageOf(required, effective, anywhere)
    const evidence = { isDevopsAuditEnabled, ...coverageEvidence(required, coverage, effective, context) }
    if (isComplete(coverage)) return { verdict: 'pass', reason: 'The audit of support operations is on, and master sends it to a destination that exists and takes it.', evidence }
    if (coverage.missing.length > 0) return { verdict: 'fail', reason: `The audit of support operations is on, but ${category} of master is sent nowhere: ${whyNothing(effective)}.`, evidence }
    return unsettledJudgement(required, coverage, evidence, 'low')
  },

  remediate: ({ resourceId, judgement }, context) => remediateSupportAudit(resourceId, judgement, context),
}
