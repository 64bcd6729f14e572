import type { Severity } from '@/lib/domain/verdict'

/**
 * What we judge where no public source decides. Each entry says why; the data file beside it holds facts alone.
 */

/** A required set that a type's nature dictates. All of `all`, and one of each list in `anyOf`. */
export interface RequiredRule {
  /** Chosen by the resource: kind for App Service, sign-in for AKS. */
  variant: string
  all: readonly string[]
  anyOf: readonly (readonly string[])[]
  /** True: asked in place of the live audit group too. False: only where Azure names no audit group. */
  overrulesAuditGroup: boolean
  why: string
}

const kubernetesAudit: readonly (readonly string[])[] = [['kube-audit', 'kube-audit-admin']]

const aks: readonly RequiredRule[] = [
  {
    variant: 'entra',
    all: ['guard'],
    anyOf: kubernetesAudit,
    overrulesAuditGroup: true,
    why: 'kube-audit-admin is kube-audit without reads, so either is enough; guard logs Entra sign-ins to the cluster.',
  },
  {
    variant: '',
    all: [],
    anyOf: kubernetesAudit,
    overrulesAuditGroup: true,
    why: 'kube-audit-admin is kube-audit without reads, so either is enough; guard is silent without Entra sign-in.',
  },
]

const webApp: readonly RequiredRule[] = [
  {
    variant: 'workflowapp',
    all: ['WorkflowRuntime'],
    anyOf: [],
    overrulesAuditGroup: false,
    why: 'A Standard logic app tells its runs in WorkflowRuntime.',
  },
  {
    variant: 'functionapp',
    all: ['FunctionAppLogs'],
    anyOf: [],
    overrulesAuditGroup: false,
    why: 'A function app writes FunctionAppLogs; the web categories belong to web apps.',
  },
  {
    variant: '',
    all: ['AppServiceHTTPLogs', 'AppServiceAuditLogs', 'AppServiceIPSecAuditLogs'],
    anyOf: [],
    overrulesAuditGroup: false,
    why: 'Requests, publishing sign-ins and refused addresses are the security evidence of a web app; console and application logs are not.',
  },
]

const storageService: readonly RequiredRule[] = [
  {
    variant: '',
    all: ['StorageRead', 'StorageWrite', 'StorageDelete'],
    anyOf: [],
    overrulesAuditGroup: false,
    why: 'Reads, writes and deletes are each asked by the CIS benchmark.',
  },
]

/** Legacy logs and the structured ones that replace them hold the same: one of each pair is enough. The last of a pair is the one to turn on. */
function eitherOr(legacy: string, structured: readonly string[]): readonly (readonly string[])[] {
  return structured.map((name) => [legacy, name])
}

function always(all: readonly string[], why: string, anyOf: RequiredRule['anyOf'] = []): readonly RequiredRule[] {
  return [{ variant: '', all, anyOf, overrulesAuditGroup: false, why }]
}

const applicationGateway: readonly RequiredRule[] = [
  {
    variant: 'no-firewall',
    all: ['ApplicationGatewayAccessLog'],
    anyOf: [],
    overrulesAuditGroup: false,
    why: 'The access log tells who asked for what; this tier has no web application firewall that could log, and performance is no security evidence.',
  },
  {
    variant: '',
    all: ['ApplicationGatewayAccessLog', 'ApplicationGatewayFirewallLog'],
    anyOf: [],
    overrulesAuditGroup: false,
    why: 'The access log tells who asked for what and the firewall log what was refused; performance is no security evidence.',
  },
]

const namespaceWithoutRuntimeAudit: RequiredRule = {
  variant: 'no-runtime-audit',
  all: ['OperationalLogs'],
  anyOf: [],
  overrulesAuditGroup: true,
  why: 'Azure writes the audit of sending and receiving (RuntimeAuditLogs) for the Premium and Dedicated tiers alone; here the operations on the namespace are what there is.',
}

const firewallWhy = 'Rules of applications, networks and NAT, threat intelligence and intrusion detection are the security evidence, as legacy logs or as structured ones; flow traces and aggregates repeat them.'
const firewallRules = [...eitherOr('AzureFirewallApplicationRule', ['AZFWApplicationRule']), ...eitherOr('AzureFirewallNetworkRule', ['AZFWNetworkRule', 'AZFWNatRule', 'AZFWThreatIntel'])]

const oneServer = 'It is the log of sign-ins and statements; the others tell how fast queries are.'

export const requiredRules: Readonly<Record<string, readonly RequiredRule[]>> = {
  'microsoft.containerservice/managedclusters': aks,
  'microsoft.kubernetes/connectedclusters': aks.filter((rule) => rule.variant === ''),
  'microsoft.containerservice/fleets': aks.filter((rule) => rule.variant === ''),
  'microsoft.web/sites': webApp,
  'microsoft.web/sites/slots': webApp,
  'microsoft.storage/storageaccounts/blobservices': storageService,
  'microsoft.storage/storageaccounts/fileservices': storageService,
  'microsoft.storage/storageaccounts/queueservices': storageService,
  'microsoft.storage/storageaccounts/tableservices': storageService,
  'microsoft.network/azurefirewalls': [
    { variant: 'no-intrusion-detection', all: [], anyOf: firewallRules, overrulesAuditGroup: false, why: `${firewallWhy} This tier has no intrusion detection that could log.` },
    ...always([], firewallWhy, [...firewallRules, ...eitherOr('AzureFirewallNetworkRule', ['AZFWIdpsSignature'])]),
  ],
  'microsoft.eventhub/namespaces': [namespaceWithoutRuntimeAudit],
  'microsoft.servicebus/namespaces': [namespaceWithoutRuntimeAudit],
  'microsoft.network/applicationgateways': applicationGateway,
  'microsoft.network/networksecuritygroups': always(
    ['NetworkSecurityGroupEvent', 'NetworkSecurityGroupRuleCounter'],
    'These are the two that a group writes; flows are logged by Network Watcher and judged there.',
  ),
  'microsoft.recoveryservices/vaults': always(
    ['AzureBackupOperations'],
    'Jobs, policies, protected items and alerts of backups, as the legacy report or as tables of their own, and operations on security settings; sizes, replication statistics and churn are no security evidence.',
    eitherOr('AzureBackupReport', ['CoreAzureBackup', 'AddonAzureBackupJobs', 'AddonAzureBackupAlerts', 'AddonAzureBackupPolicy', 'AddonAzureBackupProtectedInstance']),
  ),
  'microsoft.datafactory/factories': always(
    ['ActivityRuns', 'PipelineRuns', 'TriggerRuns'],
    'What ran and what started it is the evidence; Airflow, sandbox and SSIS logs tell of the inner workings of parts that most factories do not use.',
  ),
  'microsoft.desktopvirtualization/hostpools': always(
    ['Connection', 'Error', 'HostRegistration', 'Management'],
    'Who connected to which host, what failed, which hosts joined and who changed the pool; health, graphics and network data are no security evidence.',
  ),
  'microsoft.desktopvirtualization/workspaces': always(['Error', 'Feed', 'Management'], 'Who subscribed to the feed, what failed and who changed it; checkpoints tell of the steps in between.'),
  'microsoft.dbformysql/servers': always(['MySqlAuditLogs'], oneServer),
  'microsoft.dbformariadb/servers': always(['MySqlAuditLogs'], oneServer),
  'microsoft.dbforpostgresql/servers': always(['PostgreSQLLogs'], oneServer),
}

/** Types of which nothing is asked though they have log categories; the words finish "Nothing is asked of …: ". */
export const noSecurityLogs: Readonly<Record<string, string>> = {
  'microsoft.insights/components': 'a diagnostic setting would only copy its telemetry, and application-insights-workspace judges where that lies',
  'microsoft.sql/managedinstances/databases': 'its categories are errors and statistics of queries, and its managed instance carries the audit',
}

/** Tiers of a type that write no resource logs, whatever a setting says. */
export interface SilentTiers {
  /** Where ARM tells the tier. */
  from: 'sku' | 'compute'
  /** Lower case. */
  tiers: readonly string[]
  /** What would write them; null where another log takes their place, which `elsewhere` says. */
  wants: string | null
  elsewhere: string | null
}

export const silentTiers: Readonly<Record<string, SilentTiers>> = {
  // https://learn.microsoft.com/azure/databricks/admin/account-settings/audit-log-delivery
  'microsoft.databricks/workspaces': { from: 'sku', tiers: ['standard'], wants: 'the Premium tier', elsewhere: null },
  // https://learn.microsoft.com/azure/documentdb/how-to-monitor-diagnostics-logs
  'microsoft.documentdb/mongoclusters': { from: 'compute', tiers: ['free', 'm10', 'm20', 'm25', 'm30'], wants: 'a compute tier above M30', elsewhere: null },
  // https://learn.microsoft.com/azure/api-management/api-management-features
  'microsoft.apimanagement/service': { from: 'sku', tiers: ['consumption'], wants: null, elsewhere: 'its requests are logged by Application Insights alone, where each API’s settings say so' },
}

/** Types that have no logs of their own because something beneath them has; the words finish "… has no resource logs: ". */
export const logsElsewhere: Readonly<Record<string, string>> = {
  'microsoft.storage/storageaccounts': 'an account has metrics only, its blob, file, queue and table services carry the logs and are judged one by one',
  'microsoft.sql/servers': 'its databases and master carry them, and sql-server-auditing judges the audit of the server',
}

/** Types whose missing audit log is high: what an attacker touches first, or what guards the rest (key-points 0.4). */
const highTypes = new Set([
  'microsoft.keyvault/vaults',
  'microsoft.keyvault/managedhsms',
  'microsoft.hardwaresecuritymodules/cloudhsmclusters',
  'microsoft.storage/storageaccounts/blobservices',
  'microsoft.storage/storageaccounts/fileservices',
  'microsoft.storage/storageaccounts/queueservices',
  'microsoft.storage/storageaccounts/tableservices',
  'microsoft.sql/servers',
  'microsoft.sql/servers/databases',
  'microsoft.sql/managedinstances',
  'microsoft.sql/managedinstances/databases',
  'microsoft.documentdb/databaseaccounts',
  'microsoft.documentdb/mongoclusters',
  'microsoft.documentdb/cassandraclusters',
  'microsoft.dbforpostgresql/flexibleservers',
  'microsoft.dbforpostgresql/servers',
  'microsoft.dbforpostgresql/serversv2',
  'microsoft.dbforpostgresql/servergroupsv2',
  'microsoft.dbformysql/flexibleservers',
  'microsoft.dbformysql/servers',
  'microsoft.containerservice/managedclusters',
  'microsoft.kubernetes/connectedclusters',
  'microsoft.network/azurefirewalls',
  'microsoft.network/applicationgateways',
  'microsoft.network/frontdoors',
  'microsoft.cdn/profiles',
  'microsoft.cdn/cdnwebapplicationfirewallpolicies',
  'microsoft.apimanagement/service',
  'microsoft.apimanagement/service/workspaces',
  'microsoft.web/sites',
  'microsoft.web/sites/slots',
  'microsoft.containerregistry/registries',
  'microsoft.eventhub/namespaces',
  'microsoft.servicebus/namespaces',
  'microsoft.logic/workflows',
  'microsoft.automation/automationaccounts',
  'microsoft.databricks/workspaces',
  'microsoft.machinelearningservices/workspaces',
  'microsoft.machinelearningservices/registries',
  'microsoft.cognitiveservices/accounts',
  'microsoft.recoveryservices/vaults',
  'microsoft.dataprotection/backupvaults',
  'microsoft.network/bastionhosts',
  'microsoft.network/virtualnetworkgateways',
  'microsoft.network/vpngateways',
  'microsoft.network/p2svpngateways',
  'microsoft.aad/domainservices',
  'microsoft.operationalinsights/workspaces',
])

/** Purely operational logs: scaling, probes, updates, telemetry, delivery of static content. */
const lowTypes = new Set([
  'microsoft.insights/autoscalesettings',
  'microsoft.insights/components',
  'microsoft.insights/datacollectionrules',
  'microsoft.network/trafficmanagerprofiles',
  'microsoft.network/loadbalancers',
  'microsoft.network/natgateways',
  'microsoft.cdn/profiles/endpoints',
  'microsoft.compute/virtualmachines',
  'microsoft.connectedcache/cachenodes',
  'microsoft.connectedcache/enterprisemcccustomers',
  'microsoft.connectedcache/ispcustomers',
  'microsoft.monitor/accounts',
  'microsoft.standbypool/standbycontainergrouppools',
  'microsoft.standbypool/standbyvirtualmachinepools',
  'microsoft.web/serverfarms',
])

/** Severity of a missing audit log by lower-case type. */
export function auditSeverityOf(type: string): Severity {
  return highTypes.has(type) ? 'high' : lowTypes.has(type) ? 'low' : 'medium'
}
