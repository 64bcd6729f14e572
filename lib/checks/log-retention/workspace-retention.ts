import type { Check, CheckContext, DestinationUse } from '@/lib/domain/check'
import type { Workspace, WorkspaceTable } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { interactiveDaysAsked, totalDaysAsked } from '@/lib/domain/retention-days'
import { sentinelTables } from '../log-key-points'
import { remediateTables, type ShortTable } from '../remediation/retention'
import { figuresOf, tablesByName, tablesRead, totalDaysOfUse } from '../retention'
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
}

function isShort({ totalDays, interactiveDays, asked }: JudgedTable): boolean {
  return totalDays < asked.total || interactiveDays < asked.interactive
}

function describe({ table, totalDays, interactiveDays, plan, asked }: JudgedTable): string {
  const parts = []
  if (totalDays < asked.total) parts.push(`${totalDays} of ${asked.total} days in total`)
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
  version: 2,
  keyPoint: 'log-retention',
  title: 'Security tables of the workspace are kept long enough',
  question: 'Does every security table in use keep its rows for the required time, and enough of it at hand?',
  why: 'Each table may have a retention of its own, which stays behind when the workspace’s is raised.',
  severity: 'high',
  rules: {
    pass: 'Every table that a required log category, a data collection rule on security events or Sentinel itself writes to reaches both figures of the policy for its key point: in total, and at hand for queries.',
    fail: 'Some table is below one of them. Tables of the Basic and Auxiliary plan are at hand for 30 days.',
    notApplicable: 'No security log that was seen is sent to the workspace.',
    unknown: 'The tables could not be read: the workspace’s own figure proves nothing of its tables.',
  },
  sources: [
    { title: 'Manage data retention in a Log Analytics workspace', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: retentionMappings,
  permissions: [tablesRead, 'Microsoft.OperationalInsights/workspaces/read'],

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
    return judge(tables.map((name) => ({ name, asked: askedOf(name, use, context) })), tablesByName(read.value, context), workspace)
  },

  remediate({ resourceId, judgement }, { policy }) {
    return remediateTables(shortIn(judgement.evidence?.short, resourceId), policy)
  },
}

function judge(tables: readonly { name: string; asked: JudgedTable['asked'] }[], byName: ReadonlyMap<string, WorkspaceTable>, workspace: Workspace): Judgement {
  const judged: JudgedTable[] = []
  const silent: string[] = []
  for (const { name, asked } of tables) {
    const table = byName.get(name.toLowerCase())
    const figures = figuresOf(table, workspace)
    if (figures) judged.push({ table: table?.name ?? name, asked, ...figures })
    else silent.push(name)
  }
  const short = judged.filter(isShort)
  const evidence = { workspaceRetentionDays: workspace.retentionInDays, tables: judged, ...(short.length > 0 && { short }) }
  if (short.length > 0) {
    const shown = short.slice(0, 3).map(describe)
    const words = short.length > 3 ? `${shown.join(', ')} and ${short.length - 3} more` : listInWords(shown)
    return { verdict: 'fail', reason: `Kept too short: ${words}.`, evidence }
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
    if (typeof one !== 'object' || one === null || !('table' in one) || typeof one.table !== 'string') return []
    const asked = 'asked' in one && typeof one.asked === 'object' && one.asked !== null && 'total' in one.asked ? one.asked.total : undefined
    return [{ workspaceId, table: one.table, ...(typeof asked === 'number' && { totalDays: asked }) }]
  })
}
