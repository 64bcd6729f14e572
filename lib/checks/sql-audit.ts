import { parentOf } from '@/lib/domain/arm-id'
import type { CheckContext, Subject } from '@/lib/domain/check'
import type { Resource, SqlAuditing } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { toResourceKey } from '@/lib/domain/arm-id'
import { counts } from './destination'
import { collectEffective, effectiveLoggingOf, type EffectiveLogging, type Flow } from './effective-logging'
import { loggingProfile } from './logging-profile'
import { unreadJudgement, valueOf } from './unread'

export const auditCategory = 'SQLSecurityAuditEvents'
export const auditingRead = 'Microsoft.Sql/servers/auditingSettings/read'
const databaseAuditingRead = 'Microsoft.Sql/servers/databases/auditingSettings/read'

/** Whether an audit is on and truly goes somewhere: state, target and diagnostic setting must agree. */
export type AuditRoute =
  | { state: 'real'; flows: Flow[]; auditing: SqlAuditing; evidence: Evidence }
  | { state: 'none'; why: string; auditing: SqlAuditing; evidence: Evidence }
  | { state: 'unknown'; judgement: ReturnType<typeof unreadJudgement> }

/** The events of a storage target lie in the account that the audit names; its own figure says how long. */
function storageFlow(auditing: SqlAuditing): Flow[] {
  if (!auditing.storageEndpoint) return []
  const id = auditing.storageEndpoint
  return [
    {
      setting: 'sql-auditing',
      dedicated: null,
      destination: { key: toResourceKey(id), id, kind: 'storage-account', state: 'live', workspace: undefined },
      keptDays: auditing.retentionDays === 0 ? Number.POSITIVE_INFINITY : auditing.retentionDays,
    },
  ]
}

function evidenceOf(auditing: SqlAuditing, carrier: string, effective: EffectiveLogging | undefined): Evidence {
  return {
    auditing: {
      state: auditing.state,
      isAzureMonitorTargetEnabled: auditing.isAzureMonitorTargetEnabled,
      storageEndpoint: auditing.storageEndpoint,
      retentionDays: auditing.retentionDays,
    },
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
function routeOf(auditing: SqlAuditing, carrierId: string, effective: EffectiveLogging | undefined): AuditRoute {
  const evidence = evidenceOf(auditing, carrierId, effective)
  if (auditing.state === 'Disabled') return { state: 'none', why: 'auditing is off', auditing, evidence }
  const stored = storageFlow(auditing)
  if (!auditing.isAzureMonitorTargetEnabled) {
    return stored.length > 0
      ? { state: 'real', flows: stored, auditing, evidence }
      : { state: 'none', why: 'auditing is on but has no target', auditing, evidence }
  }
  const flows = effective?.categories.get(auditCategory.toLowerCase())?.flows ?? []
  const open = (effective?.openGroups ?? []).filter(({ group }) => group === 'alllogs' || group === 'audit').map(({ flow }) => flow)
  const live = [...flows, ...open].filter((flow) => counts(flow.destination))
  if (live.length + stored.length > 0) return { state: 'real', flows: [...live, ...stored], auditing, evidence }
  const read = effective?.read
  if (!read?.ok) {
    const what = `The diagnostic settings of ${carrierId.split('/').slice(-2).join('/')}, which carry the audit`
    return { state: 'unknown', judgement: unreadJudgement(what, read, 'Microsoft.Insights/diagnosticSettings/read') }
  }
  const unseen = flows.find((flow) => flow.destination.state === 'unreadable')
  if (unseen) {
    return {
      state: 'unknown',
      judgement: {
        verdict: 'unknown',
        reasonCode: 'permission-denied',
        reason: `The audit goes to ${unseen.destination.id}, which lies in a subscription that cannot be read.`,
        evidence,
        permission: 'Microsoft.OperationalInsights/workspaces/read',
      },
    }
  }
  const why = `auditing names Azure Monitor as its target, but no setting sends ${auditCategory} to a destination that exists`
  return { state: 'none', why, auditing, evidence }
}

function unreadRoute(what: string, id: string, permission: string, context: CheckContext): AuditRoute {
  const read = context.estate.fact(id, 'sql-auditing')
  return { state: 'unknown', judgement: unreadJudgement(what, read?.ok ? undefined : read, permission) }
}

/** The audit of a SQL server, which covers all its databases. */
export function serverAudit(serverId: string, context: CheckContext): AuditRoute {
  const auditing = valueOf(context.estate.fact(serverId, 'sql-auditing'))
  if (!auditing) return unreadRoute('The auditing settings of the SQL server', serverId, auditingRead, context)
  return routeOf(auditing, `${serverId}/databases/master`, masterLogging(serverId, context))
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
    type: 'microsoft.sql/servers/databases',
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
  const auditing = valueOf(context.estate.fact(database.id, 'sql-auditing'))
  if (!auditing) return unreadRoute('The auditing settings of the database', database.id, databaseAuditingRead, context)
  return routeOf(auditing, database.id, effectiveLoggingOf(database, context))
}

export function isMaster(database: Resource): boolean {
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
  return resource.type === 'microsoft.sql/servers/databases'
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
