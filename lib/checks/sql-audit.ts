import { parentOf, storageAccountNameOf, toResourceKey, typeOf } from '@/lib/domain/arm-id'
import type { CheckContext, Subject } from '@/lib/domain/check'
import type { Resource, SqlAuditing } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { memoByContext } from './context-memo'
import { counts, destinationOf, isUntold, readActionOf, unclearJudgement, type Destination } from './destination'
import { collectEffective, effectiveLoggingOf, type EffectiveLogging, type Flow } from './effective-logging'
import { loggingProfile } from './logging-profile'
import { unreadJudgement, valueOf } from './unread'

export const auditCategory = 'SQLSecurityAuditEvents'
export const sqlDatabaseType = 'microsoft.sql/servers/databases'
export const auditingRead = 'Microsoft.Sql/servers/auditingSettings/read'
const databaseAuditingRead = 'Microsoft.Sql/servers/databases/auditingSettings/read'

/** Whether an audit is on and truly goes somewhere: state, target and diagnostic setting must agree. */
export type AuditRoute =
  | { state: 'real'; flows: Flow[]; auditing: SqlAuditing; evidence: Evidence }
  | { state: 'none'; why: string; auditing: SqlAuditing; evidence: Evidence }
  | { state: 'unknown'; judgement: ReturnType<typeof unreadJudgement> }

/**
 * The account that an endpoint such as `https://acct.blob.core.windows.net/` names, as the server or Synapse workspace that writes there finds it. What no
 * subscription in sight has may lie out of sight, unless the audit names a subscription in sight.
 */
export function accountOf({ storageSubscriptionId }: SqlAuditing, { endpoint, writer }: { endpoint: string; writer: string }, context: CheckContext): Destination {
  const { destinations } = context.estate
  const id = destinations.storageAccountNamed(storageAccountNameOf(endpoint))
  if (id !== undefined) return asWriterFindsIt(destinationOf(id, 'storage-account', context), writer, context)
  const state = storageSubscriptionId !== null && destinations.canSee(storageSubscriptionId) ? 'deleted' : 'unreadable'
  return { key: toResourceKey(endpoint), id: endpoint, kind: 'storage-account', state, workspace: undefined }
}

/** A firewall may let a resource in by name. */
function asWriterFindsIt(account: Destination, writer: string, { estate }: CheckContext): Destination {
  if (!estate.destinations.admits(account.id, writer)) return account
  return account.state === 'closed' || isUntold(account) ? { ...account, state: 'live', unclear: undefined } : account
}

/** Days after which SQL deletes the files of an audit in storage; Infinity: never. */
export function auditDaysOf({ retentionDays }: SqlAuditing): number {
  return retentionDays === 0 ? Number.POSITIVE_INFINITY : retentionDays
}

/** The events of a storage target lie in the account that the audit names; its own figure says how long at most. */
function storageFlow(auditing: SqlAuditing, carrierId: string, context: CheckContext): Flow | null {
  const { storageEndpoint: endpoint } = auditing
  if (!endpoint) return null
  // Databases and pools write as the server or workspace that holds them.
  const writer = typeOf(carrierId) === synapseWorkspace ? carrierId : (parentOf(carrierId) ?? carrierId)
  return { setting: 'sql-auditing', dedicated: null, destination: accountOf(auditing, { endpoint, writer }, context), auditDays: auditDaysOf(auditing) }
}

function evidenceOf(auditing: SqlAuditing, stored: Flow | null, carrier: string, effective: EffectiveLogging | undefined): Evidence {
  return {
    auditing: {
      state: auditing.state,
      isAzureMonitorTargetEnabled: auditing.isAzureMonitorTargetEnabled,
      storageEndpoint: auditing.storageEndpoint,
      retentionDays: auditing.retentionDays,
    },
    ...(stored && { storageAccount: { id: stored.destination.id, state: stored.destination.state } }),
    ...(auditing.isAzureMonitorTargetEnabled && {
      carriedBy: {
        database: carrier,
        category: auditCategory,
        destinations: (effective?.categories.get(auditCategory.toLowerCase())?.flows ?? []).map(({ setting, destination }) => ({
          setting,
          id: destination.id,
          state: destination.state,
        })),
      },
    }),
  }
}

/** Where an audit goes whose events ride on the diagnostic setting of `carrier` (`master` for a server's audit). */
function routeOf(auditing: SqlAuditing, carrierId: string, effective: EffectiveLogging | undefined, context: CheckContext): AuditRoute {
  const stored = storageFlow(auditing, carrierId, context)
  const evidence = evidenceOf(auditing, stored, carrierId, effective)
  if (auditing.state === 'Disabled') return { state: 'none', why: 'auditing is off', auditing, evidence }
  const kept = stored !== null && counts(stored.destination) ? [stored] : []
  if (!auditing.isAzureMonitorTargetEnabled) {
    if (kept.length > 0) return { state: 'real', flows: kept, auditing, evidence }
    if (stored && (stored.destination.state === 'unreadable' || isUntold(stored.destination))) return unseenRoute(stored, evidence)
    const why = stored === null ? 'auditing is on but has no target' : `the storage account ${stored.destination.id} that auditing names ${stored.destination.state === 'closed' ? 'keeps the audit out by its firewall' : 'does not exist any more'}`
    return { state: 'none', why, auditing, evidence }
  }
  const flows = effective?.categories.get(auditCategory.toLowerCase())?.flows ?? []
  const open = (effective?.openGroups ?? []).filter(({ group }) => group === 'alllogs' || group === 'audit').map(({ flow }) => flow)
  const live = [...flows, ...open].filter((flow) => counts(flow.destination))
  if (live.length + kept.length > 0) return { state: 'real', flows: [...live, ...kept], auditing, evidence }
  const read = effective?.read
  if (!read?.ok) {
    const what = `The diagnostic settings of ${carrierId.split('/').slice(-2).join('/')}, which carry the audit`
    return { state: 'unknown', judgement: unreadJudgement(what, read, 'Microsoft.Insights/diagnosticSettings/read') }
  }
  const unseen = [...flows, ...open, ...(stored ? [stored] : [])].find(({ destination }) => destination.state === 'unreadable' || isUntold(destination))
  if (unseen) return unseenRoute(unseen, evidence)
  const why = `auditing names Azure Monitor as its target, but no setting sends ${auditCategory} to a destination that exists and takes them`
  return { state: 'none', why, auditing, evidence }
}

function unseenRoute({ destination }: Flow, evidence: Evidence): AuditRoute {
  if (destination.unclear) {
    return { state: 'unknown', judgement: unclearJudgement(`The audit goes to ${destination.id}, and whether it is kept there is not told.`, destination.unclear, evidence) }
  }
  return {
    state: 'unknown',
    judgement: {
      verdict: 'unknown',
      reasonCode: 'permission-denied',
      reason: `The audit goes to ${destination.id}, which is in no subscription that can be read.`,
      evidence: { ...evidence, refusedOn: destination.id },
      permission: readActionOf[destination.kind],
    },
  }
}

function unreadRoute(what: string, id: string, permission: string, context: CheckContext): AuditRoute {
  const read = context.estate.fact(id, 'sql-auditing')
  return { state: 'unknown', judgement: unreadJudgement(what, read?.ok ? undefined : read, permission) }
}

const auditsOfServers = memoByContext(() => new Map<string, AuditRoute>())

/** The audit of a SQL server, which covers all its databases; worked out once for them. */
export function serverAudit(serverId: string, context: CheckContext): AuditRoute {
  const known = auditsOfServers(context).get(serverId)
  if (known) return known
  const made = workOutServer(serverId, context)
  auditsOfServers(context).set(serverId, made)
  return made
}

function workOutServer(serverId: string, context: CheckContext): AuditRoute {
  const auditing = valueOf(context.estate.fact(serverId, 'sql-auditing'))
  if (!auditing) return unreadRoute('The auditing settings of the SQL server', serverId, auditingRead, context)
  return routeOf(auditing, `${serverId}/databases/master`, masterLogging(serverId, context), context)
}

/** What the database `master` of a server sends: its settings carry the audits of the server as a whole. */
export function masterLogging(serverId: string, context: CheckContext): EffectiveLogging {
  const masterId = `${serverId}/databases/master`
  const master = context.estate.resource(masterId) ?? context.estate.childrenOf(serverId).find(isMaster)
  return master ? effectiveLoggingOf(master, context) : unlistedMaster(masterId, context)
}

/** `master` is not always listed, yet its settings may have been read under its made-up id. */
function unlistedMaster(id: string, context: CheckContext): EffectiveLogging {
  const resource: Resource = {
    id,
    name: 'master',
    type: sqlDatabaseType,
    kind: null,
    location: '',
    resourceGroup: '',
    subscriptionId: '',
    skuName: null,
    managedBy: null,
    tags: {},
    properties: {},
    derivedFrom: parentOf(id),
  }
  return collectEffective(id, loggingProfile(resource, context), context)
}

/** A database's own audit, apart from its server's. */
export function databaseAudit(database: Resource, context: CheckContext): AuditRoute {
  return ownAudit(database, 'database', databaseAuditingRead, context)
}

/** The audit of a resource whose events ride on its own diagnostic setting. */
function ownAudit(resource: Resource, what: string, permission: string, context: CheckContext): AuditRoute {
  const auditing = valueOf(context.estate.fact(resource.id, 'sql-auditing'))
  if (!auditing) return unreadRoute(`The auditing settings of the ${what}`, resource.id, permission, context)
  return routeOf(auditing, resource.id, effectiveLoggingOf(resource, context), context)
}

export const synapseWorkspace = 'microsoft.synapse/workspaces'
export const synapsePool = 'microsoft.synapse/workspaces/sqlpools'
export const synapseAuditingRead = 'Microsoft.Synapse/workspaces/extendedAuditingSettings/read'
export const synapsePoolAuditingRead = 'Microsoft.Synapse/workspaces/sqlPools/extendedAuditingSettings/read'

/** True for a Synapse workspace and for a dedicated pool in one. */
export function hasSynapseAudit({ type }: Resource): boolean {
  return type === synapseWorkspace || type === synapsePool
}

/** What feeds the audit of a Synapse workspace, or of a pool: the workspace's audit, which covers its pools, the pool's own, or both. */
export function synapseAudit(resource: Resource, context: CheckContext): AuditRoute {
  if (resource.type === synapseWorkspace) return ownAudit(resource, 'workspace', synapseAuditingRead, context)
  const own = ownAudit(resource, 'pool', synapsePoolAuditingRead, context)
  const parent = context.estate.resource(parentOf(resource.id) ?? '')
  const above = parent && ownAudit(parent, 'workspace', synapseAuditingRead, context)
  if (above?.state === 'real' && own.state === 'real') return { ...above, flows: [...above.flows, ...own.flows], evidence: { workspace: above.evidence, pool: own.evidence } }
  if (above?.state === 'real') return above
  if (own.state === 'real') return own
  if (above?.state === 'unknown') return above
  if (own.state === 'unknown') return own
  const evidence = { workspace: above?.evidence ?? null, pool: own.evidence }
  if (above?.auditing.state === 'Enabled' && above.auditing.isAzureMonitorTargetEnabled) {
    const { read, categories } = effectiveLoggingOf(resource, context)
    if (!read?.ok) return { state: 'unknown', judgement: unreadJudgement('The diagnostic settings of the pool', read, 'Microsoft.Insights/diagnosticSettings/read') }
    const carried = categories.get(auditCategory.toLowerCase())?.flows.some(({ destination }) => counts(destination)) === true
    const reason = 'The audit of the workspace is on, but only a setting of the pool sends its events: Azure does not say whether that setting carries them.'
    if (carried) return { state: 'unknown', judgement: { verdict: 'unknown', reasonCode: 'unsupported', reason, evidence } }
  }
  return { ...own, why: above ? `on its workspace ${above.why}, and on the pool ${own.why}` : own.why, evidence }
}

function isMaster(database: Resource): boolean {
  return database.name.toLowerCase().split('/').at(-1) === 'master'
}

/** True for the logical server of a Synapse workspace, which Synapse's own auditing covers. */
export function isSynapseServer(server: Resource): boolean {
  return (server.kind ?? '').toLowerCase().includes('analytics')
}

export function isSqlServer(resource: Resource): boolean {
  return resource.type === 'microsoft.sql/servers'
}

export function isSqlDatabase(resource: Resource): boolean {
  return resource.type === sqlDatabaseType
}

/** The auditing settings of a SQL server, or what to say instead; undefined for every other subject and for a server that is gone. */
export function askAuditing(subject: Subject, context: CheckContext): { auditing: SqlAuditing } | { judgement: Judgement } | undefined {
  if (subject.kind !== 'resource' || !isSqlServer(subject.resource)) return undefined
  if (isSynapseServer(subject.resource)) return { judgement: ofSynapse }
  const read = context.estate.fact(subject.id, 'sql-auditing')
  if (read?.ok) return { auditing: read.value }
  return read?.reason === 'gone' ? undefined : { judgement: unreadJudgement('The auditing settings of the SQL server', read, auditingRead) }
}

export const ofSynapse: Judgement = { verdict: 'not-applicable', reason: 'The logical server of a Synapse workspace: Synapse audits it.' }

/** The databases of a server that belong to its user. */
export function userDatabases(serverId: string, context: CheckContext): Resource[] {
  return context.estate.childrenOf(serverId).filter((child) => isSqlDatabase(child) && !isMaster(child))
}

/** What feeds the audit of a database: its server's audit, its own, or both. */
export function auditOfDatabase(database: Resource, context: CheckContext): AuditRoute {
  const serverId = parentOf(database.id)
  const server = serverId === null ? undefined : serverAudit(serverId, context)
  if (server?.state === 'real') {
    const own = context.estate.fact(database.id, 'sql-auditing')?.ok ? databaseAudit(database, context) : undefined
    if (own?.state !== 'real') return { ...server, evidence: { by: 'server', ...server.evidence } }
    return { ...server, flows: [...server.flows, ...own.flows], evidence: { by: 'server and database', server: server.evidence, database: own.evidence } }
  }
  const own = databaseAudit(database, context)
  if (own.state === 'real') return { ...own, evidence: { by: 'database', ...own.evidence } }
  if (server?.state === 'unknown') return server
  if (own.state === 'unknown') return own
  const why = server ? `on its server ${server.why}, and on the database ${own.why}` : own.why
  return { ...own, why, evidence: { by: 'nothing', server: server?.evidence ?? null, database: own.evidence } }
}
