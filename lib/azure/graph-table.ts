import type { z } from 'zod'
import { isFailure, type ReadAbsent, type ReadFailure } from '../domain/collected'
import type { GraphPage, GraphQuestion } from './graph'
import { groupSize, readGraphRows } from './graph-pages'
import type { Wire } from './wire/wire'

export interface GraphTable<T> {
  rows: T[]
  /** By subscription in lower case: its rows could not be read, so that their absence says nothing. */
  failures: Map<string, ReadFailure>
}

export interface GraphTableQuestion<T> {
  query: string
  page: z.ZodType<GraphPage<T>>
  /** The action whose grant would cure a refusal that names none. */
  action: string
  authorizationScopeFilter?: GraphQuestion['authorizationScopeFilter']
  /** Of rows with one key the first is kept: what lies above the subscriptions comes with each group of them. Absent: all. */
  keyOf?: (row: T) => string
  /** Whether a row is kept; absent: each is. */
  wanted?: (row: T) => boolean
}

/** All rows that one query gives over the subscriptions. A group of subscriptions that cannot be read fails as a whole. */
export async function readGraphTable<T>(wire: Wire, subscriptionIds: readonly string[], { action, keyOf, wanted, ...question }: GraphTableQuestion<T>): Promise<GraphTable<T>> {
  const ordered = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))].toSorted()
  const table: GraphTable<T> = { rows: [], failures: new Map() }
  const keys = new Set<string>()
  const isKept = (row: T): boolean => {
    if (wanted !== undefined && !wanted(row)) return false
    const key = keyOf?.(row)
    if (key === undefined) return true
    if (keys.has(key)) return false
    keys.add(key)
    return true
  }
  for (let at = 0; at < ordered.length; at += groupSize) {
    const group = ordered.slice(at, at + groupSize)
    const read = await readGraphRows(wire, { ...question, subscriptions: group })
    if (read.ok) {
      for (const row of read.value) if (isKept(row)) table.rows.push(row)
    } else for (const subscriptionId of group) table.failures.set(subscriptionId, asFailure(read, action))
  }
  return table
}

function asFailure(read: ReadFailure | ReadAbsent, action: string): ReadFailure {
  if (!isFailure(read)) return { ...read, reason: 'api-error' }
  return read.reason === 'permission-denied' ? { ...read, action: read.action ?? action } : read
}
