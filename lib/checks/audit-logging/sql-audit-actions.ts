import type { Check } from '@/lib/domain/check'
import { auditKept, remediateAuditActions } from '../remediation/sql-auditing'
import { askAuditing, auditingRead } from '../sql-audit'
import { are, listInWords } from '../wording'
import { sqlAuditMappings } from './mappings'
import { sqlAuditSources } from './sql-sources'

const defaultGroups = ['BATCH_COMPLETED_GROUP', 'FAILED_DATABASE_AUTHENTICATION_GROUP', 'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP']

export const sqlAuditActions: Check = {
  id: 'sql-audit-actions',
  version: 1,
  keyPoint: 'audit-logging',
  title: 'The SQL audit records sign-ins and statements',
  question: 'Does the audit of this SQL server hold the three default action groups, unfiltered?',
  why: 'An audit that leaves out failed sign-ins or finished batches shows neither the attempt nor what was done after it.',
  severity: 'medium',
  rules: {
    pass: 'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP, FAILED_DATABASE_AUTHENTICATION_GROUP and BATCH_COMPLETED_GROUP are recorded, and no predicate filters events.',
    fail: 'One of the three is missing, or a predicate filters events.',
    notApplicable: 'Auditing of the server is off (sql-server-auditing says so), or it is the logical server of a Synapse workspace.',
    unknown: 'The auditing settings could not be read.',
  },
  sources: sqlAuditSources,
  mappings: sqlAuditMappings,
  permissions: [auditingRead],

  asks: ['microsoft.sql/servers'],
  evaluate(subject, context) {
    const asked = askAuditing(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { state, auditActionsAndGroups, predicateExpression } = asked.auditing
    if (state === 'Disabled') return { verdict: 'not-applicable', reason: 'Auditing of the server is off, which sql-server-auditing reports.', evidence: { state } }
    const present = new Set(auditActionsAndGroups.map((group) => group.trim().toUpperCase()))
    const missing = defaultGroups.filter((group) => !present.has(group))
    const predicate = predicateExpression?.trim() ? predicateExpression.trim() : null
    const evidence = { ...auditKept(asked.auditing), predicateExpression: predicate, ...(missing.length > 0 && { missing }) }
    if (missing.length > 0) return { verdict: 'fail', reason: `${listInWords(missing)} ${are(missing)} not recorded.`, evidence }
    if (predicate !== null) return { verdict: 'fail', reason: 'A predicate filters the audit, so events that it excludes are lost.', evidence }
    return { verdict: 'pass', reason: 'Sign-ins, failed sign-ins and finished batches are recorded without a filter.', evidence }
  },

  remediate: (subject) => ({
    ...remediateAuditActions(subject, defaultGroups),
    policy: {
      id: '/providers/Microsoft.Authorization/policyDefinitions/7ff426e2-515f-405a-91c8-4f2333442eb5',
      displayName: 'SQL Auditing settings should have Action-Groups configured to capture critical activities',
    },
  }),
}
