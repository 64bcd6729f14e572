import type { Alerting, DefenderAlert, DefenderPlan, SecurityContact } from './alerting'
import type { ResourceKey } from './arm-id'
import type { Collected } from './collected'
import type {
  AuditArrival, CollectionRule, DatabaseParameter, DataExport, DiagnosticSetting, EventHubNamespace, EndpointProtection, GuestAssignment, LifecycleRule, LogCategoryList, LogContainer, MachineArrival, RuleAssociation, SqlAuditing, WorkspaceQueries, WorkspaceTable,
} from './estate'
import type { FlowLog, NameResolution, VirtualNetwork } from './network'
import type { NewIncident, SentinelConnector, SentinelOnboarding, SentinelRule } from './sentinel'

/** What each source's value is. A fact is one (subject, source). */
export interface FactValues {
  /** Subject: a resource, `/subscriptions/{id}`, a management group or `/tenants/{id}`. */
  'diagnostic-settings': DiagnosticSetting[]
  /** Subject: `categories:{type}|{location}|{kind}`, see categoriesSubjectOf. */
  'log-categories': LogCategoryList
  /** Subject: a SQL server or database, or a Synapse workspace or dedicated pool. */
  'sql-auditing': SqlAuditing
  /** Subject: a PostgreSQL or MySQL flexible server. Those that decide whether it writes an audit. */
  'database-parameters': DatabaseParameter[]
  /** Subject: a workspace. */
  'workspace-tables': WorkspaceTable[]
  /** Subject: a workspace. */
  'data-exports': DataExport[]
  /** Subject: a workspace. Read only where the policy has the check of it on. */
  'workspace-queries': WorkspaceQueries
  /** Subject: a workspace that data collection rules send to. Read only where the policy has the check of it on. */
  'machine-arrivals': MachineArrival[]
  /** Subject: a workspace that managed instances send to. Those of the last days. Read only where the policy has the check of it on. */
  'audit-arrivals': AuditArrival[]
  /** Subject: a workspace. */
  'sentinel-onboarding': SentinelOnboarding
  /** Subject: a workspace that Sentinel is onboarded to. */
  'sentinel-rules': SentinelRule[]
  /** Subject: a workspace that Sentinel is onboarded to. */
  'sentinel-connectors': SentinelConnector[]
  /** Subject: a workspace that Sentinel is onboarded to. */
  'sentinel-incidents': NewIncident[]
  /** Subject: a storage account. An empty list: no lifecycle policy, blobs are kept for ever. */
  'storage-lifecycle': LifecycleRule[]
  /** Subject: a storage account. Its containers of logs alone. */
  'log-containers': LogContainer[]
  /** Subject: a namespace of event hubs. */
  'event-hub-namespace': EventHubNamespace
  /** Subject: a subscription. An empty list: it never turned Defender for Cloud on. */
  'defender-plans': DefenderPlan[]
  /** Subject: a subscription. */
  'defender-alerts': DefenderAlert[]
  /** Subject: a subscription. */
  'security-contacts': SecurityContact[]
  /** Subject: `/tenants/{id}`. */
  alerting: Alerting
  /** Subject: a machine (virtual machine, scale set or Arc machine). An empty list: no rule is associated with it. */
  'rule-associations': RuleAssociation[]
  /** Subject: a data collection rule. */
  'collection-rule': CollectionRule
  /** Subject: a machine. An empty list: nothing audits it from within. */
  'guest-assignments': GuestAssignment[]
  /** Subject: a machine. */
  'endpoint-protection': EndpointProtection
  /** Subject: a virtual network. */
  'virtual-network': VirtualNetwork
  /** Subject: a virtual network. Those of the network, its subnets and their security groups. */
  'flow-logs': FlowLog[]
  /** Subject: a flow log. */
  'flow-log': FlowLog
  /** Subject: `/tenants/{id}`. */
  'name-resolution': NameResolution
}

export type FactSource = keyof FactValues

/** The API that a source is read from, for evidence. */
export const factSourceApi: Record<FactSource, string> = {
  'diagnostic-settings': 'Microsoft.Insights/diagnosticSettings 2021-05-01-preview',
  'log-categories': 'Microsoft.Insights/diagnosticSettingsCategories 2021-05-01-preview',
  'sql-auditing': 'Microsoft.Sql/servers/extendedAuditingSettings 2021-11-01; Microsoft.Synapse/workspaces/extendedAuditingSettings 2021-06-01',
  'database-parameters': 'Microsoft.DBforPostgreSQL/flexibleServers/configurations 2022-12-01; Microsoft.DBforMySQL/flexibleServers/configurations 2022-01-01',
  'workspace-tables': 'Microsoft.OperationalInsights/workspaces/tables 2022-10-01',
  'data-exports': 'Microsoft.OperationalInsights/workspaces/dataExports 2020-08-01',
  'workspace-queries': 'Log Analytics query API v1',
  'machine-arrivals': 'Log Analytics query API v1',
  'audit-arrivals': 'Log Analytics query API v1',
  'sentinel-onboarding': 'Microsoft.SecurityInsights/onboardingStates 2024-03-01',
  'sentinel-rules': 'Microsoft.SecurityInsights/alertRules 2024-01-01-preview',
  'sentinel-connectors': 'Microsoft.SecurityInsights/dataConnectors 2024-01-01-preview',
  'sentinel-incidents': 'Microsoft.SecurityInsights/incidents 2024-03-01',
  'storage-lifecycle': 'Microsoft.Storage/storageAccounts/managementPolicies 2023-05-01',
  'log-containers': 'Microsoft.Storage/storageAccounts/blobServices/containers 2023-05-01',
  'event-hub-namespace': 'Microsoft.EventHub/namespaces/{networkRuleSets,eventhubs,authorizationRules} 2021-11-01',
  'defender-plans': 'Microsoft.Security/pricings 2024-01-01',
  'defender-alerts': 'Resource Graph securityresources 2024-04-01',
  'security-contacts': 'Microsoft.Security/securityContacts 2023-12-01-preview',
  alerting: 'Microsoft.ResourceGraph/resources 2024-04-01',
  'rule-associations': 'Resource Graph insightsresources 2024-04-01',
  'collection-rule': 'Resource Graph resources 2024-04-01',
  'guest-assignments': 'Resource Graph guestconfigurationresources 2024-04-01',
  'endpoint-protection': 'Resource Graph securityresources 2024-04-01',
  'virtual-network': 'Resource Graph resources (virtualNetworks, networkInterfaces) 2024-04-01',
  'flow-logs': 'Resource Graph resources (flowLogs) 2024-04-01',
  'flow-log': 'Resource Graph resources (flowLogs) 2024-04-01',
  'name-resolution': 'Resource Graph resources 2024-04-01; Microsoft.Network/dnsResolverPolicies 2025-05-01',
}

/** One read of one source about one subject, as it is stored. */
export interface Fact<S extends FactSource = FactSource> {
  subject: ResourceKey
  source: S
  /** Null for facts that belong to no subscription. */
  subscriptionId: string | null
  read: Collected<FactValues[S]>
  /** ISO 8601, UTC. */
  readAt: string
}

/** The key under which facts and findings of a tenant itself are kept. */
export function tenantSubject(tenantId: string): ResourceKey {
  return `/tenants/${tenantId.toLowerCase()}` as ResourceKey
}

/** What was read of one source; undefined where it was not, or the fact is of another source. */
export function factValue<S extends FactSource>(fact: Fact, source: S): FactValues[S] | undefined {
  // A fact found under its source has that source's value: TypeScript cannot follow the field.
  return fact.source === source && fact.read.ok ? (fact.read.value as FactValues[S]) : undefined
}
