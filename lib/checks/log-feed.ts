import { silentTiers, type SilentTiers } from '@/lib/catalog/judgement'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { memoByScan } from './context-memo'
import { destinationOf, type Destination } from './destination'
import type { EffectiveLogging } from './effective-logging'
import { connectedClusterType, unclearCluster } from './kubernetes'
import { isRequired, type RequiredSet } from './required-categories'
import { auditCategory, auditOfDatabase, hasSynapseAudit, isSqlDatabase, sqlDatabaseType, synapseAudit, synapsePool, synapseWorkspace, type AuditRoute } from './sql-audit'

/**
 * What decides beside a diagnostic setting whether the logs of a resource leave it: the audit of a SQL server, a tier that writes none, the log
 * destination of an environment of container apps, the extension of a cluster.
 */
export type LogFeed =
  | {
      state: 'known'
      /** What is sent in truth. */
      effective: EffectiveLogging
      required: RequiredSet
      /** Why nothing of what is required leaves the resource, as a sentence without its full stop; null: something may. */
      silent: string | null
      evidence: Evidence
    }
  | { state: 'unknown'; judgement: Extract<Judgement, { verdict: 'unknown' }> }

const environmentType = 'microsoft.app/managedenvironments'

const fedTypes = new Set([sqlDatabaseType, synapseWorkspace, synapsePool, ...Object.keys(silentTiers), environmentType, connectedClusterType])

/** True for a type of which some resource may have a feed. */
export function hasFeed(type: string): boolean {
  return fedTypes.has(type)
}

/** The feed of a resource; undefined for the types whose diagnostic setting is all. */
export function logFeedOf(resource: Resource, raw: EffectiveLogging, context: CheckContext): LogFeed | undefined {
  if (isSqlDatabase(resource)) return sqlFeed(resource, raw, context)
  if (hasSynapseAudit(resource)) return synapseFeed(resource, raw, context)
  if (silentTiers[resource.type] !== undefined) return tierFeed(resource, raw)
  if (resource.type === connectedClusterType) return clusterFeed(resource, raw)
  return resource.type === environmentType ? environmentFeed(resource, raw, context) : undefined
}

/** Only the flows of the audit itself carry its category, whatever else a setting switches on. */
function withAudit(raw: EffectiveLogging, route: Exclude<AuditRoute, { state: 'unknown' }>): EffectiveLogging {
  const key = auditCategory.toLowerCase()
  const categories = new Map(raw.categories)
  categories.delete(key)
  const table = raw.profile.byKey.get(key)?.table ?? null
  if (route.state === 'real') categories.set(key, { name: auditCategory, key, table, flows: route.flows })
  return { ...raw, categories, openGroups: [] }
}

const auditAlone: ReadonlySet<string> = new Set([auditCategory.toLowerCase()])

/** True where the settings would have to be read for more than what needs none, and were not. */
function lacksSettings({ categories, anyOf }: RequiredSet, { read }: EffectiveLogging, needsNone = auditAlone): boolean {
  return !read?.ok && [...categories, ...anyOf.flat()].some((name) => !needsNone.has(name.toLowerCase()))
}

function sqlFeed(database: Resource, raw: EffectiveLogging, context: CheckContext): LogFeed | undefined {
  const chosen = raw.profile.required
  const required: RequiredSet = chosen.decidedBy === 'policy' ? chosen : { decidedBy: 'sql-auditing', categories: [auditCategory], anyOf: [], why: null }
  if (lacksSettings(required, raw)) return undefined
  const route = auditOfDatabase(database, context)
  if (route.state === 'unknown') return route
  const silent = route.state === 'none' && isRequired(required, auditCategory.toLowerCase()) ? `No audit of this database goes anywhere: ${route.why}` : null
  return { state: 'known', effective: withAudit(raw, route), required, silent, evidence: { sqlAudit: route.evidence } }
}

/** Synapse writes SQLSecurityAuditEvents only where its audit is on; its other categories need none. */
function synapseFeed(resource: Resource, raw: EffectiveLogging, context: CheckContext): LogFeed | undefined {
  const { required } = raw.profile
  if (!isRequired(required, auditCategory.toLowerCase()) || lacksSettings(required, raw)) return undefined
  const route = synapseAudit(resource, context)
  if (route.state === 'unknown') return route
  const silent = route.state === 'none' ? `No audit of its SQL pools goes anywhere: ${route.why}` : null
  return { state: 'known', effective: withAudit(raw, route), required, silent, evidence: { sqlAudit: route.evidence } }
}

function nothingOf(raw: EffectiveLogging): EffectiveLogging {
  return { ...raw, categories: new Map(), openGroups: [] }
}

/** As Azure wrote it; null where it does not tell. */
function tierOf({ skuName, properties: { compute } }: Resource, from: SilentTiers['from']): string | null {
  if (from === 'sku') return skuName || null
  const tier = typeof compute === 'object' && compute !== null && 'tier' in compute ? compute.tier : null
  return typeof tier === 'string' && tier !== '' ? tier : null
}

function tierFeed(resource: Resource, raw: EffectiveLogging): LogFeed | undefined {
  const rule = silentTiers[resource.type]
  const tier = rule === undefined ? null : tierOf(resource, rule.from)
  if (rule === undefined || tier === null || !rule.tiers.includes(tier.toLowerCase())) return undefined
  const evidence = { tierWithoutLogs: tier, wants: rule.wants }
  const what = `The tier ${tier} writes no resource logs, whatever a setting says`
  if (rule.elsewhere !== null) return { state: 'unknown', judgement: { verdict: 'unknown', reasonCode: 'unsupported', reason: `${what}; ${rule.elsewhere}.`, evidence } }
  return { state: 'known', effective: nothingOf(raw), required: raw.profile.required, silent: `${what}: ${rule.wants ?? 'another tier'} would`, evidence }
}

function clusterFeed(cluster: Resource, raw: EffectiveLogging): LogFeed | undefined {
  const judgement = unclearCluster(cluster, raw)
  return judgement && { state: 'unknown', judgement }
}

const workspacesByCustomerId = memoByScan(({ estate: { destinations } }) =>
  new Map(destinations.workspaceIds.flatMap((id) => {
    const customerId = destinations.workspace(id)?.customerId
    return customerId ? [[customerId.toLowerCase(), id] as const] : []
  })))

/** A workspace that nothing in sight has may lie out of sight: its id names no subscription. */
function workspaceOfCustomer(customerId: string, context: CheckContext): Destination {
  const id = workspacesByCustomerId(context).get(customerId.toLowerCase())
  if (id !== undefined) return destinationOf(id, 'workspace', context)
  return { key: toResourceKey(customerId), id: `the workspace ${customerId}`, kind: 'workspace', state: 'unreadable', workspace: undefined }
}

/** What an environment sends to a workspace by itself; its HTTP logs leave by a diagnostic setting alone (https://learn.microsoft.com/azure/container-apps/logging). */
export const sentByItself: ReadonlySet<string> = new Set(['containerappconsolelogs', 'containerappsystemlogs', 'appenvspringappconsolelogs'])

function sentToWorkspace(raw: EffectiveLogging, destination: Destination): EffectiveLogging {
  const flow = { setting: 'appLogsConfiguration', dedicated: null, destination }
  const categories = new Map([...raw.categories].filter(([key]) => !sentByItself.has(key)))
  for (const { name, key } of raw.profile.offered) if (sentByItself.has(key)) categories.set(key, { name, key, table: `${name}_CL`, flows: [flow] })
  const isAll = raw.profile.offered.every(({ key }) => sentByItself.has(key))
  return { ...raw, categories, openGroups: isAll ? [] : raw.openGroups }
}

/** An environment sends its logs to a workspace by itself, to Azure Monitor, whose settings carry them on, or nowhere. */
function environmentFeed(resource: Resource, raw: EffectiveLogging, context: CheckContext): LogFeed | undefined {
  const logs = resource.properties.appLogsConfiguration
  if (typeof logs !== 'object' || logs === null) return undefined
  const read = (name: string): string => (name in logs ? String(Reflect.get(logs, name) ?? '') : '')
  const destination = read('destination').toLowerCase()
  const customerId = read('customerId')
  const { required } = raw.profile
  if (destination === 'log-analytics' && customerId !== '') {
    if (lacksSettings(required, raw, sentByItself)) return undefined
    const workspace = workspaceOfCustomer(customerId, context)
    return { state: 'known', effective: sentToWorkspace(raw, workspace), required, silent: null, evidence: { logsGoTo: { id: workspace.id, state: workspace.state } } }
  }
  if (destination !== 'none') return undefined
  const silent = 'The environment’s log destination is none: its logs go nowhere, and a setting carries them only where the destination is Azure Monitor'
  return { state: 'known', effective: nothingOf(raw), required, silent, evidence: { logDestination: destination } }
}
