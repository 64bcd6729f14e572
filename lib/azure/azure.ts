import type { TokenCredential } from '@azure/core-auth'
import type { Alerting, DefenderPlan, SecurityContact } from '../domain/alerting'
import type { Collected, ReadFailure } from '../domain/collected'
import type {
  AuditArrival,
  CollectionRule,
  DatabaseParameter,
  DataExport,
  DiagnosticSetting,
  EventHubNamespace,
  LifecycleRule,
  LogCategoryList,
  LogContainer,
  MachineArrival,
  ManagementGroup,
  Resource,
  SqlAuditing,
  Subscription,
  WorkspaceQueries,
  WorkspaceTable,
} from '../domain/estate'
import type { DnsHost, DnsPolicy, FlowLog } from '../domain/network'
import type { RequestCounts } from '../domain/scan'
import type { SharedBuckets } from '../domain/shared-buckets'
import type { NewIncident, SentinelConnector, SentinelOnboarding, SentinelRule } from '../domain/sentinel'
import { readActivityLog, type ActivityEvent } from './activity-log'
import { readAlerting } from './alerting'
import { readDefenderAlerts, type DefenderAlertRow } from './defender-alerts'
import { readDataExports } from './data-exports'
import { readDatabaseParameters } from './database-parameters'
import { readDefenderPlans } from './defender-plans'
import { readCollectionRules, readRuleAssociations, type MachineAssociation } from './collection-rules'
import { readDiagnosticSettings, readEntraDiagnosticSettings } from './diagnostic-settings'
import { readDnsPolicies, readDnsPolicyLinks, readDnsPolicyRegions } from './dns-policies'
import { readEndpointProtection, type EndpointProtectionRow } from './endpoint-protection'
import { readGraphSight, type GraphSight } from './graph-sight'
import type { GraphTable } from './graph-table'
import { readGuestAssignments, type MachineAssignment } from './guest-assignments'
import { countKinds, countResources, readInventory, type InventoryOptions, type InventoryPage, type KindCount } from './inventory'
import { readLogCategories } from './log-categories'
import { readAuditArrivals, readMachineArrivals, readWorkspaceQueries } from './log-queries'
import { readManagementGroupChains, type ManagementGroupChain } from './management-group-chains'
import { readEventHubNamespace } from './event-hubs'
import { readLogContainers } from './log-containers'
import { getManagementGroup, listManagementGroups, listSubscriptionsUnder } from './management-groups'
import { readResolutionRows, type ResolutionRow } from './name-resolution'
import { readDnsHosts, readFlowLogs, readNetworks, readOwnServers, type NetworkRow, type OwnServersRow } from './networks'
import { readPermissions, type GrantedActions } from './permissions'
import { readPolicyExemptions, type PolicyExemptionsRead } from './policy-exemptions'
import { readSecurityContacts } from './security-contacts'
import { readNewIncidents, readSentinelConnectors, readSentinelOnboarding, readSentinelRules } from './sentinel'
import { readSqlAuditing } from './sql-auditing'
import { readStorageLifecycle } from './storage-lifecycle'
import { getSubscription, listSubscriptions } from './subscriptions'
import { readWorkspaceTables } from './workspace-tables'
import { systemClock, type Clock } from './wire/clock'
import { defaultLimits, limitsOfClouds, type Limits } from './wire/limits'
import { Wire } from './wire/wire'

export interface AzureOptions {
  /** ARM base URL. HTTPS, or plain HTTP on loopback. */
  endpoint: string
  /** Scope of an ARM token, for example `cloudEndpoints(…).armScope`. */
  scope: string
  credential: TokenCredential
  tenantId: string
  cloud: string
  /** The query API of Log Analytics. Absent: queries cannot be read. */
  logAnalytics?: { endpoint: string; scope: string }
  limits?: Partial<Limits>
  /** Aborting stops waiting and running reads at once; they reject with the signal's reason. */
  signal?: AbortSignal
  clock?: Clock
  /** Limits that other processes of the same principal share; absent: this one has them for itself. */
  sharedBuckets?: SharedBuckets
}

/**
 * Azure as the scanner reads it. A refused or unanswered read is a value. Reads reject only when the signal aborts, when the
 * identity itself cannot sign in (KeypointError) and for bugs.
 */
export interface Azure {
  tenantId: string
  cloud: string
  /** Live counts of the requests sent so far. */
  counts: RequestCounts
  /** What time it is by Azure's own clock, to the second; null: it has not answered yet. */
  time(): Date | null
  listSubscriptions(): Promise<Collected<Subscription[]>>
  /** Tells a deleted subscription (`gone`, or state `Deleted`) from one that is out of sight (`permission-denied`). */
  getSubscription(subscriptionId: string): Promise<Collected<Subscription>>
  /** Groups that the identity can read; `parentId` is null at the root and where the root cannot be read. */
  listManagementGroups(): Promise<Collected<ManagementGroup[]>>
  /** Tells a deleted group (`gone`) from one that is out of sight (`permission-denied`). By its name; without its parent. */
  getManagementGroup(name: string): Promise<Collected<ManagementGroup>>
  /** Ids of all subscriptions below a management group (its name, or its ARM id), at every level. */
  listSubscriptionsUnder(managementGroup: string): Promise<Collected<string[]>>
  /** The management groups above each subscription: one query for all. */
  readManagementGroupChains(subscriptionIds: readonly string[]): Promise<GraphTable<ManagementGroupChain>>
  /** Which subscriptions Resource Graph shows: asked of them, not of what is in them. */
  readGraphSight(subscriptionIds: readonly string[]): Promise<GraphSight>
  /** How many resources (of some types) each subscription (lower-case id) has, to plan by; empty where Resource Graph does not tell. */
  countResources(subscriptionIds: readonly string[], types?: readonly string[]): Promise<Map<string, number>>
  /** The same of all types, and beside it how many there are of some kinds, each of which is a name and its types: one query for all. */
  countKinds<K extends string>(subscriptionIds: readonly string[], kinds: Readonly<Record<K, readonly string[]>>): Promise<Map<string, KindCount<K>>>
  /** Every resource once, in pages; a `listed` page tells which subscriptions are complete by now, and which could not be read. */
  readInventory(subscriptionIds: readonly string[], options?: InventoryOptions): AsyncGenerator<InventoryPage>
  /** Of a resource, subscription or management group. */
  readDiagnosticSettings(scopeId: string): Promise<Collected<DiagnosticSetting[]>>
  readEntraDiagnosticSettings(): Promise<Collected<DiagnosticSetting[]>>
  readLogCategories(resource: Pick<Resource, 'id' | 'type' | 'location' | 'kind'>): Promise<Collected<LogCategoryList>>
  /** Of a SQL server or database, or a Synapse workspace or dedicated pool. */
  readSqlAuditing(id: string): Promise<Collected<SqlAuditing>>
  /** Of a PostgreSQL or MySQL flexible server: those that decide whether it writes an audit. */
  readDatabaseParameters(server: { id: string; type: string }): Promise<Collected<DatabaseParameter[]>>
  readWorkspaceTables(workspaceId: string): Promise<Collected<WorkspaceTable[]>>
  /** What a workspace copies elsewhere. */
  readDataExports(workspaceId: string): Promise<Collected<DataExport[]>>
  /** Of a workspace by its customer id. */
  readWorkspaceQueries(customerId: string): Promise<Collected<WorkspaceQueries>>
  /** What arrived of machines in a workspace, by its customer id. */
  readMachineArrivals(customerId: string): Promise<Collected<MachineArrival[]>>
  /** The last audit events of managed instances in a workspace, by its customer id. */
  readAuditArrivals(customerId: string): Promise<Collected<AuditArrival[]>>
  readSentinelOnboarding(workspaceId: string): Promise<Collected<SentinelOnboarding>>
  /** Of a workspace that Sentinel is onboarded to; so are its connectors and its incidents. */
  readSentinelRules(workspaceId: string): Promise<Collected<SentinelRule[]>>
  readSentinelConnectors(workspaceId: string): Promise<Collected<SentinelConnector[]>>
  readNewIncidents(workspaceId: string): Promise<Collected<NewIncident[]>>
  /** An empty list: the account has no lifecycle policy and keeps blobs for ever. */
  readStorageLifecycle(accountId: string): Promise<Collected<LifecycleRule[]>>
  /** The containers of an account that logs are written to. */
  readLogContainers(accountId: string): Promise<Collected<LogContainer[]>>
  readEventHubNamespace(namespaceId: string): Promise<Collected<EventHubNamespace>>
  /** An empty list: the subscription never registered with Defender for Cloud, so every plan is off. */
  readDefenderPlans(subscriptionId: string): Promise<Collected<DefenderPlan[]>>
  /** The wanted operations (lower case) that succeeded between two times; the log goes 90 days back. */
  readActivityLog(subscriptionId: string, from: string, to: string, wanted: (operation: string) => boolean): Promise<Collected<ActivityEvent[]>>
  readSecurityContacts(subscriptionId: string): Promise<Collected<SecurityContact[]>>
  /** Alert rules, action groups, processing rules and exports of alerts of all these subscriptions together. */
  readAlerting(subscriptionIds: readonly string[]): Promise<Collected<Alerting>>
  /** Which data collection rules serve the machines of the subscriptions: one query for all. */
  readRuleAssociations(subscriptionIds: readonly string[]): Promise<GraphTable<MachineAssociation>>
  readCollectionRules(subscriptionIds: readonly string[]): Promise<GraphTable<CollectionRule>>
  /** What guest configuration found on the machines of the subscriptions. */
  readGuestAssignments(subscriptionIds: readonly string[]): Promise<GraphTable<MachineAssignment>>
  readEndpointProtection(subscriptionIds: readonly string[]): Promise<GraphTable<EndpointProtectionRow>>
  /** Open alerts of Defender for Cloud. */
  readDefenderAlerts(subscriptionIds: readonly string[]): Promise<GraphTable<DefenderAlertRow>>
  /** Exemptions of Azure Policy on the subscriptions, below them and above them, with the definitions that they are from. */
  readPolicyExemptions(subscriptionIds: readonly string[]): Promise<PolicyExemptionsRead>
  readNetworks(subscriptionIds: readonly string[]): Promise<GraphTable<NetworkRow>>
  /** Network interfaces with DNS servers of their own. */
  readOwnServers(subscriptionIds: readonly string[]): Promise<GraphTable<OwnServersRow>>
  /** Network interfaces that have one of these addresses, as far as they are wanted. */
  readDnsHosts(subscriptionIds: readonly string[], addresses: readonly string[], wanted: (host: DnsHost) => boolean): Promise<GraphTable<DnsHost>>
  readFlowLogs(subscriptionIds: readonly string[]): Promise<GraphTable<FlowLog>>
  /** What answers DNS queries and what logs them. */
  readResolutionRows(subscriptionIds: readonly string[]): Promise<GraphTable<ResolutionRow>>
  /** DNS security policies of a subscription, for tenants where Resource Graph lists none. Without their links. */
  readDnsPolicies(subscriptionId: string): Promise<Collected<DnsPolicy[]>>
  readDnsPolicyLinks(policyId: string): Promise<Collected<NonNullable<DnsPolicy['links']>>>
  /** Regions (`westeurope`) where the cloud offers DNS security policies, as this subscription sees it; none: it does not know them. */
  readDnsPolicyRegions(subscriptionId: string): Promise<Collected<string[]>>
  /** What the identity may do at a scope, by its role assignments there and above. */
  readPermissions(scopeId: string): Promise<Collected<GrantedActions[]>>
  /** True while one more read would have to wait for a connection. */
  isBusy(): boolean
  /** Ends all connections. Reads that are not answered yet, and any later one, throw. */
  close(): void
}

/** Everything that Keypoint reads of one cloud, within its limits. Nothing is asked, and no token, before the first read; what is refused comes as a value. */
export function createAzure(options: AzureOptions): Azure {
  const counts: RequestCounts = { total: 0, throttled: 0, retried: 0 }
  const { endpoint, scope, credential, tenantId, cloud, signal, clock = systemClock, sharedBuckets } = options
  const limits = { ...defaultLimits, ...limitsOfClouds[cloud], ...options.limits }
  const wire = new Wire({ endpoint, scope, credential, limits, clock, counts, isNeeded: true, signal, sharedBuckets })
  // Made when it is first asked: most scans never do.
  let logs: Wire | undefined
  const withLogs = async <T>(read: (logs: Wire) => Promise<Collected<T>>): Promise<Collected<T>> => {
    if (options.logAnalytics === undefined) return noLogAnalytics
    logs ??= new Wire({ ...options.logAnalytics, credential, limits, clock, counts, signal, sharedBuckets })
    return await read(logs)
  }
  return {
    tenantId,
    cloud,
    counts,
    listSubscriptions: () => listSubscriptions(wire),
    getSubscription: (subscriptionId) => getSubscription(wire, subscriptionId),
    listManagementGroups: () => listManagementGroups(wire, tenantId),
    getManagementGroup: (name) => getManagementGroup(wire, name),
    listSubscriptionsUnder: (managementGroup) => listSubscriptionsUnder(wire, managementGroup),
    readManagementGroupChains: (subscriptionIds) => readManagementGroupChains(wire, subscriptionIds),
    readGraphSight: (subscriptionIds) => readGraphSight(wire, subscriptionIds),
    countResources: (subscriptionIds, types) => countResources(wire, subscriptionIds, types),
    countKinds: (subscriptionIds, kinds) => countKinds(wire, subscriptionIds, kinds),
    readInventory: (subscriptionIds, inventoryOptions) => readInventory(wire, subscriptionIds, inventoryOptions),
    readDiagnosticSettings: (scopeId) => readDiagnosticSettings(wire, scopeId),
    readEntraDiagnosticSettings: () => readEntraDiagnosticSettings(wire, cloud),
    readLogCategories: (resource) => readLogCategories(wire, resource),
    readSqlAuditing: (id) => readSqlAuditing(wire, id),
    readDatabaseParameters: (server) => readDatabaseParameters(wire, server),
    readWorkspaceTables: (workspaceId) => readWorkspaceTables(wire, workspaceId),
    readDataExports: (workspaceId) => readDataExports(wire, workspaceId),
    readWorkspaceQueries: (customerId) => withLogs((wireOfLogs) => readWorkspaceQueries(wireOfLogs, customerId)),
    readMachineArrivals: (customerId) => withLogs((wireOfLogs) => readMachineArrivals(wireOfLogs, customerId)),
    readAuditArrivals: (customerId) => withLogs((wireOfLogs) => readAuditArrivals(wireOfLogs, customerId)),
    readSentinelOnboarding: (workspaceId) => readSentinelOnboarding(wire, workspaceId),
    readSentinelRules: (workspaceId) => readSentinelRules(wire, workspaceId),
    readSentinelConnectors: (workspaceId) => readSentinelConnectors(wire, workspaceId),
    readNewIncidents: (workspaceId) => readNewIncidents(wire, workspaceId),
    readStorageLifecycle: (accountId) => readStorageLifecycle(wire, accountId),
    readLogContainers: (accountId) => readLogContainers(wire, accountId),
    readEventHubNamespace: (namespaceId) => readEventHubNamespace(wire, namespaceId),
    readDefenderPlans: (subscriptionId) => readDefenderPlans(wire, subscriptionId),
    readActivityLog: (subscriptionId, from, to, wanted) => readActivityLog(wire, subscriptionId, from, to, wanted),
    readSecurityContacts: (subscriptionId) => readSecurityContacts(wire, subscriptionId),
    readAlerting: (subscriptionIds) => readAlerting(wire, subscriptionIds),
    readRuleAssociations: (subscriptionIds) => readRuleAssociations(wire, subscriptionIds),
    readCollectionRules: (subscriptionIds) => readCollectionRules(wire, subscriptionIds),
    readGuestAssignments: (subscriptionIds) => readGuestAssignments(wire, subscriptionIds),
    readEndpointProtection: (subscriptionIds) => readEndpointProtection(wire, subscriptionIds),
    readDefenderAlerts: (subscriptionIds) => readDefenderAlerts(wire, subscriptionIds),
    readPolicyExemptions: (subscriptionIds) => readPolicyExemptions(wire, subscriptionIds),
    readNetworks: (subscriptionIds) => readNetworks(wire, subscriptionIds),
    readOwnServers: (subscriptionIds) => readOwnServers(wire, subscriptionIds),
    readDnsHosts: (subscriptionIds, addresses, wanted) => readDnsHosts(wire, subscriptionIds, addresses, wanted),
    readFlowLogs: (subscriptionIds) => readFlowLogs(wire, subscriptionIds),
    readResolutionRows: (subscriptionIds) => readResolutionRows(wire, subscriptionIds),
    readDnsPolicies: (subscriptionId) => readDnsPolicies(wire, subscriptionId),
    readDnsPolicyLinks: (policyId) => readDnsPolicyLinks(wire, policyId),
    readDnsPolicyRegions: (subscriptionId) => readDnsPolicyRegions(wire, subscriptionId),
    readPermissions: (scopeId) => readPermissions(wire, scopeId),
    time: () => wire.time(),
    isBusy: () => wire.isBusy(),
    close: () => {
      wire.close()
      logs?.close()
    },
  }
}

const noLogAnalytics: ReadFailure = { ok: false, reason: 'unsupported', detail: 'No query endpoint of Log Analytics is configured.', status: null, code: null, action: null }
