const settings = /^microsoft\.insights\/diagnosticsettings\/(write|delete)$/
const serverAudit = /^microsoft\.sql\/servers\/(extended)?auditing(settings|policies)\/(write|delete)$/
const supportAudit = /^microsoft\.sql\/servers\/devopsauditing(settings|policies)\/(write|delete)$/
/** With the audits of databases: where each has its own, the server needs none. */
const anyAudit = /^microsoft\.(sql|synapse)\/.*\/(extended)?auditing(settings|policies)\/(write|delete)$/
const parameters = /^microsoft\.dbfor(postgresql|mysql)\/flexibleservers\/(configurations\/write|updateconfigurations\/action)$/
const workspace = /^microsoft\.operationalinsights\/workspaces\/write$/
const tables = /^microsoft\.operationalinsights\/workspaces\/(tables|dataexports)\/(write|delete)$/
const lifecycle = /^microsoft\.storage\/storageaccounts\/managementpolicies\/(write|delete)$/
const immutability = /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/immutabilitypolicies\//
const contacts = /^microsoft\.security\/securitycontacts\/(write|delete)$/

/** With the resource itself all that is judged of it goes. */
const deletion = /^microsoft\.operationalinsights\/workspaces\/delete$/

/**
 * Operations that can decide a check, among those that are kept of activity logs and done to the very subject of the finding. What else is done to it, as the
 * switching of a Defender plan to a subscription, says nothing of its settings; nor can a plan's own check be told by whose plan it was, which is not kept.
 */
const operations: Readonly<Record<string, readonly RegExp[]>> = {
  'activity-log-export': [settings],
  'resource-logs-centralized': [settings, anyAudit],
  'workspace-takes-all': [workspace],
  'workspace-hardened': [workspace],
  'resource-audit-logs': [settings, anyAudit],
  'sql-server-auditing': [anyAudit],
  'sql-audit-actions': [serverAudit],
  'sql-devops-audit': [supportAudit],
  'postgres-mysql-audit-parameters': [parameters, settings],
  'audit-events-arrive': [settings],
  'aks-audit': [settings],
  'resource-log-retention': [settings, anyAudit],
  'workspace-retention': [workspace, tables],
  'log-storage-retention': [lifecycle],
  'log-storage-immutable': [immutability],
  'sql-audit-retention': [serverAudit],
  'activity-log-beyond-90-days': [settings],
  'log-access-audited': [settings],
  'security-contact': [contacts],
  'security-contact-owners': [contacts],
  'firewall-dns-logs': [settings],
  'dns-resolver-policy-logs': [settings],
}

/** The checks whose findings some change that is kept can decide. */
export const checksWithDecidingOperations: readonly string[] = Object.keys(operations)

/** True when an operation (lower case) on the subject of a check's finding can have decided it. */
export function canDecide(operation: string, check: string): boolean {
  return deletion.test(operation) || operations[check]?.some((pattern) => pattern.test(operation)) === true
}
