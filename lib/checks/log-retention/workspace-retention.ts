import type { Check } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { remediateTables } from '../remediation/retention'
import { figuresOf, tablesByName, tablesRead, totalDaysOf } from '../retention'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { askWorkspace } from '../workspace-subject'
import { retentionMappings } from './mappings'

interface JudgedTable {
  table: string
  plan: string
  interactiveDays: number
  totalDays: number
  from: string
}

/** The short tables as the finding stored them. */
function tablesIn(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((table: unknown) => {
    if (typeof table !== 'object' || table === null || !('table' in table)) return []
    return typeof table.table === 'string' ? [table.table] : []
  })
}

function describe({ table, totalDays, interactiveDays, plan }: JudgedTable, asked: { total: number; interactive: number }): string {
  const parts = []
  if (totalDays < asked.total) parts.push(`${totalDays} days in total`)
  if (interactiveDays < asked.interactive) parts.push(`${interactiveDays} at hand${plan === 'Analytics' ? '' : ` by its ${plan} plan`}`)
  return `${table} (${parts.join(', ')})`
}

function askedDays(policy: Policy, total: number): { total: number; interactive: number } {
  return { total, interactive: policy.retentionDays.interactive }
}

export const workspaceRetention: Check = {
  id: 'workspace-retention',
  version: 1,
  keyPoint: 'log-retention',
  title: 'Security tables of the workspace are kept long enough',
  question: 'Does every security table in use keep its rows for the required time, and enough of it at hand?',
  why: 'Each table may have a retention of its own, which stays behind when the workspace’s is raised.',
  severity: 'high',
  rules: {
    pass: 'Every table that a required log category writes to reaches both figures of the policy: in total, and at hand for queries.',
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
    if (!use || use.tables.length === 0) {
      return { verdict: 'not-applicable', reason: 'No security log that was seen is sent to this workspace.' }
    }
    const asked = askedDays(context.policy, totalDaysOf(context, 'log-retention'))
    const read = context.estate.fact(subject.id, 'workspace-tables')
    if (!read?.ok) {
      const judgement = unreadJudgement('The tables of the workspace', read, tablesRead)
      return { ...judgement, evidence: { ...judgement.evidence, workspaceRetentionDays: workspace.retentionInDays, tables: use.tables } }
    }
    const byName = tablesByName(read.value, context)
    const judged: JudgedTable[] = []
    const silent: string[] = []
    for (const name of use.tables) {
      const table = byName.get(name.toLowerCase())
      const figures = figuresOf(table, workspace)
      if (figures) judged.push({ table: table?.name ?? name, ...figures })
      else silent.push(name)
    }
    const short = judged.filter((table) => table.totalDays < asked.total || table.interactiveDays < asked.interactive)
    const evidence = { requiredDays: asked, workspaceRetentionDays: workspace.retentionInDays, tables: judged, ...(short.length > 0 && { short }) }
    if (short.length > 0) {
      const shown = short.slice(0, 3).map((table) => describe(table, asked))
      const words = short.length > 3 ? `${shown.join(', ')} and ${short.length - 3} more` : listInWords(shown)
      return { verdict: 'fail', reason: `Kept too short, of ${asked.total} days in total and ${asked.interactive} at hand: ${words}.`, evidence }
    }
    if (silent.length > 0) {
      return { verdict: 'unknown', reasonCode: 'api-error', reason: `Azure gave no retention for ${listInWords(silent)}.`, evidence }
    }
    return { verdict: 'pass', reason: `Each of its ${judged.length} security tables in use is kept ${asked.total} days or longer, ${asked.interactive} of them at hand.`, evidence }
  },

  remediate({ resourceId, judgement }, { policy }) {
    return remediateTables(tablesIn(judgement.evidence?.short).map((table) => ({ workspaceId: resourceId, table })), policy)
  },
}
