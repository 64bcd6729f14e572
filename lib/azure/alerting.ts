import type { Alerting } from '../domain/alerting'
import { toResourceKey } from '../domain/arm-id'
import { collected, type Collected, type ReadFailure } from '../domain/collected'
import { alertingRow, type AlertingRow } from './alerting-rows'
import { graphPageOf } from './graph'
import { readGraphSight } from './graph-sight'
import { readGraphTable } from './graph-table'
import { alertingQuery } from './inventory-queries'
import type { Wire } from './wire/wire'

const action = 'Microsoft.Insights/activityLogAlerts/read'

const alertingPage = graphPageOf(alertingRow)

/**
 * Alert rules, action groups, processing rules and exports of alerts of all these subscriptions together, sorted by id, so that the order of
 * Resource Graph changes nothing. Subscriptions that it leaves out without a word are named in `unread`, and so are those that it did not answer for, with why.
 * Fails where it answered for none.
 */
export async function readAlerting(wire: Wire, subscriptionIds: readonly string[]): Promise<Collected<Alerting>> {
  const ordered = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))].toSorted()
  const { rows, failures } = await readGraphTable(wire, ordered, { query: alertingQuery, page: alertingPage, action })
  const sight = await readGraphSight(wire, ordered.filter((id) => !failures.has(id)))
  for (const [id, failure] of sight.failures) failures.set(id, failure)
  const [failure] = failures.values()
  if (failure !== undefined && failures.size === ordered.length) return failure
  return collected(toAlerting(rows, ordered, sight.shown, failures))
}

function toAlerting(rows: readonly AlertingRow[], asked: readonly string[], covered: ReadonlySet<string>, failures: ReadonlyMap<string, ReadFailure>): Alerting {
  return {
    activityLogAlerts: byId(rows.flatMap((row) => (row.kind === 'activity-log-alert' ? row.value : []))),
    queryRules: byId(rows.flatMap((row) => (row.kind === 'query-rule' ? row.value : []))),
    actionGroups: byId(rows.flatMap((row) => (row.kind === 'action-group' ? row.value : []))),
    suppressionRules: byId(rows.flatMap((row) => (row.kind === 'suppression-rule' ? row.value : []))),
    additionRules: byId(rows.flatMap((row) => (row.kind === 'addition-rule' ? row.value : []))),
    exports: byId(rows.flatMap((row) => (row.kind === 'export' ? row.value : []))),
    covered: asked.filter((id) => covered.has(id)),
    unread: asked.filter((id) => !covered.has(id)),
    ...(failures.size > 0 && { failures: byFailure(failures) }),
  }
}

function byFailure(failures: ReadonlyMap<string, ReadFailure>): Required<Alerting>['failures'] {
  const alike = Map.groupBy(failures, ([, failure]) => JSON.stringify(failure)).values()
  return [...alike].flatMap((of) => of.slice(0, 1).map(([, failure]) => ({ subscriptions: of.map(([id]) => id), failure })))
}

/** Each once, since rows can come twice when the estate changes between two pages. */
function byId<T extends { id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [toResourceKey(item.id), item])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
