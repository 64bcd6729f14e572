import type { Check } from '@/lib/domain/check'
import { storedDaysAsked } from '@/lib/domain/retention-days'
import { auditKept, remediateAuditRetention } from '../remediation/sql-auditing'
import { askAuditing, auditingRead } from '../sql-audit'
import { sqlRetentionMappings } from './mappings'

export const sqlAuditRetention: Check = {
  id: 'sql-audit-retention',
  version: 1,
  keyPoint: 'log-retention',
  title: 'The SQL audit in storage is kept long enough',
  question: 'Does this SQL server keep the audit that it writes to storage for 90 days or longer?',
  why: 'SQL deletes its own audit files after the days set here, whatever the storage account would keep.',
  severity: 'medium',
  rules: {
    pass: 'retentionDays is 0, which keeps for ever, or at least 90 (or the policy’s own figure for audit logging or log retention).',
    fail: 'It is less.',
    notApplicable: 'Auditing is off, or goes to Azure Monitor only, where the destination is judged.',
    unknown: 'The auditing settings could not be read.',
  },
  sources: [
    { title: 'Auditing for Azure SQL Database', url: 'https://learn.microsoft.com/azure/azure-sql/database/auditing-overview' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: sqlRetentionMappings,
  permissions: [auditingRead],

  asks: ['microsoft.sql/servers'],
  evaluate(subject, context) {
    const asked = askAuditing(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { state, storageEndpoint, retentionDays } = asked.auditing
    if (state === 'Disabled') return { verdict: 'not-applicable', reason: 'Auditing of the server is off, which sql-server-auditing reports.', evidence: { state } }
    if (!storageEndpoint) return { verdict: 'not-applicable', reason: 'The audit does not go to storage.', evidence: { state, storageEndpoint: null } }
    const days = storedDaysAsked(context.policy.retentionDays, 'audit-logging')
    const evidence = { ...auditKept(asked.auditing), requiredDays: days }
    if (retentionDays === 0) return { verdict: 'pass', reason: 'The audit in storage is kept for ever.', evidence }
    return retentionDays >= days
      ? { verdict: 'pass', reason: `The audit in storage is kept ${retentionDays} days; ${days} are asked.`, evidence }
      : { verdict: 'fail', reason: `The audit in storage is kept ${retentionDays} days, less than ${days}.`, evidence }
  },

  remediate: (subject, { policy }) => ({
    ...remediateAuditRetention(subject, storedDaysAsked(policy.retentionDays, 'audit-logging')),
    policy: {
      id: '/providers/Microsoft.Authorization/policyDefinitions/89099bee-89e0-4b26-a5f4-165451757743',
      displayName: 'SQL servers with auditing to storage account destination should be configured with 90 days retention or higher',
    },
  }),
}
