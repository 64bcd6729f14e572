import { z } from 'zod'
import { KeypointError } from '../errors'
import { collected, type Collected } from '../domain/collected'
import type { WorkspaceQueries } from '../domain/estate'
import { unexpectedAnswer } from './errors'
import { parseAnswer } from './shape'
import type { Wire } from './wire/wire'

const action = 'Microsoft.OperationalInsights/workspaces/query/LAQueryLogs/read'

/** Queries of the last 30 days by people: an application has no mail address. The table is not there before the first row. */
export const peopleQuery = `union isfuzzy=true (datatable(TimeGenerated:datetime, AADEmail:string, AADObjectId:string)[]), LAQueryLogs
| where TimeGenerated > ago(30d) and isnotempty(AADEmail)
| summarize queries = count(), people = dcount(AADObjectId), last = max(TimeGenerated)`

const answer = z.object({
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.object({ name: z.string() })), rows: z.array(z.array(z.unknown())) })).min(1),
  error: z.unknown().optional(),
})

/** A part of an answer is not told from the whole by its rows, so that it counts as none. */
export function parseWorkspaceQueries(status: number, body: unknown): Collected<WorkspaceQueries> {
  const read = parseAnswer(status, body, answer)
  if (!read.ok) return read.reason === 'permission-denied' ? { ...read, action: read.action ?? action } : read
  if (read.value.error !== undefined && read.value.error !== null) return unexpectedAnswer('Log Analytics answered a part of the query alone.')
  const [table] = read.value.tables
  const [row = []] = table?.rows ?? []
  const value = (name: string): unknown => row[table?.columns.findIndex((column) => column.name === name) ?? -1]
  const [queries, people, last] = [value('queries'), value('people'), value('last')]
  if (typeof queries !== 'number' || typeof people !== 'number') return unexpectedAnswer('Log Analytics answered with other columns than were asked for.')
  return collected({ queries, people, lastOn: typeof last === 'string' && last !== '' ? last.slice(0, 10) : null })
}

/**
 * @param customerId the workspace's own GUID.
 * @param wire a way to the query API of Log Analytics, which wants a token of its own: that an identity gets none is a refusal.
 */
export async function readWorkspaceQueries(wire: Wire, customerId: string): Promise<Collected<WorkspaceQueries>> {
  try {
    const read = await wire.post(`/v1/workspaces/${encodeURIComponent(customerId)}/query`, { query: peopleQuery, timespan: 'P30D' })
    return read.ok ? parseWorkspaceQueries(read.value.status, read.value.body) : read
  } catch (error) {
    if (!(error instanceof KeypointError)) throw error
    return { ok: false, reason: 'permission-denied', detail: `The identity got no token for Log Analytics: ${error.message}`, status: null, code: null, action }
  }
}
