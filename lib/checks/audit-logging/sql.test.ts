import { describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { LifecycleRule, SqlAuditing } from '@/lib/domain/estate'
import { judgeRetention } from '../judge-retention'
import { contextOf, type EstateLiteral } from '../testing/estate-builder'
import { auditingOf, gone, home, liveOf, refused, resourceOf, settingOf, storageId, unseen, workspaceId, workspaceOf, type SettingLiteral } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const server = resourceOf('Microsoft.Sql/servers', 'sql', { kind: 'v12.0' })
const master = resourceOf('Microsoft.Sql/servers/databases', 'sql/master', { kind: 'v12.0,system' })
const orders = resourceOf('Microsoft.Sql/servers/databases', 'sql/orders', { kind: 'v12.0,user' })
const stock = resourceOf('Microsoft.Sql/servers/databases', 'sql/stock', { kind: 'v12.0,user' })

const off = auditingOf({ state: 'Disabled', isAzureMonitorTargetEnabled: false, auditActionsAndGroups: [] })
const toStorage = auditingOf({ isAzureMonitorTargetEnabled: false, storageEndpoint: 'https://acct.blob.core.windows.net/', retentionDays: 90 })
const events: SettingLiteral = { name: 'audit', logs: ['SQLSecurityAuditEvents'], workspace: central }

interface SqlLiteral {
  audit?: SqlAuditing | typeof refused
  onMaster?: SettingLiteral[]
  orders?: { audit?: SqlAuditing | typeof refused; settings?: SettingLiteral[] }
  stock?: { audit?: SqlAuditing; settings?: SettingLiteral[] }
}

/** A server with the databases master, orders and stock. */
function sql({ audit = auditingOf(), onMaster = [events], orders: own, stock: other }: SqlLiteral, more: EstateLiteral = {}): EstateLiteral {
  return {
    resources: [server, master, orders, stock],
    sql: { [server.id]: audit, [orders.id]: own?.audit ?? off, [stock.id]: other?.audit ?? off },
    settings: {
      [master.id]: onMaster.map(settingOf),
      [orders.id]: (own?.settings ?? []).map(settingOf),
      [stock.id]: (other?.settings ?? []).map(settingOf),
    },
    exists: [storageId('acct')],
    lifecycle: { [storageId('acct')]: [] },
    ...more,
  }
}

const ownReal = { audit: auditingOf(), settings: [events] }

const serverCases: JudgedCase[] = [
  { because: 'state, target and the setting of master agree', estate: sql({}), of: server.id, verdict: 'pass', severity: 'high' },
  { because: 'a storage endpoint is a real target', estate: sql({ audit: toStorage, onMaster: [] }), of: server.id, verdict: 'pass' },
  { because: 'the account is known by its name, whatever the casing', estate: sql({ audit: toStorage, onMaster: [] }, { exists: [storageId('acct').toUpperCase()] }), of: server.id, verdict: 'pass' },
  { because: 'the storage account’s firewall keeps the audit out', estate: sql({ audit: toStorage, onMaster: [] }, { closed: [storageId('acct')] }), of: server.id, verdict: 'fail', says: 'by its firewall' },
  { because: 'the firewall lets the server in by name', estate: sql({ audit: toStorage, onMaster: [] }, { closed: [storageId('acct')], admitted: { [storageId('acct')]: [server.id.toUpperCase()] } }), of: server.id, verdict: 'pass' },
  { because: 'the firewall lets another server in by name', estate: sql({ audit: toStorage, onMaster: [] }, { closed: [storageId('acct')], admitted: { [storageId('acct')]: [`${server.id}2`] } }), of: server.id, verdict: 'fail', says: 'by its firewall' },
  { because: 'the account is shut to public networks and lets everybody in', estate: sql({ audit: toStorage, onMaster: [] }, { shut: [storageId('acct')] }), of: server.id, verdict: 'unknown', reasonCode: 'unsupported', says: 'acct is closed to public networks' },
  { because: 'such an account is vouched for', estate: sql({ audit: toStorage, onMaster: [] }, { shut: [storageId('acct')], policy: { approvedDestinations: [storageId('acct')] } }), of: server.id, verdict: 'pass' },
  { because: 'the storage account was deleted', estate: sql({ audit: { ...toStorage, storageSubscriptionId: home }, onMaster: [] }, { exists: [] }), of: server.id, verdict: 'fail', says: 'does not exist any more' },
  { because: 'the storage account is in no subscription in sight', estate: sql({ audit: toStorage, onMaster: [] }, { exists: [] }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Storage/storageAccounts/read' },
  { because: 'the storage account is in a subscription out of sight', estate: sql({ audit: { ...toStorage, storageSubscriptionId: unseen }, onMaster: [] }, { exists: [] }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a deleted account does not spoil what master sends', estate: sql({ audit: auditingOf({ storageEndpoint: 'https://acct.blob.core.windows.net/', storageSubscriptionId: home }) }, { exists: [] }), of: server.id, verdict: 'pass' },
  { because: 'the storage endpoint makes up for a missing setting of master', estate: sql({ audit: auditingOf({ storageEndpoint: 'https://acct.blob.core.windows.net/' }), onMaster: [] }), of: server.id, verdict: 'pass' },
  { because: 'allLogs on master holds the audit events', estate: sql({ onMaster: [{ logs: ['group:allLogs'], workspace: central }] }), of: server.id, verdict: 'pass' },
  { because: 'the audit group on master carries the events once auditing is on', estate: sql({ onMaster: [{ logs: ['group:audit'], workspace: central }] }), of: server.id, verdict: 'pass' },
  { because: 'auditing is off', estate: sql({ audit: off, orders: { audit: off }, stock: { audit: off } }), of: server.id, verdict: 'fail', says: 'auditing is off' },
  { because: 'auditing is off, and the category on master feeds nothing', estate: sql({ audit: off, orders: { audit: off }, stock: { audit: off } }), of: server.id, verdict: 'fail' },
  { because: 'Azure Monitor is named, and no setting of master carries the events', estate: sql({ onMaster: [] }), of: server.id, verdict: 'fail', says: 'no setting sends SQLSecurityAuditEvents' },
  { because: 'the events of master are switched off', estate: sql({ onMaster: [{ logs: ['-SQLSecurityAuditEvents'], workspace: central }] }), of: server.id, verdict: 'fail' },
  { because: 'master sends another category', estate: sql({ onMaster: [{ logs: ['Errors'], workspace: central }] }), of: server.id, verdict: 'fail' },
  { because: 'master sends the DevOps audit alone', estate: sql({ onMaster: [{ logs: ['DevOpsOperationsAudit'], workspace: central }] }), of: server.id, verdict: 'fail' },
  { because: 'master sends to a deleted workspace', estate: sql({ onMaster: [{ logs: ['SQLSecurityAuditEvents'], workspace: workspaceId('old') }] }), of: server.id, verdict: 'fail' },
  { because: 'the events on a user database do not carry the server’s audit', estate: sql({ onMaster: [], orders: { settings: [events] } }), of: server.id, verdict: 'fail' },
  { because: 'auditing is on without any target', estate: sql({ audit: auditingOf({ isAzureMonitorTargetEnabled: false }) }), of: server.id, verdict: 'fail', says: 'no target' },
  { because: 'master sends to a subscription that cannot be seen', estate: sql({ onMaster: [{ logs: ['SQLSecurityAuditEvents'], workspace: workspaceId('soc', unseen) }] }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the settings of master were refused', estate: sql({}, { settings: { [master.id]: refused } }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the settings of master were never read', estate: sql({}, { settings: {} }), of: server.id, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the auditing settings were refused', estate: sql({ audit: refused }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'every database has an audit of its own', estate: sql({ audit: off, orders: ownReal, stock: ownReal }), of: server.id, verdict: 'pass', says: 'on its own' },
  { because: 'one of two databases has no audit of its own', estate: sql({ audit: off, orders: ownReal, stock: { audit: off } }), of: server.id, verdict: 'fail' },
  { because: 'whether a database has an audit of its own was refused', estate: sql({ audit: off, orders: { audit: refused }, stock: ownReal }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the server’s audit reaches nothing, and whether a database has one of its own was refused', estate: sql({ onMaster: [], orders: { audit: refused }, stock: ownReal }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the server’s audit reaches nothing, and a database surely has none', estate: sql({ onMaster: [], orders: { audit: refused }, stock: { audit: off } }), of: server.id, verdict: 'fail' },
  { because: 'a database was deleted after the inventory was read', estate: sql({ onMaster: [], orders: { audit: gone }, stock: ownReal }), of: server.id, verdict: 'pass', says: 'on its own' },
  { because: 'a server without user databases is judged all the same', estate: { resources: [server, master], sql: { [server.id]: off }, settings: { [master.id]: [] } }, of: server.id, verdict: 'fail' },
  { because: 'the settings of a master that the inventory does not list are found by its id', estate: { resources: [server], sql: { [server.id]: auditingOf() }, settings: { [`${server.id}/databases/master`]: [settingOf(events)] } }, of: server.id, verdict: 'pass' },
  { because: 'a Synapse server is audited by Synapse', estate: { resources: [{ ...server, kind: 'v12.0,analytics' }] }, of: server.id, verdict: 'not-applicable' },
  { because: 'the server was deleted after the inventory was read', estate: { resources: [server], sql: { [server.id]: gone } }, of: server.id, verdict: 'none' },
]

const databaseCases: JudgedCase[] = [
  { because: 'the server’s audit covers it', estate: sql({}), of: orders.id, verdict: 'pass', severity: 'high' },
  { because: 'the server’s audit to storage covers it', estate: sql({ audit: toStorage, onMaster: [] }), of: orders.id, verdict: 'pass' },
  { because: 'its own audit makes up for the server', estate: sql({ audit: off, orders: ownReal }), of: orders.id, verdict: 'pass' },
  { because: 'the category alone feeds nothing while auditing is off', estate: sql({ audit: off, orders: { audit: off, settings: [events] } }), of: orders.id, verdict: 'fail', says: 'auditing is off' },
  { because: 'the audit group on the database does not switch auditing on', estate: sql({ audit: off, orders: { audit: off, settings: [{ logs: ['group:audit'], workspace: central }] } }), of: orders.id, verdict: 'fail' },
  { because: 'the server’s audit goes nowhere, and the database has none', estate: sql({ onMaster: [], orders: { audit: off } }), of: orders.id, verdict: 'fail' },
  { because: 'whether its server audits was refused, and its own audit is off', estate: sql({ audit: refused, orders: { audit: off } }), of: orders.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'its own audit is proof enough where the server’s was refused', estate: sql({ audit: refused, orders: ownReal }), of: orders.id, verdict: 'pass' },
  { because: 'the server does not audit, and its own audit was never read', estate: sql({}, { sql: { [server.id]: off } }), of: orders.id, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'master is covered by the server’s audit like the others', estate: sql({}), of: master.id, verdict: 'pass' },
  { because: 'the database was deleted after the inventory was read', estate: { ...sql({}), settings: { [master.id]: [settingOf(events)], [orders.id]: gone } }, of: orders.id, verdict: 'none' },
]

const actionCases: JudgedCase[] = [
  { because: 'the three default groups are there', estate: sql({}), of: server.id, verdict: 'pass', severity: 'medium' },
  { because: 'more groups do no harm, in any casing', estate: sql({ audit: auditingOf({ auditActionsAndGroups: ['batch_completed_group', 'FAILED_DATABASE_AUTHENTICATION_GROUP', 'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP', 'DATABASE_LOGOUT_GROUP'] }) }), of: server.id, verdict: 'pass' },
  { because: 'finished batches are missing', estate: sql({ audit: auditingOf({ auditActionsAndGroups: ['FAILED_DATABASE_AUTHENTICATION_GROUP', 'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP'] }) }), of: server.id, verdict: 'fail', says: 'BATCH_COMPLETED_GROUP' },
  { because: 'no group is recorded', estate: sql({ audit: auditingOf({ auditActionsAndGroups: [] }) }), of: server.id, verdict: 'fail' },
  { because: 'a predicate drops events', estate: sql({ audit: auditingOf({ predicateExpression: "statement not like '%select%'" }) }), of: server.id, verdict: 'fail', says: 'predicate' },
  { because: 'a blank predicate filters nothing', estate: sql({ audit: auditingOf({ predicateExpression: ' ' }) }), of: server.id, verdict: 'pass' },
  { because: 'auditing is off, which another check says', estate: sql({ audit: off }), of: server.id, verdict: 'not-applicable' },
  { because: 'the auditing settings were refused', estate: sql({ audit: refused }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
]

/** A lifecycle rule `all`. */
function deletionOf(days: number, over: Partial<LifecycleRule> = {}): LifecycleRule {
  return { name: 'all', enabled: true, blobTypes: ['appendBlob'], prefixMatch: [], deleteAfterModificationDays: days, deleteAfterCreationDays: null, deleteAfterLastAccessDays: null, ...over }
}

/** Such a rule of the audit's account. */
function deleting(days: number, over: Partial<LifecycleRule> = {}): EstateLiteral {
  return { lifecycle: { [storageId('acct')]: [deletionOf(days, over)] } }
}

const retentionCases: JudgedCase[] = [
  { because: '0 days keep for ever', estate: sql({ audit: { ...toStorage, retentionDays: 0 } }), of: server.id, verdict: 'pass', says: 'for ever' },
  { because: '90 days are enough', estate: sql({ audit: toStorage }), of: server.id, verdict: 'pass', says: '90 days' },
  { because: 'a lifecycle rule deletes what the audit would keep for ever', estate: sql({ audit: { ...toStorage, retentionDays: 0 } }, deleting(30)), of: server.id, verdict: 'fail', says: "The lifecycle rule 'all' of acct deletes the audit after 30 days" },
  { because: 'a lifecycle rule of the container deletes it', estate: sql({ audit: toStorage }, deleting(30, { prefixMatch: ['sqldbauditlogs'] })), of: server.id, verdict: 'fail' },
  { because: 'a lifecycle rule for other containers leaves it alone', estate: sql({ audit: toStorage }, deleting(30, { prefixMatch: ['insights-logs-'] })), of: server.id, verdict: 'pass' },
  { because: 'a lifecycle rule for block blobs leaves it alone', estate: sql({ audit: toStorage }, deleting(30, { blobTypes: ['blockBlob'] })), of: server.id, verdict: 'pass' },
  { because: 'a lifecycle rule that deletes later than asked', estate: sql({ audit: { ...toStorage, retentionDays: 0 } }, deleting(180)), of: server.id, verdict: 'pass', says: '180 days' },
  { because: 'a lifecycle rule names paths inside the container', estate: sql({ audit: toStorage }, deleting(30, { prefixMatch: ['sqldbauditlogs/other/'] })), of: server.id, verdict: 'unknown', reasonCode: 'unsupported', says: 'may be this audit’s' },
  {
    because: 'the rule that is sure decides, whatever another does below it', of: server.id, verdict: 'fail', says: "The lifecycle rule 'all' of acct deletes the audit after 60 days",
    estate: sql({ audit: { ...toStorage, retentionDays: 0 } }, { lifecycle: { [storageId('acct')]: [deletionOf(60), deletionOf(10, { name: 'part', prefixMatch: ['sqldbauditlogs/other/'] })] } }),
  },
  { because: 'the lifecycle rules were refused', estate: sql({ audit: toStorage }, { lifecycle: { [storageId('acct')]: refused } }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the lifecycle rules were never read', estate: sql({ audit: toStorage }, { lifecycle: {} }), of: server.id, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'its own days are too few, whatever the rules say', estate: sql({ audit: { ...toStorage, retentionDays: 30 } }, { lifecycle: {} }), of: server.id, verdict: 'fail' },
  { because: 'the account is out of sight', estate: sql({ audit: toStorage }, { exists: [] }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the account’s firewall keeps the audit out', estate: sql({ audit: toStorage }, { closed: [storageId('acct')] }), of: server.id, verdict: 'not-applicable', says: 'by its firewall' },
  { because: 'the account’s firewall lets the server in by name', estate: sql({ audit: auditingOf({ ...toStorage, retentionDays: 30 }) }, { closed: [storageId('acct')], admitted: { [storageId('acct')]: [server.id] } }), of: server.id, verdict: 'fail', says: '30 days' },
  { because: 'the account is shut to public networks and lets everybody in', estate: sql({ audit: toStorage }, { shut: [storageId('acct')] }), of: server.id, verdict: 'unknown', reasonCode: 'unsupported', says: 'closed to public networks' },
  { because: 'the account was deleted', estate: sql({ audit: { ...toStorage, storageSubscriptionId: home } }, { exists: [] }), of: server.id, verdict: 'not-applicable' },
  { because: '30 days are too few', estate: sql({ audit: { ...toStorage, retentionDays: 30 } }), of: server.id, verdict: 'fail', says: '30 days, less than 90' },
  { because: 'the policy’s own figure for this key point overrules 90', estate: sql({ audit: toStorage }, { policy: { retentionDays: { total: 365, interactive: 90, byKeyPoint: { 'log-retention': 365 } } } }), of: server.id, verdict: 'fail' },
  { because: 'the target is Azure Monitor alone', estate: sql({}), of: server.id, verdict: 'not-applicable' },
  { because: 'auditing is off', estate: sql({ audit: off }), of: server.id, verdict: 'not-applicable' },
  { because: 'the auditing settings were refused', estate: sql({ audit: refused }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
]

const watched = auditingOf({ isDevopsAuditEnabled: true })
const devops: SettingLiteral = { name: 'devops', logs: ['DevOpsOperationsAudit'], workspace: central }
const enabled: EstateLiteral = { policy: { enabledChecks: ['sql-devops-audit'] } }
const devopsCases: JudgedCase[] = [
  { because: 'it is an option that is off', estate: sql({ audit: watched, onMaster: [devops] }), of: server.id, verdict: 'none' },
  { because: 'it is on and master sends it', estate: sql({ audit: watched, onMaster: [devops] }, enabled), of: server.id, verdict: 'pass', severity: 'low' },
  { because: 'allLogs on master holds it', estate: sql({ audit: watched, onMaster: [{ logs: ['group:allLogs'], workspace: central }] }, enabled), of: server.id, verdict: 'pass' },
  { because: 'it is off', estate: sql({ audit: auditingOf(), onMaster: [devops] }, enabled), of: server.id, verdict: 'fail', says: 'is off' },
  { because: 'master sends the audit of customers alone', estate: sql({ audit: watched }, enabled), of: server.id, verdict: 'fail', says: 'sent nowhere' },
  { because: 'master sends it to a deleted workspace', estate: sql({ audit: watched, onMaster: [{ ...devops, workspace: workspaceId('old') }] }, enabled), of: server.id, verdict: 'fail' },
  { because: 'master sends it out of sight', estate: sql({ audit: watched, onMaster: [{ ...devops, workspace: workspaceId('soc', unseen) }] }, enabled), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the settings of master were refused', estate: sql({ audit: watched }, { ...enabled, settings: { [master.id]: refused } }), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the auditing settings were refused', estate: sql({ audit: refused }, enabled), of: server.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a Synapse server is audited by Synapse', estate: { resources: [{ ...server, kind: 'v12.0,analytics' }], ...enabled }, of: server.id, verdict: 'not-applicable' },
]
describe('sql-devops-audit', () => judgedCases('sql-devops-audit', devopsCases))

describe('sql-server-auditing', () => judgedCases('sql-server-auditing', serverCases))
describe('resource-audit-logs of a SQL database', () => judgedCases('resource-audit-logs', databaseCases))
describe('sql-audit-actions', () => judgedCases('sql-audit-actions', actionCases))
describe('sql-audit-retention', () => judgedCases('sql-audit-retention', retentionCases))

describe('resource-log-retention of a SQL database', () =>
  judgedCases('resource-log-retention', [
    { because: 'the audit in storage is kept for ever', estate: sql({ audit: { ...toStorage, retentionDays: 0 } }), of: orders.id, verdict: 'pass', says: 'for ever' },
    { because: 'a lifecycle rule deletes it', estate: sql({ audit: { ...toStorage, retentionDays: 0 } }, deleting(30)), of: orders.id, verdict: 'fail', says: '(30 days)' },
    { because: 'its own days are too few, whatever the rules say', estate: sql({ audit: toStorage }, { lifecycle: {} }), of: orders.id, verdict: 'fail', says: '(90 days)' },
    { because: 'the lifecycle rules were refused', estate: sql({ audit: { ...toStorage, retentionDays: 0 } }, { lifecycle: { [storageId('acct')]: refused } }), of: orders.id, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the workspace keeps it long enough, whatever becomes of the files', estate: sql({ audit: auditingOf({ storageEndpoint: 'https://acct.blob.core.windows.net/' }) }, { ...deleting(30), tables: { [central]: [] }, workspaces: [workspaceOf('central', { retentionInDays: 400 })] }), of: orders.id, verdict: 'pass' },
  ]))

it('tells how long SQL itself keeps an audit whose account is out of sight', () => {
  const account = storageId('acct', unseen)
  const destination = { key: toResourceKey(account), id: account, kind: 'storage-account', state: 'unreadable', workspace: undefined } as const
  const judge = (auditDays: number) => judgeRetention(
    [{ name: 'SQLSecurityAuditEvents', key: 'sqlsecurityauditevents', table: null, flows: [{ setting: 'sql-auditing', dedicated: null, destination, auditDays }] }],
    orders.type, { bothTables: false, isActivityLog: false, blobPath: '' }, contextOf({}),
  )
  const kept = (auditDays: unknown) => [{ category: 'SQLSecurityAuditEvents', copies: [{ destination: account, kind: 'storage-account', state: 'unreadable', auditDays }] }]
  expect(judge(30)).toMatchObject({ verdict: 'fail', evidence: { kept: kept(30) } })
  expect(judge(Number.POSITIVE_INFINITY)).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied', evidence: { kept: kept('for ever') } })
})

describe('resource-logs-centralized of a SQL database', () =>
  judgedCases('resource-logs-centralized', [
    { because: 'the server’s audit reaches the central workspace by master', estate: sql({}), of: orders.id, verdict: 'pass' },
    { because: 'an audit in storage is not central', estate: sql({ audit: toStorage, onMaster: [] }), of: orders.id, verdict: 'fail', says: 'local destinations only' },
    { because: 'no audit goes anywhere', estate: sql({ audit: off, orders: { audit: off } }), of: orders.id, verdict: 'fail' },
  ]))

describe('resource-log-retention of a SQL database', () =>
  judgedCases('resource-log-retention', [
    { because: 'the audit in storage is kept as long as SQL says', estate: sql({ audit: toStorage, onMaster: [] }), of: orders.id, verdict: 'fail', says: '90 days' },
    { because: 'the audit in storage is kept for ever', estate: sql({ audit: { ...toStorage, retentionDays: 0 }, onMaster: [] }), of: orders.id, verdict: 'pass', says: 'for ever' },
    { because: 'no audit goes anywhere, which the audit check says', estate: sql({ audit: off, orders: { audit: off } }), of: orders.id, verdict: 'not-applicable' },
  ]))

const synapse = resourceOf('Microsoft.Synapse/workspaces', 'syn')
const pool = resourceOf('Microsoft.Synapse/workspaces/sqlPools', 'syn/dw')
const synapseLive = {
  [synapse.type]: liveOf('x', { SQLSecurityAuditEvents: ['audit', 'allLogs'], SynapseRbacOperations: ['allLogs'] }),
  [pool.type]: liveOf('x', { SQLSecurityAuditEvents: ['audit', 'allLogs'], SqlRequests: ['allLogs'] }),
}

/** A Synapse workspace with a dedicated pool. */
function inSynapse({ audit, settings = [events], poolAudit = off, poolSettings = [] }: { audit?: SqlAuditing | typeof refused; settings?: SettingLiteral[]; poolAudit?: SqlAuditing | typeof refused; poolSettings?: SettingLiteral[] }, more: EstateLiteral = {}): EstateLiteral {
  return {
    resources: [synapse, pool],
    live: synapseLive,
    sql: { ...(audit && { [synapse.id]: audit }), [pool.id]: poolAudit },
    settings: { [synapse.id]: settings.map(settingOf), [pool.id]: poolSettings.map(settingOf) },
    exists: [storageId('acct')],
    ...more,
  }
}

describe('resource-audit-logs of Synapse', () =>
  judgedCases('resource-audit-logs', [
    { because: 'the audit of the workspace is on, and its setting carries it', estate: inSynapse({ audit: auditingOf() }), of: synapse.id, verdict: 'pass' },
    { because: 'the setting alone is silent while the audit is off', estate: inSynapse({ audit: off }), of: synapse.id, verdict: 'fail', says: 'No audit of its SQL pools goes anywhere: auditing is off' },
    { because: 'the audit group does not switch the audit on either', estate: inSynapse({ audit: off, settings: [{ logs: ['group:audit'], workspace: central }] }), of: synapse.id, verdict: 'fail' },
    { because: 'the audit is on, and no setting carries it', estate: inSynapse({ audit: auditingOf(), settings: [] }), of: synapse.id, verdict: 'fail', says: 'no setting sends SQLSecurityAuditEvents' },
    { because: 'the audit writes to storage by itself', estate: inSynapse({ audit: toStorage, settings: [] }), of: synapse.id, verdict: 'pass' },
    { because: 'the account’s firewall lets the workspace in by name', estate: inSynapse({ audit: toStorage, settings: [] }, { closed: [storageId('acct')], admitted: { [storageId('acct')]: [synapse.id] } }), of: synapse.id, verdict: 'pass' },
    { because: 'a pool writes as its workspace', estate: inSynapse({ audit: off, poolAudit: toStorage }, { closed: [storageId('acct')], admitted: { [storageId('acct')]: [synapse.id] } }), of: pool.id, verdict: 'pass' },
    { because: 'the account’s firewall keeps the workspace out', estate: inSynapse({ audit: toStorage, settings: [] }, { closed: [storageId('acct')] }), of: synapse.id, verdict: 'fail', says: 'by its firewall' },
    { because: 'the auditing settings may not be read', estate: inSynapse({ audit: refused }), of: synapse.id, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'an earlier release did not ask for them', estate: inSynapse({}), of: synapse.id, verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the policy asks for role assignments alone, which need no audit', estate: inSynapse({ audit: off, settings: [{ logs: ['SynapseRbacOperations'], workspace: central }] }, { policy: { requiredCategories: { [synapse.type]: ['SynapseRbacOperations'] } } }), of: synapse.id, verdict: 'pass' },
    { because: 'the policy asks for both, and the setting carries both', estate: inSynapse({ audit: auditingOf(), settings: [{ logs: ['group:allLogs'], workspace: central }] }, { policy: { requiredCategories: { [synapse.type]: ['SynapseRbacOperations', 'SQLSecurityAuditEvents'] } } }), of: synapse.id, verdict: 'pass' },
    { because: 'the audit of a workspace covers its pools', estate: inSynapse({ audit: auditingOf() }), of: pool.id, verdict: 'pass' },
    { because: 'a pool has an audit of its own', estate: inSynapse({ audit: off, poolAudit: auditingOf(), poolSettings: [events] }), of: pool.id, verdict: 'pass' },
    { because: 'neither the workspace nor the pool audits', estate: inSynapse({ audit: off, poolSettings: [events] }), of: pool.id, verdict: 'fail', says: 'on its workspace auditing is off, and on the pool auditing is off' },
    { because: 'whether a pool’s setting carries the workspace’s audit nobody says', estate: inSynapse({ audit: auditingOf(), settings: [], poolSettings: [events] }), of: pool.id, verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'whether the pool has such a setting may not be read', estate: inSynapse({ audit: auditingOf(), settings: [] }, { settings: { [synapse.id]: [], [pool.id]: refused } }), of: pool.id, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the workspace may not be read, and the pool’s audit is off', estate: inSynapse({ audit: refused, poolSettings: [events] }), of: pool.id, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the pool’s own audit is known whatever the workspace has', estate: inSynapse({ audit: refused, poolAudit: auditingOf(), poolSettings: [events] }), of: pool.id, verdict: 'pass' },
  ]))

describe('other logs of a SQL database', () =>
  judgedCases('resource-audit-logs', [
    { because: 'the policy asks for errors beside the audit, and they are sent', estate: sql({ orders: { audit: off, settings: [{ logs: ['Errors'], workspace: central }] } }, { policy: { requiredCategories: { [orders.type]: ['Errors', 'SQLSecurityAuditEvents'] } } }), of: orders.id, verdict: 'pass' },
    { because: 'they are not', estate: sql({ orders: { audit: off } }, { policy: { requiredCategories: { [orders.type]: ['Errors', 'SQLSecurityAuditEvents'] } } }), of: orders.id, verdict: 'fail', says: 'Errors is not logged' },
    { because: 'the settings that would carry them may not be read', estate: sql({ audit: toStorage }, { settings: { [orders.id]: refused }, policy: { requiredCategories: { [orders.type]: ['Errors', 'SQLSecurityAuditEvents'] } } }), of: orders.id, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the policy asks nothing of databases', estate: sql({ audit: off }, { policy: { requiredCategories: { [orders.type]: [] } } }), of: orders.id, verdict: 'not-applicable' },
  ]))
