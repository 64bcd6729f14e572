import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationUse, Subject } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import { tenantSubject } from '@/lib/domain/fact'
import type { KeyPoint } from '@/lib/domain/key-point'
import { AskedCategories } from './asked-categories'
import { counts, destinationOf, mayKeep, type Destination } from './destination'
import { effectiveLogging, type EffectiveLogging } from './effective-logging'
import { flowLogType, isOfSecurityGroup } from './flow-log'
import { tableOfFlow } from './flow-table'
import { keyPointOfLog } from './log-key-points'
import { tablesFilled, type FilledTable } from './machine-tables'
import { resourceLogging, type ComparedLogging } from './resource-logging'
import { isRequired, type RequiredSet } from './required-categories'
import { containerOf } from './retention'
import { contextOfSubject } from './scoped-context'
import { scopesOf } from './subjects'
import { valueOf } from './unread'

/** What one part of the estate sends where. */
export interface PartUse {
  use: Map<ResourceKey, DestinationUse>
  /** Workspaces that receive required categories of a subscription's activity log, with the id as written. */
  activityLogWorkspaces: Map<ResourceKey, string>
}

interface Gathered {
  subjects: number
  tables: Set<string>
  categories: Set<string>
  keyPoints: Map<string, Set<KeyPoint>>
  onlyCopies: Set<string>
  unclearCopies: Set<string>
}

function place(into: Map<ResourceKey, Gathered>, destination: Destination): Gathered {
  const known = into.get(destination.key)
  if (known) return known
  const made = { subjects: 0, tables: new Set<string>(), categories: new Set<string>(), keyPoints: new Map<string, Set<KeyPoint>>(), onlyCopies: new Set<string>(), unclearCopies: new Set<string>() }
  into.set(destination.key, made)
  return made
}

/** Notes what a table or container is for. */
function serve(into: Gathered, name: string, keyPoints: readonly KeyPoint[]): void {
  const known = into.keyPoints.get(name) ?? new Set<KeyPoint>()
  into.keyPoints.set(name, known)
  for (const keyPoint of keyPoints) known.add(keyPoint)
}

/** What some subjects that are configured alike send. */
interface Sent {
  effective: EffectiveLogging
  required: RequiredSet
  isActivityLog: boolean
  subjects: number
}

/** Adds what they send to the destinations that take it. */
function gather(into: Map<ResourceKey, Gathered>, sent: Sent, context: CheckContext): void {
  const { effective, required, isActivityLog, subjects } = sent
  const asked = new AskedCategories(effective, required, { bothTables: effective.profile.bothTables, isActivityLog, blobPath: '' }, context)
  const seen = new Set<ResourceKey>()
  const count = (destination: Destination): Gathered => {
    const gathered = place(into, destination)
    if (!seen.has(destination.key)) gathered.subjects += subjects
    seen.add(destination.key)
    return gathered
  }
  for (const category of effective.categories.values()) {
    const keyPoint = keyPointOfLog(effective.profile.type, category.key)
    for (const flow of category.flows) {
      const { destination } = flow
      if (flow.auditDays !== undefined || !mayKeep(destination)) continue
      const gathered = count(destination)
      if (!asked.isKept(category)) continue
      if (destination.kind === 'workspace') {
        const table = tableOfFlow(flow, category, effective.profile.bothTables)
        if (table !== null) {
          gathered.tables.add(table)
          serve(gathered, table, [keyPoint])
        }
      } else if (destination.kind === 'storage-account') {
        const container = containerOf(category.key, isActivityLog)
        const elsewhere = asked.inWorkspace(category)
        gathered.categories.add(container)
        serve(gathered, container, [keyPoint])
        if (elsewhere !== 'yes') (elsewhere === 'no' ? gathered.onlyCopies : gathered.unclearCopies).add(container)
      } else if (asked.isRequired(category) && asked.isOnlyAt(destination, category)) {
        gathered.categories.add(category.key)
      }
    }
  }
  for (const { flow } of effective.openGroups) if (mayKeep(flow.destination)) count(flow.destination)
}

/** Adds what the data collection rules of one machine fill. */
function gatherMachine(into: Map<ResourceKey, Gathered>, filled: readonly FilledTable[]): void {
  const seen = new Set<ResourceKey>()
  for (const { workspace, table, keyPoints } of filled) {
    const gathered = place(into, workspace)
    if (!seen.has(workspace.key)) gathered.subjects += 1
    seen.add(workspace.key)
    gathered.tables.add(table)
    serve(gathered, table, keyPoints)
  }
}

/** A table that something other than a diagnostic setting fills. */
function fill(into: Map<ResourceKey, Gathered>, workspaceId: string, table: string, keyPoint: KeyPoint, context: CheckContext): void {
  const workspace = destinationOf(workspaceId, 'workspace', context)
  if (!counts(workspace)) return
  const gathered = place(into, workspace)
  gathered.subjects += 1
  gathered.tables.add(table)
  serve(gathered, table, [keyPoint])
}

/** Adds where traffic analytics takes a flow log. */
function gatherFlowLog(into: Map<ResourceKey, Gathered>, { id, type }: Resource, context: CheckContext): void {
  if (type !== flowLogType) return
  const log = valueOf(context.estate.fact(id, 'flow-log'))
  const workspaceId = log?.enabled ? log.trafficAnalytics?.workspaceId : null
  if (log && workspaceId) fill(into, workspaceId, isOfSecurityGroup(log) ? 'AzureNetworkAnalytics_CL' : 'NTANetAnalytics', 'audit-logging', context)
}

/** Adds where Defender's alerts of a subscription are exported to. */
function gatherExports(into: Map<ResourceKey, Gathered>, subscriptionId: string, context: CheckContext): void {
  const own = toResourceKey(subscriptionId)
  const exports = valueOf(context.estate.fact(tenantSubject(context.estate.tenantId), 'alerting'))?.exports ?? []
  const named = exports.filter(({ enabled, scopes }) => enabled && scopes.map(toResourceKey).some((key) => key === own || key.startsWith(`${own}/`)))
  const workspaces = new Map(named.flatMap(({ workspaceIds }) => workspaceIds.map((id) => [toResourceKey(id), id] as const)))
  for (const id of workspaces.values()) fill(into, id, 'SecurityAlert', 'anomaly-alerts', context)
}

/** What this part of the estate sends where: needs neither `destinations.use` nor `central`. */
export function destinationUse(context: CheckContext): PartUse {
  const { estate } = context
  const gathered = new Map<ResourceKey, Gathered>()
  const activityLogWorkspaces = new Map<ResourceKey, string>()
  const alike = new Map<ComparedLogging, number>()
  for (const resource of estate.resources) {
    const subject: Subject = { kind: 'resource', id: resource.id, resource }
    const logging = resourceLogging(resource, contextOfSubject(subject, context))
    if (logging.state === 'read') alike.set(logging, (alike.get(logging) ?? 0) + 1)
    gatherMachine(gathered, tablesFilled(subject, context))
    gatherFlowLog(gathered, resource, context)
  }
  for (const [{ effective, required }, subjects] of alike) gather(gathered, { effective, required, isActivityLog: false, subjects }, context)
  for (const subject of scopesOf(context)) {
    const scope = subject.id
    if (subject.kind === 'subscription') gatherExports(gathered, scope, context)
    const effective = effectiveLogging(scope, contextOfSubject(subject, context))
    if (!effective?.read?.ok) continue
    const { required } = effective.profile
    gather(gathered, { effective, required, isActivityLog: estate.subscription !== null || !scope.startsWith('/tenants/'), subjects: 1 }, context)
    if (estate.subscription === null) continue
    for (const category of effective.categories.values()) {
      if (!isRequired(required, category.key)) continue
      for (const { destination } of category.flows) {
        if (destination.kind === 'workspace' && mayKeep(destination)) activityLogWorkspaces.set(destination.key, destination.workspace?.id ?? destination.id)
      }
    }
  }
  const use = new Map<ResourceKey, DestinationUse>()
  for (const [key, one] of gathered) use.set(key, toUse(one))
  return { use, activityLogWorkspaces }
}

function toUse({ subjects, tables, categories, keyPoints, onlyCopies, unclearCopies }: Gathered): DestinationUse {
  const serving = [...keyPoints].filter(([, served]) => served.size > 1 || !served.has('audit-logging')).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    subjects,
    tables: [...tables].sort(),
    categories: [...categories].sort(),
    ...(serving.length > 0 && { keyPoints: Object.fromEntries(serving.map(([name, served]) => [name, [...served].sort()])) }),
    ...(onlyCopies.size > 0 && { onlyCopies: [...onlyCopies].sort() }),
    ...(unclearCopies.size > 0 && { unclearCopies: [...unclearCopies].sort() }),
  }
}
