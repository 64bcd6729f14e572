import { z } from 'zod'
import { KeypointError } from '../errors'
import { collected, type Collected } from '../domain/collected'
import type { AuditArrival, MachineArrival, WorkspaceQueries } from '../domain/estate'
import { unexpectedAnswer } from './errors'
import { parseAnswer } from './shape'
import type { Wire } from './wire/wire'

/** The action that reading a table asks for. */
const readOf = (table: string): string => `Microsoft.OperationalInsights/workspaces/query/${table}/read`

/** Queries of the last 30 days by people: an application has no mail address. The table is not there before the first row. */
export const peopleQuery = `union isfuzzy=true (datatable(TimeGenerated:datetime, AADEmail:string, AADObjectId:string)[]), LAQueryLogs
| where TimeGenerated > ago(30d) and isnotempty(AADEmail)
| summarize queryCount = count(), people = dcount(AADObjectId), lastAt = max(TimeGenerated)`

/** Which machines were heard of in the last day, and sent security events in the last seven. Tables that no machine filled yet are not there. */
export const arrivalsQuery = `union isfuzzy=true withsource=Source (datatable(TimeGenerated:datetime, _ResourceId:string)[]), Heartbeat, SecurityEvent, Event, WindowsEvent, Syslog
| where TimeGenerated > ago(7d) and isnotempty(_ResourceId)
| summarize heartbeat = countif(Source == 'Heartbeat' and TimeGenerated > ago(1d)) > 0, events = countif(Source != 'Heartbeat') > 0 by machine = tolower(_ResourceId)
| order by machine asc`

/** The last audit event of each managed instance and category in the last seven days. An audit fills the shared table, or one of its own where the setting is dedicated. */
export const auditArrivalsQuery = `union isfuzzy=true withsource=Source (datatable(TimeGenerated:datetime, _ResourceId:string, Category:string)[]), SQLSecurityAuditEvents, AzureDiagnostics
| where TimeGenerated > ago(7d) and _ResourceId contains '/managedinstances/'
| extend category = iff(Source == 'AzureDiagnostics', Category, Source)
| where category in ('SQLSecurityAuditEvents', 'DevOpsOperationsAudit')
| summarize lastAt = max(TimeGenerated) by resource = extract('^(.*/managedinstances/[^/]+)', 1, tolower(_ResourceId)), category
| order by resource asc, category asc`

const answer = z.object({
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) })).min(1),
  error: z.unknown().optional(),
})

type Row = Readonly<Record<string, unknown>>

/** The rows of an answer by column. A part of an answer is not told from the whole by its rows, so that it counts as none. */
function parseRows(status: number, body: unknown, action: string): Collected<Row[]> {
  const read = parseAnswer(status, body, answer)
  if (!read.ok) return read.reason === 'permission-denied' ? { ...read, action: read.action ?? action } : read
  if (read.value.error !== undefined && read.value.error !== null) return unexpectedAnswer('Log Analytics answered a part of the query alone.')
  const [table] = read.value.tables
  return collected((table?.rows ?? []).map((row) => Object.fromEntries((table?.columns ?? []).map(({ name }, index) => [name, row[index]]))))
}

const otherColumns = (): Collected<never> => unexpectedAnswer('Log Analytics answered with other columns than were asked for.')

export function parseWorkspaceQueries(status: number, body: unknown): Collected<WorkspaceQueries> {
  const rows = parseRows(status, body, readOf('LAQueryLogs'))
  if (!rows.ok) return rows
  const { queryCount, people, lastAt } = rows.value[0] ?? {}
  if (typeof queryCount !== 'number' || typeof people !== 'number') return otherColumns()
  return collected({ queries: queryCount, people, lastOn: typeof lastAt === 'string' && lastAt !== '' ? lastAt.slice(0, 10) : null })
}

export function parseMachineArrivals(status: number, body: unknown): Collected<MachineArrival[]> {
  const rows = parseRows(status, body, readOf('Heartbeat'))
  if (!rows.ok) return rows
  const arrivals: MachineArrival[] = []
  for (const { machine, heartbeat, events } of rows.value) {
    // Kusto's booleans come as such, or as 0 and 1 from older answers.
    const [heard, sent] = [toBoolean(heartbeat), toBoolean(events)]
    if (typeof machine !== 'string' || heard === null || sent === null) return otherColumns()
    arrivals.push({ machine: machine.toLowerCase(), heartbeat: heard, events: sent })
  }
  return collected(arrivals)
}

export function parseAuditArrivals(status: number, body: unknown): Collected<AuditArrival[]> {
  const rows = parseRows(status, body, readOf('AzureDiagnostics'))
  if (!rows.ok) return rows
  const arrivals: AuditArrival[] = []
  for (const { resource, category, lastAt } of rows.value) {
    if (typeof resource !== 'string' || typeof category !== 'string' || typeof lastAt !== 'string' || lastAt === '') return otherColumns()
    arrivals.push({ resource: resource.toLowerCase(), category, lastOn: lastAt.slice(0, 10) })
  }
  return collected(arrivals)
}

function toBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : value === 0 ? false : value === 1 ? true : null
}

/**
 * @param customerId the workspace's own GUID.
 * @param wire a way to the query API of Log Analytics, which wants a token of its own: that an identity gets none is a refusal.
 */
export function readWorkspaceQueries(wire: Wire, customerId: string): Promise<Collected<WorkspaceQueries>> {
  return ask(wire, customerId, { query: peopleQuery, timespan: 'P30D' }, 'LAQueryLogs', parseWorkspaceQueries)
}

/** @param customerId the workspace's own GUID; `wire` as for `readWorkspaceQueries`. */
export function readMachineArrivals(wire: Wire, customerId: string): Promise<Collected<MachineArrival[]>> {
  return ask(wire, customerId, { query: arrivalsQuery, timespan: 'P7D' }, 'Heartbeat', parseMachineArrivals)
}

/** @param customerId the workspace's own GUID; `wire` as for `readWorkspaceQueries`. */
export function readAuditArrivals(wire: Wire, customerId: string): Promise<Collected<AuditArrival[]>> {
  return ask(wire, customerId, { query: auditArrivalsQuery, timespan: 'P7D' }, 'AzureDiagnostics', parseAuditArrivals)
}

async function ask<T>(wire: Wire, customerId: string, body: { query: string; timespan: string }, table: string, parse: (status: number, body: unknown) => Collected<T>): Promise<Collected<T>> {
  try {
    const read = await wire.post(`/v1/workspaces/${encodeURIComponent(customerId)}/query`, body)
    return read.ok ? parse(read.value.status, read.value.body) : read
  } catch (error) {
    if (!(error instanceof KeypointError)) throw error
    return { ok: false, reason: 'permission-denied', detail: `The identity got no token for Log Analytics: ${error.message}`, status: null, code: null, action: readOf(table) }
  }
}
