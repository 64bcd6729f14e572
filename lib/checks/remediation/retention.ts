import { nameOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { interactiveDaysAsked, retentionDaysMax, totalDaysAsked } from '@/lib/domain/retention-days'
import { listInWords } from '../wording'
import { fieldsOf } from './evidence-fields'
import { daysSeen, isLongEnough, notRead } from './kept'
import { remediateLifecycle, seeLifecycle } from './lifecycle'
import { azapiUpdate, bicepResource } from './object-text'
import { shellQuote, terraformString, workspacePlaceholder } from './quote'
import { remediateDatabaseAuditRetention } from './sql-auditing'
import { workspaceArguments } from './workspace'

/** A table of a workspace that a finding found too short. */
export interface ShortTable {
  workspaceId: string
  table: string
  /** Days that it was asked for; absent: by the policy. */
  totalDays?: number
  /** As the finding saw it; absent: it looked at the days in total alone. */
  seen?: { interactiveDays: number; totalDays: number; plan: string; isExported: boolean }
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textIn(value: unknown, name: string): string | null {
  const found = fieldsOf(value)[name]
  return typeof found === 'string' ? found : null
}

/** The copies that a retention finding stored of what is kept too short in each of them, flattened, with the days asked. */
function shortCopiesIn(evidence: unknown, days: number): { copy: unknown; asked: number }[] {
  return listIn(fieldsOf(evidence).kept).flatMap((kept) => {
    const asked = daysIn(kept) ?? days
    const copies = listIn(fieldsOf(kept).copies)
    return copies.some((copy) => isKeptFor(copy, asked)) ? [] : copies.map((copy) => ({ copy, asked }))
  })
}

function isKeptFor(copy: unknown, days: number): boolean {
  const { totalDays: kept } = fieldsOf(copy)
  return kept === 'for ever' || (typeof kept === 'number' && kept >= days)
}

/** False where nobody saw how long it is kept, which may be longer than is asked. */
function isRead(copy: unknown): boolean {
  const { totalDays: inTotal, shortestTableDays: ofAnyTable, auditDays } = fieldsOf(copy)
  return daysSeen(inTotal ?? ofAnyTable ?? auditDays) !== null
}

function totalDays(policy: Policy): number {
  return totalDaysAsked(policy.retentionDays, ['audit-logging'])
}

/** The days that a finding stored as asked. */
export function daysIn(evidence: unknown): number | null {
  const { requiredDays: days } = fieldsOf(evidence)
  return typeof days === 'number' ? days : null
}

// What a table takes: https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
const interactiveDaysMax = 730
const totalDaysSteps = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, retentionDaysMax]

/** The figure that Azure takes which is as long or longer; beyond two years it takes whole years alone. */
function totalDaysTaken(days: number): number {
  return days <= interactiveDaysMax ? days : (totalDaysSteps.find((step) => step >= days) ?? retentionDaysMax)
}

/** What a table is to have; a figure that is absent stays as it is. Nothing that is longer already is made shorter. */
interface TableFigures {
  plan?: 'Analytics'
  interactive?: number
  total: number
}

function figuresFor({ totalDays: askedTotal, seen }: ShortTable, policy: Policy): TableFigures {
  const asked = askedTotal ?? totalDays(policy)
  if (seen === undefined) return { total: totalDaysTaken(asked) }
  const plan = seen.plan.toLowerCase()
  const askedInteractive = Math.min(interactiveDaysAsked(policy.retentionDays, asked), interactiveDaysMax)
  const isShort = seen.interactiveDays < askedInteractive
  const interactive = Math.max(seen.interactiveDays, askedInteractive)
  const total = totalDaysTaken(Math.max(seen.isExported ? 0 : asked, seen.totalDays, isShort ? interactive : 0))
  // An Auxiliary table is at hand for as long as it is kept. The days at hand of a Basic one are fixed, and Azure refuses a figure for either.
  if (plan === 'auxiliary') return { total }
  return { ...(isShort && plan !== 'analytics' && { plan: 'Analytics' as const }), ...((plan === 'analytics' || isShort) && { interactive }), total }
}

function summaryOf(tables: readonly (ShortTable & { figures: TableFigures })[]): string {
  const [first] = tables
  const alike = tables.every(({ figures }) => figures.total === first?.figures.total && figures.interactive === first.figures.interactive)
  const atHand = first?.figures.interactive === undefined ? '' : `, ${first.figures.interactive} of them at hand`
  const moved = tables.filter(({ figures }) => figures.plan !== undefined).map(({ table }) => table)
  return [
    `${alike ? `Keep each table for ${first?.figures.total} days in total${atHand}` : 'Keep each table as long as the policy asks of its logs'}. A table's own figure overrides the workspace's.`,
    ...(moved.length > 0 ? [`The plan Basic keeps 30 days at hand, whatever is asked: ${listInWords(moved)} must have the plan Analytics, which costs more and can be changed once a week.`] : []),
  ].join(' ')
}

const tablePlaceholder = '<table>'

/** Longer retention for tables: their own figures, since a table does not follow a raised workspace once it has one. */
export function remediateTables(tables: readonly ShortTable[], policy: Policy): Remediation {
  const named = tables.length > 0 ? tables : [{ workspaceId: workspacePlaceholder, table: tablePlaceholder }]
  const shown = named.map((one: ShortTable) => ({ ...one, figures: figuresFor(one, policy) }))
  return {
    summary: summaryOf(shown),
    azureCli: shown.map(({ workspaceId, table, figures: { plan, interactive, total } }) => [
      `az monitor log-analytics workspace table update ${workspaceArguments(workspaceId)} --name ${shellQuote(table)}`,
      ...(plan === undefined ? [] : [`--plan ${plan}`]), ...(interactive === undefined ? [] : [`--retention-time ${interactive}`]), `--total-retention-time ${total}`,
    ].join(' ')).join('\n'),
    bicep: shown.map((one, index) => bicepTable(one, index)).join('\n\n'),
    terraform: shown.map((one, index) => terraformTable(one, index)).join('\n\n'),
    portal: 'Open the workspace, Settings, Tables, Manage table.',
  }
}

const tableType = 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01'

/** The plan to write with a table as a whole, since what is left out falls back to a default; null where the rest is not known, or the plan is none that these take. */
function planOf({ seen, figures }: ShortTable & { figures: TableFigures }): string | null {
  return figures.plan ?? (seen === undefined || seen.plan.toLowerCase() === 'auxiliary' ? null : seen.plan)
}

function bicepTable(short: ShortTable & { figures: TableFigures }, index: number): string {
  const { workspaceId, table, figures: { interactive, total } } = short
  const plan = planOf(short)
  const resource = bicepResource({
    symbol: `table${index}`, type: tableType,
    body: { name: `${nameOf(workspaceId)}/${table}`, properties: { ...(plan !== null && { plan }), ...(interactive !== undefined && { retentionInDays: interactive }), totalRetentionInDays: total } },
  })
  return plan === null ? `// In the table as it is, beside its own plan and retentionInDays:\n${resource}` : resource
}

function terraformTable(short: ShortTable & { figures: TableFigures }, index: number): string {
  const { workspaceId, table, figures: { interactive, total } } = short
  const plan = planOf(short)
  if (plan === null) return azapiUpdate(`table${index}`, tableType, `${workspaceId}/tables/${table}`, { totalRetentionInDays: total })
  return [
    `resource "azurerm_log_analytics_workspace_table" "table${index}" {`,
    `  workspace_id            = ${terraformString(workspaceId)}`,
    `  name                    = ${terraformString(table)}`,
    `  plan                    = ${terraformString(plan)}`,
    ...(interactive === undefined ? [] : [`  retention_in_days       = ${interactive}`]),
    `  total_retention_in_days = ${total}`,
    '}',
  ].join('\n')
}

/** For a resource or subscription: the tables or account that keep its logs too short. */
export function remediateRetention(subject: RemediationSubject, { policy }: RemediationContext): Remediation {
  const { evidence } = subject.judgement
  const days = daysIn(evidence) ?? totalDays(policy)
  const copies = shortCopiesIn(evidence, days)
  const tables = copies.flatMap(({ copy, asked }) => {
    const workspaceId = textIn(copy, 'destination')
    return textIn(copy, 'kind') === 'workspace' && isRead(copy) && workspaceId ? [{ workspaceId, table: textIn(copy, 'table') ?? tablePlaceholder, totalDays: asked }] : []
  })
  if (copies.length > 0 && copies.every(({ copy }) => /^(event-hub|partner)$/.test(textIn(copy, 'kind') ?? ''))) {
    return { summary: 'Send the logs to a workspace or a storage account as well, whose retention Azure can tell.', portal: 'Open the resource, Monitoring, Diagnostic settings.' }
  }
  const account = copies.find(({ copy }) => textIn(copy, 'kind') === 'storage-account' && textIn(copy, 'container') !== null)
  const accountId = textIn(account?.copy, 'destination')
  if (tables.length === 0 && accountId) {
    const inAccount = copies.map(({ copy }) => copy).filter((copy) => textIn(copy, 'destination') === accountId)
    const rules = inAccount.flatMap((copy) => textIn(copy, 'rule') ?? [])
    return rules.length === 0 ? seeLifecycle(days) : remediateLifecycle({ accountId, days, rules, containers: inAccount.flatMap((copy) => textIn(copy, 'container') ?? []) })
  }
  if (tables.length === 0 && copies.some(({ copy, asked }) => isLongEnough(daysSeen(fieldsOf(copy).auditDays), asked))) return seeLifecycle(days)
  const audited = copies.map(({ copy }) => (textIn(copy, 'kind') === 'storage-account' && isRead(copy) ? textIn(copy, 'destination') : null)).find((id) => id !== null)
  if (tables.length === 0 && audited !== undefined && subject.resourceType === 'microsoft.sql/servers/databases') return remediateDatabaseAuditRetention(subject.resourceId, audited, days)
  if (tables.length === 0 && copies.length > 0) {
    return { summary: `Keep these logs for ${days} days in total where they go. ${notRead}`, portal: 'Open the destination: of a workspace Settings, Tables, Manage table, of a storage account Data management, Lifecycle management.' }
  }
  // A table that takes several logs keeps the longest asked.
  const distinct = new Map<string, ShortTable & { totalDays: number }>()
  for (const one of tables) {
    const key = `${one.workspaceId}/${one.table}`.toLowerCase()
    const known = distinct.get(key)
    if (known === undefined || known.totalDays < one.totalDays) distinct.set(key, one)
  }
  return remediateTables([...distinct.values()], policy)
}
