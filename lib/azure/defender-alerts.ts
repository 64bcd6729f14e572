import { z } from 'zod'
import { subscriptionIdOf } from '../domain/arm-id'
import type { DefenderAlert } from '../domain/alerting'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { text } from './shape'
import type { Wire } from './wire/wire'

/**
 * Alerts of Defender for Cloud that nobody has closed. Whether Resource Graph writes the properties with a capital is told
 * differently by different samples: both are asked, and what is closed or slight is left out here once more.
 */
const defenderAlertsQuery = `securityresources
| where type =~ 'microsoft.security/locations/alerts' and tostring(properties.Status) !~ 'Resolved' and tostring(properties.Status) !~ 'Dismissed'
| project id, subscriptionId, severity = coalesce(tostring(properties.Severity), tostring(properties.severity)), status = coalesce(tostring(properties.Status), tostring(properties.status)), raisedAt = coalesce(tostring(properties.TimeGeneratedUtc), tostring(properties.timeGeneratedUtc), tostring(properties.StartTimeUtc), tostring(properties.startTimeUtc))
| order by id asc`

export interface DefenderAlertRow extends DefenderAlert {
  /** Lower case. */
  subscriptionId: string
}

const closed = new Set(['resolved', 'dismissed'])
const severities: Readonly<Record<string, DefenderAlert['severity'] | null>> = { high: 'High', medium: 'Medium', low: null, informational: null }

/** Null: closed or slight. */
const row = z.object({ id: z.string().min(1), subscriptionId: text, severity: text, status: text, raisedAt: text }).transform((read, context): DefenderAlertRow | null => {
  const severity = severities[read.severity?.toLowerCase() ?? '']
  if (severity === undefined || read.status === null) {
    context.addIssue({ code: 'custom', message: 'an alert without a known severity or a status' })
    return z.NEVER
  }
  if (severity === null || closed.has(read.status.toLowerCase())) return null
  return {
    id: read.id,
    subscriptionId: (read.subscriptionId ?? subscriptionIdOf(read.id) ?? '').toLowerCase(),
    severity,
    status: read.status,
    raisedAt: read.raisedAt === null || Number.isNaN(Date.parse(read.raisedAt)) ? null : new Date(read.raisedAt).toISOString(),
  }
})
const page = graphPageOf(row)

/** High and medium alerts of all these subscriptions that are open: what they say is not kept. */
export async function readDefenderAlerts(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<DefenderAlertRow>> {
  const { rows, failures } = await readGraphTable(wire, subscriptionIds, { query: defenderAlertsQuery, page, action: 'Microsoft.Security/alerts/read' })
  return { rows: rows.filter((each) => each !== null), failures }
}
