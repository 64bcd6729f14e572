/** The estate as read: no judgement here. All ids keep the casing that Azure returned. */

export interface Subscription {
  subscriptionId: string
  displayName: string
  /** `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`. */
  state: string
  tenantId: string
}

export interface ManagementGroup {
  /** `/providers/Microsoft.Management/managementGroups/{name}` */
  id: string
  name: string
  displayName: string
  parentId: string | null
}

/** One resource of the inventory, or a sub-resource whose id was made from its parent (`blobServices/default`, `databases/master`). */
export interface Resource {
  id: string
  name: string
  /** Lower case, for example `microsoft.keyvault/vaults`. */
  type: string
  kind: string | null
  location: string
  resourceGroup: string
  subscriptionId: string
  skuName: string | null
  /** Empty: its group is named like that of a service, and was read and belongs to none. */
  managedBy: string | null
  tags: Record<string, string>
  /** The few properties that checks need (see lib/azure/inventory), as Azure returned them. */
  properties: Record<string, unknown>
  /** The parent's id for sub-resources that Resource Graph does not list; null otherwise. */
  derivedFrom: string | null
}

export interface LogEntry {
  category: string | null
  categoryGroup: string | null
  enabled: boolean
}

/** One diagnostic setting of a resource, subscription, management group or the tenant. Metrics are kept as a count only. */
export interface DiagnosticSetting {
  id: string
  name: string
  workspaceId: string | null
  storageAccountId: string | null
  eventHubAuthorizationRuleId: string | null
  eventHubName: string | null
  marketplacePartnerId: string | null
  /** `Dedicated`, `AzureDiagnostics` or null (the service's default). */
  logAnalyticsDestinationType: string | null
  logs: LogEntry[]
  /** How many metric entries are enabled: evidence for "metrics only". */
  metricsEnabled: number
}

export interface LogCategory {
  name: string
  /** The category groups that hold it, for example `audit` and `allLogs`; empty when Azure names none. */
  groups: string[]
}

/** Log categories of one type, region and kind, as the live API gave them (metrics left out). */
export interface LogCategoryList {
  resourceType: string
  location: string
  kind: string | null
  /** The resource that was asked. */
  askedOf: string
  categories: LogCategory[]
}

export interface Workspace {
  id: string
  name: string
  location: string
  subscriptionId: string
  customerId: string | null
  provisioningState: string
  retentionInDays: number | null
  /** -1 or null: no cap. */
  dailyQuotaGb: number | null
  dataIngestionStatus: string | null
  immediatePurgeDataOn30Days: boolean
  /** The data collection rule that transforms what comes into its tables by no other such rule; null: none. */
  defaultRuleId: string | null
}

export interface WorkspaceTable {
  name: string
  plan: string
  retentionInDays: number | null
  totalRetentionInDays: number | null
  /** True: the table follows the workspace's figure. */
  retentionInDaysAsDefault: boolean | null
  totalRetentionInDaysAsDefault: boolean | null
}

/** Queries by people on a workspace in 30 days, as its own table of queries has them. */
export interface WorkspaceQueries {
  queries: number
  people: number
  /** The day of the last one, `2026-08-01`; null: none. */
  lastOn: string | null
}

/** What arrived of one machine in a workspace. */
export interface MachineArrival {
  /** The machine's id in lower case; of an instance of a uniform scale set its own. */
  machine: string
  /** True: its agent was heard in the last day. */
  heartbeat: boolean
  /** True: some security event or syslog of the last seven days is there. */
  events: boolean
}

/** The last audit event of one category that a resource sent to a workspace. */
export interface AuditArrival {
  /** The resource's id in lower case. */
  resource: string
  category: string
  /** The day of it, `2026-08-01`. */
  lastOn: string
}

export interface LifecycleRule {
  name: string
  enabled: boolean
  blobTypes: string[]
  prefixMatch: string[]
  /** Blob index tags that it asks of a blob, by name; absent when it asks for none. */
  tags?: string[]
  /** Days after which base blobs are deleted, by basis; null when the rule deletes nothing on that basis. */
  deleteAfterModificationDays: number | null
  deleteAfterCreationDays: number | null
  deleteAfterLastAccessDays: number | null
}

/** A container that Azure writes logs to, and what keeps its blobs from being changed. */
export interface LogContainer {
  name: string
  /** Null: no policy. */
  immutability: ImmutabilityPolicy | null
}

export interface ImmutabilityPolicy {
  /** `Locked` or `Unlocked`, which anyone with rights on the account can take off. */
  state: string
  days: number | null
  /** Logs are appended to for an hour: a policy that forbids it stops the logging. */
  allowsAppends: boolean
}

/** What of a namespace of event hubs decides whether logs can be sent to it. */
export interface EventHubNamespace {
  firewall: {
    /** True: only who is named is let in, where somebody is. */
    denies: boolean
    /** True: trusted services of Azure are let in all the same. */
    trustsServices: boolean
    /** `Enabled`, `Disabled` or `SecuredByPerimeter`; null: Azure did not say. */
    publicNetworkAccess: string | null
    /** Networks and addresses that are named. */
    rules: number
  }
  /** Names in lower case. */
  eventHubs: string[]
  /** Names in lower case. */
  authorizationRules: string[]
}

/** A rule that copies what comes into tables of a workspace to a storage account or an event hub, from its making on. */
export interface DataExport {
  name: string
  enabled: boolean
  tables: string[]
  /** Of a storage account, or of an event hub or its namespace. */
  destinationId: string
}

/** Auditing settings of a SQL server or database (`auditingSettings/default`, with `extendedAuditingSettings` where read). */
export interface SqlAuditing {
  state: 'Enabled' | 'Disabled'
  isAzureMonitorTargetEnabled: boolean
  isDevopsAuditEnabled: boolean
  /** 0 keeps for ever. */
  retentionDays: number
  auditActionsAndGroups: string[]
  storageEndpoint: string | null
  /** Lower case; null where Azure does not say. */
  storageSubscriptionId: string | null
  predicateExpression: string | null
}

/** A parameter of a PostgreSQL or MySQL server. */
export interface DatabaseParameter {
  /** Lower case. */
  name: string
  value: string
}

/** What ties a machine to a data collection rule. The one named `configurationAccessEndpoint` carries an endpoint and no rule. */
export interface RuleAssociation {
  name: string
  ruleId: string | null
  endpointId: string | null
}

/** The parts of a data collection rule that tell which events of an operating system go where. */
export interface CollectionRule {
  id: string
  name: string
  /** `Windows`, `Linux` or null, which serves both. */
  kind: string | null
  windowsEvents: { streams: string[]; xPathQueries: string[] }[]
  syslog: { streams: string[]; facilities: string[]; levels: string[] }[]
  /** Text files, for example `/var/log/audit/audit.log`. */
  logFiles: { streams: string[]; filePatterns: string[] }[]
  /** Log Analytics destinations; flows call them by name. */
  workspaces: { name: string; workspaceId: string }[]
  /** `outputStream` names another table than the streams' own: `Custom-SecSyslog_CL`. */
  flows: { streams: string[]; destinations: string[]; transformKql: string | null; outputStream?: string }[]
}

/** One rule of a guest configuration's latest report. */
export interface GuestRule {
  id: string
  /** `Compliant`, `NonCompliant` or `Pending`. */
  status: string
  /** Phrases and codes of what was found. */
  words: string[]
}

/** A guest configuration that audits a machine from within. */
export interface GuestAssignment {
  name: string
  configuration: string | null
  /** `Compliant`, `NonCompliant` or `Pending`. */
  status: string
  /** The day of the last result, `2026-08-01`; null: none yet. */
  checkedOn: string | null
  /** The rules that some check asks for, out of `rulesReported`. */
  rules: GuestRule[]
  rulesReported: number
}

/** What Defender for Cloud says of a machine's endpoint protection. */
export interface EndpointProtection {
  /** Whether the plan for servers is on for the machine: its own where it has one, else its subscription's. */
  serversPlan: boolean
  /** Recommendations on protection of endpoints; `Healthy`, `Unhealthy` or `NotApplicable`. */
  recommendations: { name: string; status: string }[]
}
