import { nameOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { interactiveDaysAsked, totalDaysAsked } from '@/lib/domain/retention-days'
import { listInWords } from '../wording'
import { remediateLifecycle } from './lifecycle'
import { bicepResource } from './object-text'
import { shellQuote, terraformString } from './quote'
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
  if (typeof value !== 'object' || value === null || !(name in value)) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' ? found : null
}

/** The copies that a retention finding stored, flattened, with the days asked of their category where they differ. */
function copiesOf(subject: RemediationSubject): { copy: unknown; asked: number | null }[] {
  return listIn(subject.judgement.evidence?.kept).flatMap((kept) =>
    listIn(typeof kept === 'object' && kept !== null ? Reflect.get(kept, 'copies') : undefined).map((copy) => ({ copy, asked: daysIn(kept) })))
}

function totalDays(policy: Policy): number {
  return totalDaysAsked(policy.retentionDays, ['audit-logging'])
}

/** The days that a finding stored as asked. */
export function daysIn(evidence: unknown): number | null {
  const days: unknown = typeof evidence === 'object' && evidence !== null ? Reflect.get(evidence, 'requiredDays') : undefined
  return typeof days === 'number' ? days : null
}

// What a table takes: https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
const interactiveDaysMax = 730
const totalDaysSteps = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383]

/** The figure that Azure takes which is as long or longer; beyond two years it takes whole years alone. */
function totalDaysTaken(days: number): number {
  return days <= interactiveDaysMax ? days : (totalDaysSteps.find((step) => step >= days) ?? 4383)
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

/** Longer retention for tables: their own figures, since a table does not follow a raised workspace once it has one. */
export function remediateTables(tables: readonly ShortTable[], policy: Policy): Remediation {
  const named = tables.length > 0 ? tables : [{ workspaceId: '<workspace resource id>', table: '<table>' }]
  const shown = named.map((one: ShortTable) => ({ ...one, figures: figuresFor(one, policy) }))
  return {
    summary: summaryOf(shown),
    azureCli: shown.map(({ workspaceId, table, figures: { plan, interactive, total } }) => [
      `az monitor log-analytics workspace table update ${workspaceArguments(workspaceId)} --name ${shellQuote(table)}`,
      ...(plan === undefined ? [] : [`--plan ${plan}`]), ...(interactive === undefined ? [] : [`--retention-time ${interactive}`]), `--total-retention-time ${total}`,
    ].join(' ')).join('\n'),
    bicep: shown.map(({ workspaceId, table, figures: { plan, interactive, total } }, index) => bicepResource({
      symbol: `table${index}`, type: 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01',
      body: {
        name: `${nameOf(workspaceId)}/${table}`,
        properties: { ...(plan !== undefined && { plan }), ...(interactive !== undefined && { retentionInDays: interactive }), totalRetentionInDays: total },
      },
    })).join('\n\n'),
    terraform: shown.map(({ workspaceId, table, seen, figures: { plan, interactive, total } }, index) => [
      `resource "azurerm_log_analytics_workspace_table" "table${index}" {`,
      `  workspace_id            = ${terraformString(workspaceId)}`,
      `  name                    = ${terraformString(table)}`,
      // Left out it would be Analytics.
      ...(plan === undefined && seen !== undefined && seen.plan.toLowerCase() === 'basic' ? ['  plan                    = "Basic"'] : []),
      ...(interactive === undefined ? [] : [`  retention_in_days       = ${interactive}`]),
      `  total_retention_in_days = ${total}`,
      '}',
    ].join('\n')).join('\n\n'),
    portal: 'Open the workspace, Settings, Tables, Manage table.',
  }
}

/** For a resource or subscription: the tables or account that keep its logs too short. */
export function remediateRetention(subject: RemediationSubject, { policy }: RemediationContext): Remediation {
  const { evidence } = subject.judgement
  const days = daysIn(evidence) ?? totalDays(policy)
  const copies = copiesOf(subject)
  const tables = copies.flatMap(({ copy, asked }) => {
    const workspaceId = textIn(copy, 'destination')
    const table = textIn(copy, 'table')
    return textIn(copy, 'kind') === 'workspace' && workspaceId && table ? [{ workspaceId, table, totalDays: asked ?? days }] : []
  })
  const account = copies.find(({ copy }) => textIn(copy, 'kind') === 'storage-account' && textIn(copy, 'container') !== null)
  const accountId = textIn(account?.copy, 'destination')
  if (tables.length === 0 && accountId) {
    const inAccount = copies.map(({ copy }) => copy).filter((copy) => textIn(copy, 'destination') === accountId)
    return remediateLifecycle({ accountId, days, rules: inAccount.flatMap((copy) => textIn(copy, 'rule') ?? []), containers: inAccount.flatMap((copy) => textIn(copy, 'container') ?? []) })
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
