import { z } from 'zod'
import { subscriptionIdOf } from '../domain/arm-id'
import type { DefenderAlert } from '../domain/alerting'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { text } from './shape'
import type { Wire } from './wire/wire'

/**
 * Alerts of Defender for Cloud that nobody has closed. Whether Resource Graph writes the properties with a capital is told
 * differently by different samples, so both are asked, and what is out of the question is left out rather than the rest picked.
 */
export const defenderAlertsQuery = `securityresources
| where type =~ 'microsoft.security/locations/alerts'
| extend severity = coalesce(tostring(properties.Severity), tostring(properties.severity)), status = coalesce(tostring(properties.Status), tostring(properties.status))
| where severity !in~ ('Low', 'Informational') and status !in~ ('Resolved', 'Dismissed')
| project id, subscriptionId, severity, status, raisedAt = coalesce(tostring(properties.TimeGeneratedUtc), tostring(properties.timeGeneratedUtc), tostring(properties.StartTimeUtc), tostring(properties.startTimeUtc))
| order by id asc`

export interface DefenderAlertRow extends DefenderAlert {
  /** Lower case. */
  subscriptionId: string
}

const row = z.object({ id: z.string().min(1), subscriptionId: text, severity: text, status: text, raisedAt: text }).transform((read, context): DefenderAlertRow => {
  const severity = read.severity?.toLowerCase()
  if ((severity !== 'high' && severity !== 'medium') || read.status === null) {
    context.addIssue({ code: 'custom', message: 'an alert without severity or status' })
    return z.NEVER
  }
  return {
    id: read.id,
    subscriptionId: (read.subscriptionId ?? subscriptionIdOf(read.id) ?? '').toLowerCase(),
    severity: severity === 'high' ? 'High' : 'Medium',
    status: read.status,
    raisedAt: read.raisedAt === null || Number.isNaN(Date.parse(read.raisedAt)) ? null : new Date(read.raisedAt).toISOString(),
  }
})
const page = graphPageOf(row)

/** High and medium alerts of all these subscriptions that are open: what they say is not kept. */
export function readDefenderAlerts(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<DefenderAlertRow>> {
  return readGraphTable(wire, subscriptionIds, { query: defenderAlertsQuery, page, action: 'Microsoft.Security/alerts/read' })
}
