import { nameOf } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { CollectionRule, Workspace } from '@/lib/domain/estate'
import type { Truth } from './anomaly-alerts/kql-condition'
import type { UnclearKeeping } from './destination'
import { passesOn } from './transformation'
import { unreadJudgement } from './unread'

/**
 * A workspace may have a data collection rule of its own, which is applied to all that comes into a table otherwise than by another such rule: to diagnostic
 * settings, then (https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations#workspace-transformation-dcr).
 */

export const transformationsRead = 'Microsoft.Insights/dataCollectionRules/read'

/** Rows of one log, as far as they are known before one is seen. */
export interface LogRows {
  /** Null: no source says in which table they land. */
  table: string | null
  category: string
  /** Of the resource that sends them, in lower case. */
  type: string
}

/** What becomes of them. `by`: the transformations that had a say, for evidence. */
export interface Fate {
  outcome: 'kept' | 'dropped' | UnclearKeeping
  by: readonly AppliedTransformation[]
}

export interface AppliedTransformation {
  rule: string
  table: string
  transformKql: string
}

const kept: Fate = { outcome: 'kept', by: [] }
const streamPrefix = 'microsoft-table-'
/** Tables of services whose rows carry the name of the category. In others the column is missing, or holds something else. */
const categoryTables: ReadonlySet<string> = new Set(['azurediagnostics', 'storagebloblogs', 'storagefilelogs', 'storagequeuelogs', 'storagetablelogs'])

/** What the workspace's own rule makes of these rows. */
export function fateIn(workspace: Workspace, rows: LogRows, context: CheckContext): Fate {
  const { defaultRuleId } = workspace
  if (defaultRuleId === null) return kept
  const read = context.estate.fact(defaultRuleId, 'collection-rule')
  if (read?.ok) return fateBy(read.value, rows)
  if (read?.reason === 'gone') return kept
  const { reasonCode, reason, permission } = unreadJudgement(`The transformations of ${workspace.name}, which may leave out rows,`, read, transformationsRead)
  return { outcome: { reasonCode, why: reason, permission, refusedOn: defaultRuleId }, by: [] }
}

function fateBy(rule: CollectionRule, rows: LogRows): Fate {
  const applied = rule.flows.flatMap(({ streams, transformKql, outputStream }) => streams.flatMap((stream) => {
    const table = tableOf(stream)
    if (table === null || transformKql === null || (rows.table !== null && table.toLowerCase() !== rows.table.toLowerCase())) return []
    const elsewhere = outputStream !== undefined && outputStream.toLowerCase() !== stream.toLowerCase()
    const passes = elsewhere ? null : passesOn(transformKql, rows.table === null ? {} : columnsOf(rows))
    return [{ passes, by: { rule: rule.id, table, transformKql } }]
  }))
  const by = applied.map((one) => one.by)
  const truths = applied.map(({ passes }) => passes)
  if (rows.table === null) return truths.every((truth) => truth === true) ? kept : { outcome: unclear(rule, 'some table'), by }
  return { outcome: outcomeOf(truths, rule, rows.table), by }
}

/** A row that any flow of its table takes on is there. */
function outcomeOf(truths: readonly Truth[], rule: CollectionRule, table: string): Fate['outcome'] {
  if (truths.length === 0 || truths.includes(true)) return 'kept'
  return truths.includes(null) ? unclear(rule, table) : 'dropped'
}

function unclear(rule: CollectionRule, table: string): UnclearKeeping {
  return { reasonCode: 'unsupported', why: `The workspace’s own rule ${nameOf(rule.id)} transforms ${table} in a way that may leave out these rows.` }
}

function tableOf(stream: string): string | null {
  return stream.toLowerCase().startsWith(streamPrefix) ? stream.slice(streamPrefix.length) : null
}

/** By the column's name in lower case. */
function columnsOf({ table, category, type }: LogRows): Record<string, string> {
  const key = table?.toLowerCase() ?? ''
  if (key === 'azureactivity') return { categoryvalue: category }
  if (!categoryTables.has(key)) return {}
  if (key !== 'azurediagnostics') return { category }
  const [provider = '', ...types] = type.toUpperCase().split('/')
  return { category, resourceprovider: provider, resourcetype: types.join('/') }
}
