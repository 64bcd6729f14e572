import { loadCatalog } from '@/lib/catalog'
import { parentOf, resourceGroupOf, subscriptionIdOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationUse } from '@/lib/domain/check'
import { collected, type Collected, type ReadFailure } from '@/lib/domain/collected'
import type { DiagnosticSetting, EventHubNamespace, LogCategoryList, LogEntry, ManagementGroup, Resource, SqlAuditing, Subscription, Workspace, WorkspaceTable } from '@/lib/domain/estate'
import type { FactSource, FactValues } from '@/lib/domain/fact'
import { defaultPolicy, type CentralWorkspaces, type Policy } from '@/lib/domain/policy'

/** Literal estates for tests of checks: pure data, nothing that answers on its own. */

export const tenantId = '11111111-1111-4111-8111-111111111111'
export const home = '22222222-2222-4222-8222-222222222222'
/** A subscription whose inventory is not readable. */
export const unseen = '99999999-9999-4999-8999-999999999999'
export const subscriptionId = `/subscriptions/${home}`
export const tenantSubjectId = `/tenants/${tenantId}`

/** `idOf('Microsoft.KeyVault/vaults', 'kv')`; names of children are joined by `/`. */
export function idOf(type: string, name: string, subscription = home, group = 'rg-app'): string {
  const [namespace, ...types] = type.split('/')
  const names = name.split('/')
  const path = types.map((segment, index) => `${segment}/${names[index] ?? ''}`).join('/')
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${namespace}/${path}`
}

export const workspaceId = (name: string, subscription = home): string => idOf('Microsoft.OperationalInsights/workspaces', name, subscription, 'rg-logs')
export const storageId = (name: string, subscription = home): string => idOf('Microsoft.Storage/storageAccounts', name, subscription, 'rg-logs')
export const hubId = (name: string, subscription = home): string => idOf('Microsoft.EventHub/namespaces', name, subscription, 'rg-logs')
const ruleId = (namespace: string): string => `${namespace}/authorizationRules/RootManageSharedAccessKey`

export function resourceOf(type: string, name: string, over: Partial<Resource> = {}): Resource {
  const id = over.id ?? idOf(type, name)
  return {
    id,
    name: name.split('/').at(-1) ?? name,
    type: type.toLowerCase(),
    kind: null,
    location: 'westeurope',
    resourceGroup: resourceGroupOf(id) ?? 'rg-app',
    subscriptionId: subscriptionIdOf(id) ?? home,
    skuName: null,
    managedBy: null,
    tags: {},
    properties: {},
    derivedFrom: null,
    ...over,
  }
}

/** `AuditEvent` is on, `-AuditEvent` is off, `group:audit` is a group. */
function entryOf(text: string): LogEntry {
  const enabled = !text.startsWith('-')
  const name = enabled ? text : text.slice(1)
  return name.startsWith('group:') ? { category: null, categoryGroup: name.slice('group:'.length), enabled } : { category: name, categoryGroup: null, enabled }
}

export interface SettingLiteral {
  name?: string
  logs?: readonly string[]
  metrics?: number
  workspace?: string
  storage?: string
  /** A namespace: its rule is made. */
  hub?: string
  /** The hub in it; absent: one for each category. */
  hubName?: string
  partner?: string
  tables?: 'Dedicated' | 'AzureDiagnostics'
}

export function settingOf({ name = 'to-law', logs = [], metrics = 0, workspace, storage, hub, hubName, partner, tables }: SettingLiteral): DiagnosticSetting {
  return {
    id: `/settings/${name}`,
    name,
    workspaceId: workspace ?? null,
    storageAccountId: storage ?? null,
    eventHubAuthorizationRuleId: hub === undefined ? null : ruleId(hub),
    eventHubName: hubName ?? null,
    marketplacePartnerId: partner ?? null,
    logAnalyticsDestinationType: tables ?? null,
    logs: logs.map(entryOf),
    metricsEnabled: metrics,
  }
}

export function workspaceOf(name: string, over: Partial<Workspace> = {}): Workspace {
  return {
    id: workspaceId(name),
    name,
    location: 'westeurope',
    subscriptionId: home,
    customerId: null,
    provisioningState: 'Succeeded',
    retentionInDays: 90,
    dailyQuotaGb: -1,
    dataIngestionStatus: 'RespectQuota',
    immediatePurgeDataOn30Days: false,
    defaultRuleId: null,
    ...over,
  }
}

export function tableOf(name: string, interactive: number | null, total: number | null, over: Partial<WorkspaceTable> = {}): WorkspaceTable {
  return { name, plan: 'Analytics', retentionInDays: interactive, totalRetentionInDays: total, retentionInDaysAsDefault: false, totalRetentionInDaysAsDefault: false, ...over }
}

export function auditingOf(over: Partial<SqlAuditing> = {}): SqlAuditing {
  return {
    state: 'Enabled',
    isAzureMonitorTargetEnabled: true,
    isDevopsAuditEnabled: false,
    retentionDays: 0,
    auditActionsAndGroups: ['SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP', 'FAILED_DATABASE_AUTHENTICATION_GROUP', 'BATCH_COMPLETED_GROUP'],
    storageEndpoint: null,
    storageSubscriptionId: null,
    predicateExpression: null,
    ...over,
  }
}

/** Live categories as `{ AuditEvent: ['audit', 'allLogs'] }`. */
export function liveOf(type: string, categories: Record<string, readonly string[]>): Collected<LogCategoryList> {
  const list = Object.entries(categories).map(([name, groups]) => ({ name, groups: [...groups] }))
  return collected({ resourceType: type, location: 'westeurope', kind: null, askedOf: 'x', categories: list })
}

export const refused: Collected<never> = {
  ok: false,
  reason: 'permission-denied',
  detail: 'The client has no right to read it.',
  status: 403,
  code: 'AuthorizationFailed',
  action: 'Microsoft.Insights/diagnosticSettings/read',
}
/** Refused for want of an action. */
export function refusing(action: string): Collected<never> {
  return { ok: false, reason: 'permission-denied', detail: 'The client has no right to read it.', status: 403, code: 'AuthorizationFailed', action }
}
export const throttled: Collected<never> = { ok: false, reason: 'throttled', detail: 'Too many requests.', status: 429, code: 'TooManyRequests', action: null }
export const broken: Collected<never> = { ok: false, reason: 'api-error', detail: 'The service failed.', status: 500, code: 'InternalServerError', action: null }
export const gone: Collected<never> = { ok: false, reason: 'gone', detail: 'Not found.', status: 404, code: 'ResourceNotFound', action: null }
export const notSupported: Collected<never> = { ok: false, reason: 'not-supported', detail: 'The type is not supported.', status: 400, code: 'ResourceTypeNotSupported', action: null }

type FactsOf<S extends FactSource> = Record<string, Collected<FactValues[S]> | FactValues[S]>

export interface EstateLiteral {
  cloud?: string
  scannedAt?: string
  /** Null: the tenant's part. */
  subscription?: Partial<Subscription> | null
  managementGroups?: ManagementGroup[]
  /** Names of the groups above the subscription. */
  groupNames?: string[]
  resources?: Resource[]
  /** Diagnostic settings by subject id; an array was read, anything else is the outcome of the read. */
  settings?: FactsOf<'diagnostic-settings'>
  sql?: FactsOf<'sql-auditing'>
  parameters?: FactsOf<'database-parameters'>
  tables?: FactsOf<'workspace-tables'>
  exports?: FactsOf<'data-exports'>
  lost?: ReadFailure
  queries?: FactsOf<'workspace-queries'>
  /** By workspace. */
  arrivals?: FactsOf<'machine-arrivals'>
  /** By workspace. */
  auditArrivals?: FactsOf<'audit-arrivals'>
  sentinel?: FactsOf<'sentinel-onboarding'>
  sentinelRules?: FactsOf<'sentinel-rules'>
  connectors?: FactsOf<'sentinel-connectors'>
  incidents?: FactsOf<'sentinel-incidents'>
  lifecycle?: FactsOf<'storage-lifecycle'>
  /** By storage account. */
  containers?: FactsOf<'log-containers'>
  plans?: FactsOf<'defender-plans'>
  contacts?: FactsOf<'security-contacts'>
  alerts?: FactsOf<'defender-alerts'>
  alerting?: FactsOf<'alerting'>
  /** By machine. */
  associations?: FactsOf<'rule-associations'>
  /** By data collection rule. */
  rules?: FactsOf<'collection-rule'>
  guest?: FactsOf<'guest-assignments'>
  protection?: FactsOf<'endpoint-protection'>
  networks?: FactsOf<'virtual-network'>
  /** By virtual network. */
  flowLogs?: FactsOf<'flow-logs'>
  /** By flow log. */
  flowLog?: FactsOf<'flow-log'>
  /** By the tenant's subject. */
  resolution?: FactsOf<'name-resolution'>
  /** Subscriptions in sight beside this one. */
  alsoSeen?: readonly string[]
  /** The subscription's inventory could not be read. */
  outOfSight?: boolean
  /** By type. */
  live?: Record<string, Collected<LogCategoryList>>
  workspaces?: Workspace[]
  /** Ids of storage accounts, namespaces and partner resources. */
  exists?: string[]
  /** Of those, storage accounts that keep the services of Azure out. */
  closed?: string[]
  /** What those let in all the same, by account. */
  exceptions?: Record<string, string[]>
  /** Of those, storage accounts that are shut to public networks, and open by their rules. */
  shut?: string[]
  /** Ids of resources that the firewall of a storage account names, by its id. */
  admitted?: Record<string, string[]>
  central?: CentralWorkspaces
  use?: Record<string, DestinationUse>
  policy?: Partial<Policy>
  /** By namespace; those that exist are open, and have the rule that Azure makes, unless told otherwise. */
  hubs?: FactsOf<'event-hub-namespace'>
}

function isRead<T>(value: unknown): value is Collected<T> {
  return typeof value === 'object' && value !== null && 'ok' in value
}

/** A namespace of event hubs that lets everybody in. */
export const openNamespace: EventHubNamespace = { firewall: { denies: false, trustsServices: false, publicNetworkAccess: 'Enabled', rules: 0 }, eventHubs: [], authorizationRules: ['rootmanagesharedaccesskey'] }

function byKey<T>(facts: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(facts).map(([id, value]) => [toResourceKey(id), value]))
}

function factIndex(literal: EstateLiteral): Map<string, unknown> {
  const index = new Map<string, unknown>()
  const add = (source: FactSource, facts: Record<string, unknown> | undefined): void => {
    for (const [subject, value] of Object.entries(facts ?? {})) index.set(`${source} ${toResourceKey(subject)}`, isRead(value) ? value : collected(value))
  }
  add('diagnostic-settings', literal.settings)
  add('sql-auditing', literal.sql)
  add('database-parameters', literal.parameters)
  add('workspace-tables', literal.tables)
  add('data-exports', literal.exports)
  add('workspace-queries', literal.queries)
  add('machine-arrivals', literal.arrivals)
  add('audit-arrivals', literal.auditArrivals)
  add('sentinel-onboarding', literal.sentinel)
  add('sentinel-rules', literal.sentinelRules)
  add('sentinel-connectors', literal.connectors)
  add('sentinel-incidents', literal.incidents)
  add('storage-lifecycle', literal.lifecycle)
  add('log-containers', literal.containers)
  add('event-hub-namespace', { ...Object.fromEntries((literal.exists ?? []).filter((id) => /\/microsoft\.eventhub\//i.test(id)).map((id) => [toResourceKey(id), openNamespace])), ...byKey(literal.hubs ?? {}) })
  add('defender-plans', literal.plans)
  add('security-contacts', literal.contacts)
  add('defender-alerts', literal.alerts)
  add('alerting', literal.alerting)
  add('rule-associations', literal.associations)
  add('collection-rule', literal.rules)
  add('guest-assignments', literal.guest)
  add('endpoint-protection', literal.protection)
  add('virtual-network', literal.networks)
  add('flow-logs', literal.flowLogs)
  add('flow-log', literal.flowLog)
  add('name-resolution', literal.resolution)
  return index
}

/** The index is filled by source, so what stands under a source's key has that source's value. */
function isAmong(ids: readonly string[] | undefined, id: string): boolean {
  return ids?.some((one) => toResourceKey(one) === toResourceKey(id)) === true
}

function asRead<S extends FactSource>(value: unknown, _source: S): Collected<FactValues[S]> | undefined {
  return value as Collected<FactValues[S]> | undefined
}

/** A context over a literal estate. The workspace `central` exists and is central unless the literal says otherwise. */
export function contextOf(literal: EstateLiteral): CheckContext {
  const resources = literal.resources ?? []
  const workspaces = literal.workspaces ?? [workspaceOf('central')]
  const byKey = new Map(resources.map((resource) => [toResourceKey(resource.id), resource]))
  const workspacesByKey = new Map(workspaces.map((workspace) => [toResourceKey(workspace.id), workspace]))
  const existing = new Set((literal.exists ?? []).map(toResourceKey))
  const facts = factIndex(literal)
  const use = new Map(Object.entries(literal.use ?? {}).map(([id, value]) => [toResourceKey(id), value]))
  return {
    scannedAt: literal.scannedAt ?? '2026-08-01T00:00:00.000Z',
    policy: { ...defaultPolicy, ...literal.policy },
    catalog: loadCatalog(),
    estate: {
      tenantId,
      cloud: literal.cloud ?? 'AzureCloud',
      subscription: literal.subscription === null ? null : { subscriptionId: home, displayName: 'Home', state: 'Enabled', tenantId, ...literal.subscription },
      managementGroups: literal.managementGroups ?? [],
      managementGroupNames: literal.groupNames ?? [],
      resources,
      kinds: resources,
      judgesScopes: true,
      lost: literal.lost,
      childrenOf: (id) => resources.filter((resource) => toResourceKey(parentOf(resource.id) ?? '') === toResourceKey(id)),
      resource: (id) => byKey.get(toResourceKey(id)),
      fact: (subject, source) => asRead(facts.get(`${source} ${toResourceKey(subject)}`), source),
      liveCategories: (resource) => literal.live?.[resource.type],
      destinations: {
        workspace: (id) => workspacesByKey.get(toResourceKey(id)),
        exists: (id) => existing.has(toResourceKey(id)),
        exceptionsOf: (id) => literal.exceptions?.[id] ?? [],
        firewallOf: (id) => (isAmong(literal.closed, id) ? 'closed' : isAmong(literal.shut, id) ? 'unclear' : 'open'),
        admits: (id, resourceId) => isAmong(literal.admitted?.[id], resourceId),
        canSee: (subscription) => (subscription.toLowerCase() === home && literal.outOfSight !== true) || (literal.alsoSeen ?? []).includes(subscription.toLowerCase()),
        use: (id) => use.get(toResourceKey(id)),
        storageAccountNamed: (name) => (literal.exists ?? []).find((id) => /\/storageaccounts\/([^/]+)$/i.exec(id)?.[1]?.toLowerCase() === name.toLowerCase()),
        workspaceIds: workspaces.map(({ id }) => id),
        central: literal.central ?? { ids: [workspaceId('central')], basis: 'confirmed' },
      },
    },
  }
}
