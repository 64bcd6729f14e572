import type { Check } from '@/lib/domain/check'
import { activityAlertChecks } from './anomaly-alerts/activity-alert'
import { defenderPlanChecks } from './anomaly-alerts/defender-plan'
import { loggingTamperAlert } from './anomaly-alerts/logging-tamper-alert'
import { securityContact } from './anomaly-alerts/security-contact'
import { sentinelAnomalyRules } from './anomaly-alerts/sentinel-anomaly-rules'
import { securityContactOwners } from './anomaly-alerts/security-contact-owners'
import { antimalwareEventsCentral } from './antimalware-logging/antimalware-events-central'
import { antimalwareSignatures } from './antimalware-logging/antimalware-signatures'
import { machineAntimalware } from './antimalware-logging/machine-antimalware'
import { storageMalwareScan } from './antimalware-logging/storage-malware-scan'
import { auditEventsArrive } from './audit-logging/audit-events-arrive'
import { aksAudit } from './audit-logging/aks-audit'
import { applicationInsightsWorkspace } from './audit-logging/application-insights-workspace'
import { networkWatcher } from './audit-logging/network-watcher'
import { postgresMysqlAuditParameters } from './audit-logging/postgres-mysql-audit-parameters'
import { resourceAuditLogs } from './audit-logging/resource-audit-logs'
import { sqlAuditActions } from './audit-logging/sql-audit-actions'
import { sqlDevopsAudit } from './audit-logging/sql-devops-audit'
import { sqlServerAuditing } from './audit-logging/sql-server-auditing'
import { vnetFlowLogs } from './audit-logging/vnet-flow-logs'
import { activityLogExport } from './central-log-management/activity-log-export'
import { defenderAlertsExported } from './central-log-management/defender-alerts-exported'
import { entraLogExport } from './central-log-management/entra-log-export'
import { entraLogExportComplete } from './central-log-management/entra-log-export-complete'
import { managementGroupActivityLogExport } from './central-log-management/management-group-activity-log-export'
import { resourceLogsCentralized } from './central-log-management/resource-logs-centralized'
import { workspaceHardened } from './central-log-management/workspace-hardened'
import { workspaceTakesAll } from './central-log-management/workspace-takes-all'
import { linuxCommandLineAudit } from './command-line-auditing/linux-command-line-audit'
import { windows4688Collected } from './command-line-auditing/windows-4688-collected'
import { windowsCommandLineAudit } from './command-line-auditing/windows-command-line-audit'
import { dnsResolverPolicyLogs } from './dns-query-logging/dns-resolver-policy-logs'
import { firewallDnsLogs } from './dns-query-logging/firewall-dns-logs'
import { vnetDnsQueryLogs } from './dns-query-logging/vnet-dns-query-logs'
import { activityLogBeyond90Days } from './log-retention/activity-log-beyond-90-days'
import { eventHubRetention } from './log-retention/event-hub-retention'
import { flowLogRetention } from './log-retention/flow-log-retention'
import { logStorageImmutable } from './log-retention/log-storage-immutable'
import { logStorageRetention } from './log-retention/log-storage-retention'
import { resourceLogRetention } from './log-retention/resource-log-retention'
import { sqlAuditRetention } from './log-retention/sql-audit-retention'
import { workspaceRetention } from './log-retention/workspace-retention'
import { alertsHandled } from './log-review/alerts-handled'
import { detectionsOn } from './log-review/detections-on'
import { logAccessAudited } from './log-review/log-access-audited'
import { logsQueried } from './log-review/logs-queried'
import { siemInPlace } from './log-review/siem-in-place'
import { trafficAnalytics } from './log-review/traffic-analytics'
import { legacyLogAgent } from './os-security-logs/legacy-log-agent'
import { machineEventsArrive } from './os-security-logs/machine-events-arrive'
import { machineLogAgent } from './os-security-logs/machine-log-agent'
import { machineSecurityEvents } from './os-security-logs/machine-security-events'
import { machineTimeSource } from './time-sync/machine-time-source'
import { platformDefaultTime } from './time-sync/platform-default-time'

/** Every check, by key point. A new check is one file, its test and a line here. */
export const checks: readonly Check[] = [
  machineTimeSource,
  platformDefaultTime,

  activityLogExport,
  resourceLogsCentralized,
  workspaceTakesAll,
  workspaceHardened,
  defenderAlertsExported,
  managementGroupActivityLogExport,
  entraLogExport,
  entraLogExportComplete,

  resourceAuditLogs,
  sqlServerAuditing,
  sqlAuditActions,
  sqlDevopsAudit,
  postgresMysqlAuditParameters,
  auditEventsArrive,
  aksAudit,
  vnetFlowLogs,
  networkWatcher,
  applicationInsightsWorkspace,

  machineLogAgent,
  machineSecurityEvents,
  machineEventsArrive,
  legacyLogAgent,

  resourceLogRetention,
  workspaceRetention,
  logStorageRetention,
  logStorageImmutable,
  sqlAuditRetention,
  flowLogRetention,
  eventHubRetention,
  activityLogBeyond90Days,

  siemInPlace,
  detectionsOn,
  alertsHandled,
  logAccessAudited,
  logsQueried,
  trafficAnalytics,

  ...defenderPlanChecks,
  securityContact,
  securityContactOwners,
  ...activityAlertChecks,
  loggingTamperAlert,
  sentinelAnomalyRules,

  machineAntimalware,
  antimalwareSignatures,
  antimalwareEventsCentral,
  storageMalwareScan,

  vnetDnsQueryLogs,
  firewallDnsLogs,
  dnsResolverPolicyLogs,

  windowsCommandLineAudit,
  windows4688Collected,
  linuxCommandLineAudit,
]

const byId = new Map(checks.flatMap((check) => [check.id, ...(check.aliases ?? [])].map((id) => [id, check])))

/** The check of an id or former id; undefined for an unknown one. */
export function findCheck(idOrAlias: string): Check | undefined {
  return byId.get(idOrAlias)
}
