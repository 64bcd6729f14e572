import { nameOf } from '@/lib/domain/arm-id'
import type { Check, CheckContext, Remediation, RemediationSubject } from '@/lib/domain/check'
import type { SqlAuditing } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { storedDaysAsked } from '@/lib/domain/retention-days'
import type { Destination } from '../destination'
import { fieldsOf } from '../remediation/evidence-fields'
import { remediateLifecycle } from '../remediation/lifecycle'
import { auditKept, remediateAuditRetention } from '../remediation/sql-auditing'
import { keptAudit, lifecycleRead, refusalOfCopy } from '../retention'
import { accountOf, askAuditing, auditDaysOf, auditingRead } from '../sql-audit'
import { sqlRetentionMappings } from './mappings'

export const sqlAuditRetention: Check = {
  id: 'sql-audit-retention',
  version: 4,
  keyPoint: 'log-retention',
  title: 'The SQL audit in storage is kept long enough',
  question: 'Does this SQL server keep the audit that it writes to storage for 90 days or longer?',
  why: 'SQL deletes its own audit files after the days set here, and a lifecycle rule of the storage account may delete them sooner.',
  severity: 'medium',
  rules: {
    pass: 'retentionDays is 0, which keeps for ever, or at least 90 (or the policy’s own figure for audit logging or log retention), and no lifecycle rule of the account deletes append blobs of the container sqldbauditlogs sooner.',
    fail: 'It is less, or a lifecycle rule deletes sooner.',
    notApplicable: 'Auditing is off, goes to Azure Monitor only, where the destination is judged, or names a storage account that does not exist any more.',
    unknown: 'The auditing settings, the storage account or its lifecycle rules could not be read, whether the account’s firewall lets the server in is not told, or only a rule that names paths inside the container deletes too soon.',
  },
  sources: [
    { title: 'Auditing for Azure SQL Database', url: 'https://learn.microsoft.com/azure/azure-sql/database/auditing-overview' },
    { title: 'SQL Database audit log format', url: 'https://learn.microsoft.com/azure/azure-sql/database/audit-log-format' },
    { title: 'Lifecycle management policies of blob storage', url: 'https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: sqlRetentionMappings,
  permissions: [auditingRead, lifecycleRead],

  asks: ['microsoft.sql/servers'],
  evaluate(subject, context) {
    const asked = askAuditing(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { state, storageEndpoint } = asked.auditing
    if (state === 'Disabled') return { verdict: 'not-applicable', reason: 'Auditing of the server is off, which sql-server-auditing reports.', evidence: { state } }
    if (!storageEndpoint) return { verdict: 'not-applicable', reason: 'The audit does not go to storage.', evidence: { state, storageEndpoint: null } }
    const account = accountOf(asked.auditing, { endpoint: storageEndpoint, writer: subject.id }, context)
    if (account.state === 'deleted') return { verdict: 'not-applicable', reason: `The storage account ${account.id} that auditing names does not exist any more.`, evidence: { state, storageEndpoint } }
    if (account.state === 'closed') return { verdict: 'not-applicable', reason: `The storage account ${account.id} that auditing names keeps the audit out by its firewall, which sql-server-auditing reports.`, evidence: { state, storageEndpoint } }
    return judgeFiles(asked.auditing, account, context)
  },

  remediate: (subject, { policy }) => rulesToChange(subject, storedDaysAsked(policy.retentionDays, 'audit-logging')) ?? ({
    ...remediateAuditRetention(subject, storedDaysAsked(policy.retentionDays, 'audit-logging')),
    policy: {
      id: '/providers/Microsoft.Authorization/policyDefinitions/89099bee-89e0-4b26-a5f4-165451757743',
      displayName: 'SQL servers with auditing to storage account destination should be configured with 90 days retention or higher',
    },
  }),
}

/** How long an account keeps the files of an audit that is on. */
function judgeFiles(auditing: SqlAuditing, account: Destination, context: CheckContext): Judgement {
  const asked = storedDaysAsked(context.policy.retentionDays, 'audit-logging')
  const own = auditDaysOf(auditing)
  const evidence = { ...auditKept(auditing), requiredDays: asked, storageAccount: { id: account.id, state: account.state } }
  if (own < asked) return { verdict: 'fail', reason: `The audit in storage is kept ${own} days, less than ${asked}.`, evidence }
  const kept = keptAudit(account, own, context)
  const most = kept.days === null ? kept.atMost : kept
  if (most !== undefined && most.days < asked) {
    const rule = String(most.evidence.rule)
    return { verdict: 'fail', reason: `The lifecycle rule '${rule}' of ${nameOf(account.id)} deletes the audit after ${most.days} days, less than ${asked}.`, evidence: { ...evidence, lifecycleRule: { days: most.days, rule } } }
  }
  if (kept.days === null && kept.atLeast < asked) {
    const { rule, days } = kept.evidence
    const seen = rule === undefined ? evidence : { ...evidence, lifecycleRule: { days, rule } }
    return { verdict: 'unknown', reasonCode: kept.reasonCode, reason: kept.why, evidence: { ...seen, ...refusalOfCopy(kept) }, ...(kept.permission && { permission: kept.permission }) }
  }
  const least = kept.days ?? kept.atLeast
  return { verdict: 'pass', reason: Number.isFinite(least) ? `The audit in storage is kept ${least} days; ${asked} are asked.` : 'The audit in storage is kept for ever.', evidence }
}

/** The lifecycle rules of the account, where one of them ends an audit whose own days are enough. */
function rulesToChange({ judgement: { evidence } }: RemediationSubject, days: number): Remediation | undefined {
  const { id: account } = fieldsOf(evidence?.storageAccount)
  const { rule } = fieldsOf(evidence?.lifecycleRule)
  return typeof rule === 'string' && typeof account === 'string' ? remediateLifecycle({ accountId: account, days, rules: [rule], containers: ['sqldbauditlogs'] }) : undefined
}
