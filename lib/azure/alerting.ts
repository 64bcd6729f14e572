import type { Alerting } from '../domain/alerting'
import { toResourceKey } from '../domain/arm-id'
import { collected, type Collected } from '../domain/collected'
import { alertingRow, type AlertingRow } from './alerting-rows'
import { unexpectedAnswer } from './errors'
import { graphPageOf, queryGraph, type GraphPage } from './graph'
import { readContainers } from './inventory'
import { alertingQuery } from './inventory-queries'
import { parseAnswer } from './shape'
import type { Wire } from './wire/wire'

/** As for the inventory: Resource Graph advises fewer than 300 subscriptions in a request. */
const groupSize = 150
/** Rules come with all their properties, so a page holds fewer rows than one of the inventory. */
const pageSize = 500

const alertingPage = graphPageOf(alertingRow)

export function parseAlertingPage(status: number, body: unknown): Collected<GraphPage<AlertingRow>> {
  return parseAnswer(status, body, alertingPage)
}

/**
 * Alert rules, action groups, suppressing rules and exports of alerts of all these subscriptions together, sorted by id, so that the order of
 * Resource Graph changes nothing. Subscriptions that it leaves out without a word are named in `unread`.
 */
export async function readAlerting(wire: Wire, subscriptionIds: readonly string[]): Promise<Collected<Alerting>> {
  const ordered = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))].toSorted()
  const rows: AlertingRow[] = []
  const covered = new Set<string>()
  for (let at = 0; at < ordered.length; at += groupSize) {
    const group = ordered.slice(at, at + groupSize)
    const containers = await readContainers(wire, group)
    // Resource Graph refuses a group that holds nothing in sight; the others still count.
    if (!containers.ok && containers.reason === 'permission-denied' && ordered.length > groupSize) continue
    if (!containers.ok) return containers
    for (const id of containers.value.subscriptions) covered.add(id)
    const read = await readRows(wire, group)
    if (!read.ok) return read
    rows.push(...read.value)
  }
  return collected(toAlerting(rows, ordered, covered))
}

async function readRows(wire: Wire, subscriptions: string[]): Promise<Collected<AlertingRow[]>> {
  const rows: AlertingRow[] = []
  const tokens = new Set<string>()
  let skipToken: string | null = null
  do {
    const page: Collected<GraphPage<AlertingRow>> = await queryGraph(wire, { query: alertingQuery, subscriptions, top: pageSize, skipToken }, alertingPage)
    if (!page.ok) return page
    rows.push(...page.value.rows)
    skipToken = page.value.skipToken
    if (skipToken !== null && tokens.has(skipToken)) return unexpectedAnswer('Resource Graph repeats its pages.')
    if (skipToken !== null) tokens.add(skipToken)
  } while (skipToken !== null)
  return collected(rows)
}

function toAlerting(rows: readonly AlertingRow[], asked: readonly string[], covered: ReadonlySet<string>): Alerting {
  return {
    activityLogAlerts: byId(rows.flatMap((row) => (row.kind === 'activity-log-alert' ? row.value : []))),
    queryRules: byId(rows.flatMap((row) => (row.kind === 'query-rule' ? row.value : []))),
    actionGroups: byId(rows.flatMap((row) => (row.kind === 'action-group' ? row.value : []))),
    suppressionRules: byId(rows.flatMap((row) => (row.kind === 'suppression-rule' ? row.value : []))),
    exports: byId(rows.flatMap((row) => (row.kind === 'export' ? row.value : []))),
    covered: asked.filter((id) => covered.has(id)),
    unread: asked.filter((id) => !covered.has(id)),
  }
}

/** Each once, since rows can come twice when the estate changes between two pages. */
function byId<T extends { id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [toResourceKey(item.id), item])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
