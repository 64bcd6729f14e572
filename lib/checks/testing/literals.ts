import { resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import { collected, type Collected } from '@/lib/domain/collected'
import type { DiagnosticSetting, EventHubNamespace, LogCategoryList, LogEntry, Resource, SqlAuditing, Workspace, WorkspaceTable } from '@/lib/domain/estate'

/** What literal estates of tests are made of: ids, resources and reads. */

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

/** A namespace of event hubs that lets everybody in. */
export const openNamespace: EventHubNamespace = { firewall: { denies: false, trustsServices: false, publicNetworkAccess: 'Enabled', rules: 0 }, eventHubs: [], authorizationRules: ['rootmanagesharedaccesskey'] }
