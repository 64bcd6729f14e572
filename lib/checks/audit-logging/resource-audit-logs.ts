import type { Check } from '@/lib/domain/check'
import { destinationPermissions } from '../destination'
import { undeterminedJudgement, unreadableJudgement, coverageEvidence, isSurelyComplete } from '../judge-coverage'
import { managedInstanceType, withServerAudit } from '../instance-audit'
import { remediateSetting } from '../remediation/diagnostic-setting'
import { remediateInstanceAudit } from '../remediation/instance-audit'
import { auditLoggingMappings } from './mappings'
import { judgeOnce, resourceLogging, settingsRead } from '../resource-logging'
import { synapseAuditingRead, synapsePoolAuditingRead } from '../sql-audit'
import { are, listInWords, them, whyNothing } from '../wording'

/** The verdict depends on the type, what is sent and the policy alone. */
const judgeLogging = judgeOnce((logging, context) => {
  const severity = context.catalog.auditSeverity(logging.effective.profile.type)
  const { effective, required, coverage, anything, feed } = logging
  const evidence = coverageEvidence(required, coverage, effective, context, feed?.evidence)
  if (feed?.silent) return { verdict: 'fail', reason: `${feed.silent}.`, evidence, severity }
  const { present, missing, unreadable } = coverage
  if (isSurelyComplete(required, coverage, effective)) {
    const reason = required.decidedBy === 'unknown' ? 'Every log category is sent to a destination that exists and takes it.' : `${listInWords(present)} ${are(present)} sent to a destination that exists and takes ${them(present)}.`
    return { verdict: 'pass', reason, evidence, severity }
  }
  if (required.decidedBy === 'unknown' || missing.length === 0) {
    if (unreadable.length > 0) return unreadableJudgement(coverage, evidence, severity)
    if (anything || required.categories.length === 0) return undeterminedJudgement(required, coverage, evidence, severity)
  }
  if (!anything && present.length + unreadable.length === 0) {
    return { verdict: 'fail', reason: `${listInWords(missing)} ${are(missing)} logged nowhere: ${whyNothing(effective)}.`, evidence, severity }
  }
  const rest = present.length > 0 ? `, while ${listInWords(present)} ${are(present)}` : `: ${whyNothing(effective)}`
  // Other logs are sent, perhaps Azure's own audit group: why those are not what is asked must be said.
  const why = present.length === 0 && effective.ignored.length === 0 && required.why !== null ? ` ${required.why}` : ''
  return { verdict: 'fail', reason: `${listInWords(missing)} ${are(missing)} not logged${rest}.${why}`, evidence, severity }
})

export const resourceAuditLogs: Check = {
  id: 'resource-audit-logs',
  version: 9,
  keyPoint: 'audit-logging',
  title: 'Audit logs of the resource are sent somewhere',
  question: 'Does every audit log that this resource can emit reach a destination that exists?',
  why: 'Without its own audit log nobody can tell who read, changed or deleted what inside the resource: the activity log holds management operations alone.',
  severity: 'medium',
  rules: {
    pass: 'All settings together send every required category to a destination that exists and takes them; of a SQL managed instance, whose setting is silent without a server audit, audit events have arrived there as well. Required is, in this order: what the policy says for the type, the nature of the type where it overrules groups (AKS), the live audit group, the audit categories that the catalogue is sure of, the nature of the type (App Service, storage, firewalls, gateways, backup vaults and others, with a reason each), the categories whose table is filed under security or audit, else all log categories.',
    fail: 'A required category goes nowhere: no setting, the entry is off, only metrics are on, the destination was deleted, the firewall of the storage account or event hub namespace keeps out the services that write logs, or the workspace’s own transformation drops the category. A SQL database fails when neither its server nor itself has an audit with a real target, and so do a Synapse workspace and its pools; so does a resource whose tier writes no logs (Databricks Standard, small clusters of DocumentDB) and an environment of container apps whose log destination is none. One whose destination is a workspace sends its console, system and Spring logs by itself; its HTTP logs leave by a setting alone.',
    notApplicable: 'The type has no log categories or none that is security evidence (telemetry of applications), Azure answers that it takes no diagnostic settings, the policy requires none, the resource lies in a resource group that a service manages, or no API server of it logs to Azure Monitor (a fleet without a hub cluster, a connected cluster that is no AKS).',
    unknown: 'The settings could not be read, a required category goes only to a destination that cannot be read, to an event hub namespace of which it is not told whether it takes it or to a workspace whose own transformation may drop it, or nobody says which categories are audit logs. A SQL managed instance whose setting is right and of which no audit event is known: its server audit is made in T-SQL, which no Azure API shows; audit-events-arrive has the workspace asked. API Management of the Consumption tier has no resource logs, and Application Insights may have its requests.',
  },
  sources: [
    { title: 'Diagnostic settings in Azure Monitor', url: 'https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings' },
    { title: 'Supported resource log categories', url: 'https://learn.microsoft.com/azure/azure-monitor/reference/logs-index' },
    { title: 'Application logging in Azure Container Apps', url: 'https://learn.microsoft.com/azure/container-apps/logging' },
    { title: 'MCSB LT-3: Enable logging for security investigation', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-3-enable-logging-for-security-investigation' },
  ],
  mappings: auditLoggingMappings,
  permissions: [settingsRead, 'Microsoft.Insights/diagnosticSettingsCategories/read', synapseAuditingRead, synapsePoolAuditingRead, ...destinationPermissions],

  evaluate(subject, context) {
    if (subject.kind !== 'resource') return undefined
    const logging = resourceLogging(subject.resource, context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'settled') {
      const { judgement } = logging
      return judgement.verdict === 'unknown' ? { ...judgement, severity: context.catalog.auditSeverity(subject.resource.type) } : judgement
    }
    const judgement = judgeLogging(logging, context)
    return subject.resource.type === managedInstanceType ? withServerAudit(judgement, subject.resource, logging, context) : judgement
  },

  remediate: (subject, context) => (subject.resourceType === managedInstanceType ? remediateInstanceAudit(subject, context) : remediateSetting(subject, context)),
}
