import type { Check, CheckContext, DestinationUse } from '@/lib/domain/check'
import type { Workspace, WorkspaceTable } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { interactiveDaysAsked, totalDaysAsked } from '@/lib/domain/retention-days'
import { destinationOf } from '../destination'
import { sentinelTables } from '../log-key-points'
import { fieldsOf } from '../remediation/evidence-fields'
import { remediateTables, type ShortTable } from '../remediation/retention'
import { daysInWords, exportsRead, figuresOf, keptByExports, lifecycleRead, refusalOfCopy, tablesByName, tablesRead, totalDaysOfUse, type Kept } from '../retention'
import { unreadJudgement, valueOf } from '../unread'
import { listInWords } from '../wording'
import { askWorkspace } from '../workspace-subject'
import { retentionMappings } from './mappings'

interface JudgedTable {
  table: string
  /** Days that the policy asks of it, in total and at hand. */
  asked: { total: number; interactive: number }
  plan: string
  interactiveDays: number
  totalDays: number
  from: string
  /** Days that a copy in a storage account is kept, where the workspace exports the table and keeps it too short itself. */
  exportedDays?: number | 'for ever'
}

function isKeptTotal({ totalDays, exportedDays, asked }: JudgedTable): boolean {
  return totalDays >= asked.total || exportedDays === 'for ever' || (exportedDays !== undefined && exportedDays >= asked.total)
}

function isShort(table: JudgedTable): boolean {
  return !isKeptTotal(table) || table.interactiveDays < table.asked.interactive
}

function describe(judged: JudgedTable): string {
  const { table, totalDays, interactiveDays, plan, asked } = judged
  const parts = []
  if (!isKeptTotal(judged)) parts.push(`${totalDays} of ${asked.total} days in total`)
  if (interactiveDays < asked.interactive) parts.push(`${interactiveDays} of ${asked.interactive} at hand${plan === 'Analytics' ? '' : ` by its ${plan} plan`}`)
  return `${table} (${parts.join(', ')})`
}

/** Security tables in use: what is seen to go there, and what Sentinel fills by itself. */
function tablesInUse(id: string, use: DestinationUse | undefined, context: CheckContext): string[] {
  const sentinel = valueOf(context.estate.fact(id, 'sentinel-onboarding'))?.onboarded ? sentinelTables : []
  const there = tablesByName(valueOf(context.estate.fact(id, 'workspace-tables')) ?? [], context)
  return [...new Set([...(use?.tables ?? []), ...sentinel.filter((name) => there.has(name.toLowerCase()))])].sort()
}

function askedOf(table: string, use: DestinationUse | undefined, context: CheckContext): JudgedTable['asked'] {
  const { retentionDays } = context.policy
  const total = sentinelTables.includes(table) ? totalDaysAsked(retentionDays, ['anomaly-alerts']) : totalDaysOfUse(table, use ?? {}, context)
  return { total, interactive: interactiveDaysAsked(retentionDays, total) }
}

export const workspaceRetention: Check = {
  id: 'workspace-retention',
  version: 7,
  keyPoint: 'log-retention',
  title: 'Security tables of the workspace are kept long enough',
  question: 'Does every security table in use keep its rows for the required time, and enough of it at hand?',
  why: 'Each table may have a retention of its own, which stays behind when the workspace’s is raised.',
  severity: 'high',
  rules: {
    pass: 'Every table that a required log category, a data collection rule on security events, traffic analytics of a flow log, Defender’s export of alerts or Sentinel itself writes to reaches both figures of the policy for its key point: in total, where a copy that the workspace exports to a storage account counts, and at hand for queries. Where one of several categories is enough and one of them is kept long enough, the tables of the others are not asked.',
    fail: 'Some table is below one of them. Tables of the Basic plan are at hand for 30 days; those of the Auxiliary plan answer queries, slowly, for as long as they are kept.',
    notApplicable: 'No security log that was seen is sent to the workspace.',
    unknown: 'The tables could not be read: the workspace’s own figure proves nothing of its tables. Or a table is too short and what the workspace exports could not be read.',
  },
  sources: [
    { title: 'Manage data retention in a Log Analytics workspace', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure' },
    { title: 'Query data in Basic and Auxiliary tables', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/basic-logs-query' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: retentionMappings,
  permissions: [tablesRead, exportsRead, lifecycleRead, 'Microsoft.OperationalInsights/workspaces/read'],

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    const found = askWorkspace(subject, context)
    if (found === undefined || 'judgement' in found) return found?.judgement
    const { workspace, use } = found
    const tables = tablesInUse(subject.id, use, context)
    if (tables.length === 0) return { verdict: 'not-applicable', reason: 'No security log that was seen is sent to this workspace.' }
    const read = context.estate.fact(subject.id, 'workspace-tables')
    if (!read?.ok) {
      const judgement = unreadJudgement('The tables of the workspace', read, tablesRead)
      return { ...judgement, evidence: { ...judgement.evidence, workspaceRetentionDays: workspace.retentionInDays, tables } }
    }
    const exported = (table: string) => keptByExports(destinationOf(subject.id, 'workspace', context), table, context)
    return judge(tables.map((name) => ({ name, asked: askedOf(name, use, context) })), tablesByName(read.value, context), workspace, exported)
  },

  remediate({ resourceId, judgement }, { policy }) {
    return remediateTables(shortIn(judgement.evidence?.short, resourceId), policy)
  },
}

function judge(
  tables: readonly { name: string; asked: JudgedTable['asked'] }[], byName: ReadonlyMap<string, WorkspaceTable>, workspace: Workspace, exported: (table: string) => Kept[],
): Judgement {
  const judged: JudgedTable[] = []
  const unclear: { table: string; kept: Extract<Kept, { days: null }> }[] = []
  const silent: string[] = []
  for (const { name, asked } of tables) {
    const table = byName.get(name.toLowerCase())
    const figures = figuresOf(table, workspace)
    if (!figures) {
      silent.push(name)
      continue
    }
    const copies = figures.totalDays < asked.total ? exported(name) : []
    const days = Math.max(0, ...copies.map((kept) => kept.days ?? kept.atLeast))
    const one = { table: table?.name ?? name, asked, ...figures, ...(days > 0 && { exportedDays: daysInWords(days) }) }
    const open = copies.find((kept) => kept.days === null)
    // Whether it is kept in total is not known, and all else is as asked.
    if (open?.days === null && !isKeptTotal(one) && one.interactiveDays >= asked.interactive) unclear.push({ table: one.table, kept: open })
    else judged.push(one)
  }
  const short = judged.filter(isShort)
  const evidence = { workspaceRetentionDays: workspace.retentionInDays, tables: judged, ...(short.length > 0 && { short }) }
  if (short.length > 0) {
    const shown = short.slice(0, 3).map(describe)
    const words = short.length > 3 ? `${shown.join(', ')} and ${short.length - 3} more` : listInWords(shown)
    return { verdict: 'fail', reason: `Kept too short: ${words}.`, evidence }
  }
  const [first] = unclear
  if (first !== undefined) {
    const { reasonCode, why, permission } = first.kept
    const names = listInWords(unclear.map(({ table }) => table))
    const reason = `The workspace itself keeps ${names} too short, and whether a copy is kept longer is not known. ${why}`
    return { verdict: 'unknown', reasonCode, reason, evidence: { ...evidence, unclear: unclear.map(({ table }) => table), ...refusalOfCopy(first.kept) }, ...(permission && { permission }) }
  }
  if (silent.length > 0) {
    return { verdict: 'unknown', reasonCode: 'api-error', reason: `Azure gave no retention for ${listInWords(silent)}.`, evidence }
  }
  const { total, interactive } = judged.reduce((most, { asked }) => ({ total: Math.max(most.total, asked.total), interactive: Math.max(most.interactive, asked.interactive) }), { total: 0, interactive: 0 })
  const long = judged.every(({ asked }) => asked.total === total) ? `${total} days or longer, ${interactive} of them at hand` : `as long as is asked of it, up to ${total} days`
  return { verdict: 'pass', reason: `Each of its ${judged.length} security tables in use is kept ${long}.`, evidence }
}

/** The short tables as the finding stored them. */
function shortIn(value: unknown, workspaceId: string): ShortTable[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one: unknown) => {
    const { table, asked, interactiveDays, totalDays, plan, exportedDays } = fieldsOf(one)
    if (typeof table !== 'string') return []
    const askedTotal = fieldsOf(asked).total
    const isSeen = typeof interactiveDays === 'number' && typeof totalDays === 'number' && typeof plan === 'string'
    const isExported = exportedDays === 'for ever' || (typeof exportedDays === 'number' && typeof askedTotal === 'number' && exportedDays >= askedTotal)
    return [{ workspaceId, table, ...(typeof askedTotal === 'number' && { totalDays: askedTotal }), ...(isSeen && { seen: { interactiveDays, totalDays, plan, isExported } }) }]
  })
}
