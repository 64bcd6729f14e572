import type { Check } from '@/lib/domain/check'
import { destinationPermissions } from '../destination'
import { arrivalsRead, auditArrivals, auditDestinations, auditStateQuery, managedInstanceType, nothingArrived } from '../instance-audit'
import { coverageEvidence } from '../judge-coverage'
import { remediateInstanceAudit } from '../remediation/instance-audit'
import { resourceLogging, settingsRead } from '../resource-logging'
import { auditLoggingMappings } from './mappings'

export const auditEventsArrive: Check = {
  id: 'audit-events-arrive',
  version: 2,
  keyPoint: 'audit-logging',
  title: 'Audit events of the managed instance really arrive',
  question: 'Did audit events of this SQL managed instance arrive in a workspace in the last seven days?',
  why: 'The diagnostic setting of a managed instance carries what a server audit writes. Whether there is one is decided in T-SQL, which no Azure API shows: the workspace alone tells.',
  severity: 'high',
  optional: true,
  rules: {
    pass: 'A workspace that the instance’s settings send SQLSecurityAuditEvents to has rows of it of the last seven days. resource-audit-logs takes them as proof, too.',
    fail: 'Never: that nothing arrived does not tell an audit that is off from an instance that nobody used.',
    notApplicable: 'No setting sends SQLSecurityAuditEvents to a destination that exists and takes them, which resource-audit-logs reports.',
    unknown: 'Nothing arrived, with the query that tells why, or to a workspace that may not keep the rows; the audit goes to no workspace that could be asked; or the settings or the workspace could not be read.',
  },
  sources: [
    { title: 'Get started with Azure SQL Managed Instance auditing', url: 'https://learn.microsoft.com/azure/azure-sql/managed-instance/auditing-configure' },
    { title: 'sys.dm_server_audit_status', url: 'https://learn.microsoft.com/sql/relational-databases/system-dynamic-management-views/sys-dm-server-audit-status-transact-sql' },
    { title: 'SQLSecurityAuditEvents table', url: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/sqlsecurityauditevents' },
  ],
  mappings: auditLoggingMappings,
  permissions: [settingsRead, ...destinationPermissions, arrivalsRead, 'Microsoft.OperationalInsights/workspaces/query/SQLSecurityAuditEvents/read'],

  asks: [managedInstanceType],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== managedInstanceType) return undefined
    const logging = resourceLogging(subject.resource, context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'settled') return logging.judgement
    const { effective, required, coverage } = logging
    const evidence = coverageEvidence(required, coverage, effective, context, { lookAt: auditStateQuery })
    const arrivals = auditArrivals(subject.resource, effective, context)
    switch (arrivals.state) {
      case 'arrived': return { verdict: 'pass', reason: 'Audit events of the instance arrived in the last seven days.', evidence: { ...evidence, auditEventsArrivedIn: arrivals.workspaces } }
      case 'none': return { ...nothingArrived(arrivals.workspaces), evidence: { ...evidence, auditEventsArrivedIn: [] } }
      case 'unread': return { ...arrivals.judgement, evidence: { ...evidence, ...arrivals.judgement.evidence } }
      case 'not-asked':
        if (auditDestinations(effective).length === 0) return { verdict: 'not-applicable', reason: 'No setting sends SQLSecurityAuditEvents to a destination that exists and takes them, which resource-audit-logs reports.', evidence }
        return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'The audit goes to no workspace that could be asked whether events arrive.', evidence }
    }
  },

  remediate: remediateInstanceAudit,
}
