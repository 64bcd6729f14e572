import { typeOf } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationUse } from '@/lib/domain/check'
import { isFailure } from '@/lib/domain/collected'
import type { LifecycleRule, Workspace, WorkspaceTable } from '@/lib/domain/estate'
import type { Evidence } from '@/lib/domain/finding'
import { totalDaysAsked } from '@/lib/domain/retention-days'
import type { ReasonCode } from '@/lib/domain/verdict'
import { memoByScan } from './context-memo'
import { counts, destinationOf, kindInWords, refusalEvidence, type Destination, type UnclearKeeping } from './destination'
import type { EffectiveCategory, Flow } from './effective-logging'
import { tableOfFlow } from './flow-table'
import { keyPointOfLog } from './log-key-points'
import { unreadJudgement } from './unread'

export const tablesRead = 'Microsoft.OperationalInsights/workspaces/tables/read'
export const exportsRead = 'Microsoft.OperationalInsights/workspaces/dataExports/read'
export const lifecycleRead = 'Microsoft.Storage/storageAccounts/managementPolicies/read'

interface KeptFor {
  days: number
  evidence: Evidence
}

/** How long something is kept; Infinity: for ever. Unknown may still have a figure that is sure to be reached, and one that cannot be passed. */
export type Kept =
  | KeptFor
  | { days: null; atLeast: number; atMost?: KeptFor; reasonCode: ReasonCode; why: string; permission: string | null; evidence: Evidence }

/** Days that a category must be kept in total, by the policy. Type and category in lower case. */
export function totalDaysOf(type: string, categoryKey: string, { policy }: CheckContext): number {
  return totalDaysAsked(policy.retentionDays, [keyPointOfLog(type, categoryKey)])
}

/** Days that a table or container must be kept in total, by what is seen to go there. */
export function totalDaysOfUse(name: string, use: Pick<DestinationUse, 'keyPoints'>, { policy }: CheckContext): number {
  return totalDaysAsked(policy.retentionDays, use.keyPoints?.[name] ?? ['audit-logging'])
}

/** `365` or `for ever`, since JSON has no infinity. */
export function daysInWords(days: number): number | 'for ever' {
  return Number.isFinite(days) ? days : 'for ever'
}

export interface TableFigures {
  interactiveDays: number
  totalDays: number
  plan: string
  /** Where the figures come from. */
  from: 'table' | 'workspace'
}

// Basic tables answer queries for 30 days whatever figure the API shows.
const basicPlanDays = 30

/** Days at hand for queries. Auxiliary tables answer them, slowly, for as long as they are kept. */
function daysAtHand(plan: string, interactiveDays: number, totalDays: number): number {
  switch (plan.toLowerCase()) {
    case 'basic':
      return basicPlanDays
    case 'auxiliary':
      return totalDays
    default:
      return interactiveDays
  }
}

function positive(days: number | null): number | null {
  return days !== null && days > 0 ? days : null
}

/** A table's own figures, else the workspace's; null when neither says. */
export function figuresOf(table: WorkspaceTable | undefined, workspace: Workspace): TableFigures | null {
  const own = positive(table?.retentionInDays ?? null)
  const interactive = own ?? positive(workspace.retentionInDays)
  const total = positive(table?.totalRetentionInDays ?? null)
  if (interactive === null && total === null) return null
  const plan = table?.plan ?? 'Analytics'
  const follows = table === undefined || (table.retentionInDaysAsDefault === true && table.totalRetentionInDaysAsDefault !== false)
  const totalDays = Math.max(total ?? 0, interactive ?? 0)
  return {
    interactiveDays: daysAtHand(plan, interactive ?? 0, totalDays),
    totalDays,
    plan,
    from: follows ? 'workspace' : 'table',
  }
}

const tablesOf = memoByScan(() => new WeakMap<readonly WorkspaceTable[], ReadonlyMap<string, WorkspaceTable>>())

/** A workspace's tables by lower-case name, made once per scan. */
export function tablesByName(tables: readonly WorkspaceTable[], context: CheckContext): ReadonlyMap<string, WorkspaceTable> {
  const known = tablesOf(context).get(tables)
  if (known) return known
  const made = new Map(tables.map((table) => [table.name.toLowerCase(), table]))
  tablesOf(context).set(tables, made)
  return made
}

const shortestOf = memoByScan(() => new WeakMap<readonly WorkspaceTable[], number>())

/** Days that the workspace's shortest table keeps, or the workspace itself where that is less; made once per scan. */
function shortestTotal(tables: readonly WorkspaceTable[], workspace: Workspace, context: CheckContext): number {
  const known = shortestOf(context).get(tables)
  if (known !== undefined) return known
  const shortest = Math.min(...[undefined, ...tables].map((table) => figuresOf(table, workspace)?.totalDays ?? 0))
  shortestOf(context).set(tables, shortest)
  return shortest
}

function keptInWorkspace(destination: Destination, tableName: string | null, context: CheckContext): Kept {
  const where = { destination: destination.id, kind: destination.kind, table: tableName }
  const read = context.estate.fact(destination.key, 'workspace-tables')
  const { workspace } = destination
  if (!read?.ok || !workspace) {
    const judgement = unreadJudgement(`The tables of workspace ${destination.id}`, read?.ok ? undefined : read, tablesRead)
    const reasonCode = destination.state === 'approved' ? 'permission-denied' : judgement.reasonCode
    const permission = reasonCode === 'permission-denied' ? (judgement.permission ?? tablesRead) : null
    return { days: null, atLeast: 0, reasonCode, why: judgement.reason, permission, evidence: { ...where, tables: 'unread' } }
  }
  const tables = tablesByName(read.value, context)
  if (tableName === null) return keptInAnyTable(shortestTotal(read.value, workspace, context), workspace, where)
  const figures = figuresOf(tables.get(tableName.toLowerCase()), workspace)
  if (!figures) return { days: null, atLeast: 0, reasonCode: 'api-error', why: `Azure gave no retention for ${tableName} in ${workspace.name}.`, permission: null, evidence: where }
  return { days: figures.totalDays, evidence: { ...where, totalDays: figures.totalDays, from: figures.from } }
}

/** Where the table is not known, only the shortest figure of all tables is sure. */
function keptInAnyTable(shortest: number, workspace: Workspace, where: Evidence): Kept {
  const evidence = { ...where, shortestTableDays: shortest }
  return { days: null, atLeast: shortest, reasonCode: 'unsupported', why: `No source says which table of ${workspace.name} holds these logs; its shortest keeps ${shortest} days.`, permission: null, evidence }
}

/** Diagnostic settings write append blobs, flow logs block blobs. */
export type LogBlob = 'appendblob' | 'blockblob'

/** How much under a path a rule must take: something, or everything. */
type Reach = 'some' | 'all'

function touches(rule: LifecycleRule, path: string, blob: LogBlob, reach: Reach): boolean {
  if (!rule.enabled || !(rule.blobTypes.length === 0 || rule.blobTypes.some((type) => type.toLowerCase() === blob))) return false
  // A blob must meet every filter of a rule, and Azure sets no tags on the logs that it writes.
  if (rule.tags !== undefined) return false
  return rule.prefixMatch.length === 0 || rule.prefixMatch.some((prefix) => path.startsWith(prefix) || (reach === 'some' && prefix.startsWith(path) && isLogPrefix(prefix)))
}

/** False for a prefix that no log has: prefixes are case-sensitive, and Azure writes `resourceId=` so and the id after it in capitals. */
function isLogPrefix(prefix: string): boolean {
  const [, key, id] = /^[^/]+\/(resourceid)=(.*?)(?:\/y=|$)/i.exec(prefix) ?? []
  return key === undefined || (key === 'resourceId' && id === id?.toUpperCase())
}

function deleteDays(rule: LifecycleRule): number {
  const days = [rule.deleteAfterModificationDays, rule.deleteAfterCreationDays, rule.deleteAfterLastAccessDays]
  return Math.min(...days.map((value) => value ?? Number.POSITIVE_INFINITY))
}

export interface Deletion {
  days: number
  rule: string
}

/** The rule that first deletes blobs of a kind under a path such as `insights-logs-auditevent/`, some of them or all; null when none ever does. */
export function firstDeletion(rules: readonly LifecycleRule[], path: string, blob: LogBlob = 'appendblob', reach: Reach = 'some'): Deletion | null {
  const deletions = rules.filter((rule) => touches(rule, path, blob, reach)).map((rule) => ({ days: deleteDays(rule), rule: rule.name }))
  const finite = deletions.filter(({ days }) => Number.isFinite(days))
  return finite.sort((a, b) => a.days - b.days || (a.rule < b.rule ? -1 : 1))[0] ?? null
}

/** The container that Azure makes for a category, and the path of one subject's blobs in it. */
export function containerOf(categoryKey: string, isActivityLog: boolean): string {
  return isActivityLog ? 'insights-activity-logs' : `insights-logs-${categoryKey}`
}

function keptInStorage(destination: Destination, path: string, context: CheckContext): Kept {
  const where = { destination: destination.id, kind: destination.kind, container: path.split('/')[0] }
  const read = context.estate.fact(destination.key, 'storage-lifecycle')
  if (!read?.ok) return { ...rulesUnread(destination, read), evidence: { ...where, rules: 'unread' } }
  const deletion = firstDeletion(read.value, path)
  return { days: deletion?.days ?? Number.POSITIVE_INFINITY, evidence: { ...where, totalDays: daysInWords(deletion?.days ?? Number.POSITIVE_INFINITY), ...(deletion && { rule: deletion.rule }) } }
}

function rulesUnread(destination: Destination, read: Parameters<typeof unreadJudgement>[1]): Extract<Kept, { days: null }> {
  const judgement = unreadJudgement(`The lifecycle rules of storage account ${destination.id}`, read, lifecycleRead)
  const reasonCode = destination.state === 'approved' ? 'permission-denied' : judgement.reasonCode
  const permission = reasonCode === 'permission-denied' ? (judgement.permission ?? lifecycleRead) : null
  return { days: null, atLeast: 0, reasonCode, why: judgement.reason, permission, evidence: { rules: 'unread' } }
}

/** The container that SQL writes audits to, in append blobs: `{server}/{database}/{audit}/{day}/`. */
const auditContainer = 'sqldbauditlogs'

/** How long an account keeps the files of a SQL audit: the audit's own days, or less where a lifecycle rule deletes sooner. */
export function keptAudit(destination: Destination, auditDays: number, context: CheckContext): Kept {
  const where = { destination: destination.id, kind: destination.kind }
  const read = context.estate.fact(destination.key, 'storage-lifecycle')
  if (destination.unclear) return atMostFor(auditDays, keptPerhaps(destination, destination.unclear))
  if (!counts(destination)) return atMostFor(auditDays, keptOutOfSight(destination, lifecycleRead))
  if (!read?.ok) return atMostFor(auditDays, { ...rulesUnread(destination, read), evidence: { ...where, rules: 'unread' } })
  const whole = firstDeletion(read.value, `${auditContainer}/`, 'appendblob', 'all')
  const some = firstDeletion(read.value, `${auditContainer}/`)
  const atMost = Math.min(auditDays, whole?.days ?? Number.POSITIVE_INFINITY)
  const byRule = whole !== null && whole.days < auditDays
  const kept = { days: atMost, evidence: { ...where, totalDays: daysInWords(atMost), ...(byRule && { container: auditContainer, rule: whole.rule }) } }
  if (some !== null && some.days < atMost) {
    const why = `The lifecycle rule '${some.rule}' deletes after ${some.days} days under a path of ${auditContainer} that may be this audit’s.`
    const evidence = { ...where, atMostDays: daysInWords(atMost), container: auditContainer, rule: some.rule, days: some.days }
    return { days: null, atLeast: some.days, atMost: kept, reasonCode: 'unsupported', why, permission: null, evidence }
  }
  return kept
}

/** What SQL keeps for so many days by itself, where nobody knows whether a rule deletes it sooner. */
function atMostFor(auditDays: number, unknown: Extract<Kept, { days: null }>): Kept {
  const evidence = { ...unknown.evidence, auditDays: daysInWords(auditDays) }
  return { ...unknown, atMost: { days: auditDays, evidence }, evidence }
}

/**
 * Copies of a table that a workspace exports to storage accounts (containers `am-` and the table's name), which may carry the long part of its retention. What was
 * never asked for, by a release that did not know of it, counts as none.
 */
export function keptByExports(workspace: Destination, tableName: string | null, context: CheckContext): Kept[] {
  const read = context.estate.fact(workspace.key, 'data-exports')
  if (read === undefined || tableName === null || (!read.ok && !isFailure(read))) return []
  if (!read.ok) {
    const { reasonCode, reason, permission } = unreadJudgement(`What workspace ${workspace.id} exports`, read, exportsRead)
    return [{ days: null, atLeast: 0, reasonCode, why: reason, permission: permission ?? null, evidence: { destination: workspace.id, exports: 'unread' } }]
  }
  const rules = read.value.filter(({ enabled, tables }) => enabled && tables.some((name) => name.toLowerCase() === tableName.toLowerCase()))
  return rules.flatMap(({ name, destinationId }) => {
    if (typeOf(destinationId) !== 'microsoft.storage/storageaccounts') return []
    const account = destinationOf(destinationId, 'storage-account', context)
    if (account.state === 'deleted' || account.state === 'not-ready' || account.state === 'closed') return []
    const kept = account.unclear ? keptPerhaps(account, account.unclear) : counts(account) ? keptInStorage(account, `am-${tableName.toLowerCase()}/`, context) : keptOutOfSight(account, lifecycleRead)
    return [{ ...kept, evidence: { ...kept.evidence, exportedBy: name } }]
  })
}

function keptOutOfSight(destination: Destination, permission: string): Extract<Kept, { days: null }> {
  const why = `It goes to ${destination.id}, in a subscription that cannot be read.`
  return { days: null, atLeast: 0, reasonCode: 'permission-denied', why, permission, evidence: { destination: destination.id, kind: destination.kind, state: destination.state } }
}

/** What a transformation may drop is not sure to be kept at all. */
function keptPerhaps(destination: Destination, unclear: UnclearKeeping): Extract<Kept, { days: null }> {
  const { reasonCode, why, permission } = unclear
  return { days: null, atLeast: 0, reasonCode, why, permission: permission ?? null, evidence: { destination: destination.id, kind: destination.kind, state: destination.state, ...refusalEvidence(unclear) } }
}

/** Evidence of what could not be read of a copy: the destination itself, unless it was something beside it. */
export function refusalOfCopy({ permission, evidence: { refusedOn, destination } }: Extract<Kept, { days: null }>): Evidence {
  return permission === null ? {} : { refusedOn: refusedOn ?? destination }
}

export interface RetentionSubject {
  bothTables: boolean
  isActivityLog: boolean
  /** `resourceId=/SUBSCRIPTIONS/…/` in blob names; empty for Entra. */
  blobPath: string
}

/** How long one flow's destination keeps a category. */
export function keptBy(flow: Flow, category: EffectiveCategory, subject: RetentionSubject, context: CheckContext): Kept {
  const { destination } = flow
  if (flow.auditDays !== undefined) return keptAudit(destination, flow.auditDays, context)
  if (destination.unclear) return keptPerhaps(destination, destination.unclear)
  if (!counts(destination)) return keptOutOfSight(destination, tablesRead)
  switch (destination.kind) {
    case 'workspace':
      return keptInWorkspace(destination, tableOfFlow(flow, category, subject.bothTables), context)
    case 'storage-account':
      return keptInStorage(destination, `${containerOf(category.key, subject.isActivityLog)}/${subject.blobPath}`, context)
    case 'event-hub':
    case 'partner': {
      const why = `Azure cannot tell how long the system behind the ${kindInWords(destination.kind)} ${destination.id.split('/').at(-1)} keeps them.`
      return { days: null, atLeast: 0, reasonCode: 'unsupported', why, permission: null, evidence: { destination: destination.id, kind: destination.kind } }
    }
  }
}

/** The blob path of an ARM id, as Azure writes it in log containers. */
export function blobPathOf(id: string): string {
  const path = id.toUpperCase()
  return `resourceId=${path.startsWith('/') ? path : `/${path}`}/`
}
