import type { z } from 'zod'
import { isFailure, type Collected, type ReadAbsent, type ReadFailure } from '../domain/collected'
import { unexpectedAnswer } from './errors'
import { queryGraph, type GraphPage, type GraphQuestion } from './graph'
import type { Wire } from './wire/wire'

/** Resource Graph advises fewer than 300 subscriptions in a request. */
const groupSize = 150
/** Rows in a page: fewer when an answer would be too large or a query too heavy. */
const pageSizes = [1000, 250, 50] as const
const pagesMax = 50_000

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
}

/** All rows that one query gives over the subscriptions. A group of subscriptions that cannot be read fails as a whole. */
export async function readGraphTable<T>(wire: Wire, subscriptionIds: readonly string[], question: GraphTableQuestion<T>): Promise<GraphTable<T>> {
  const ordered = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))].toSorted()
  const table: GraphTable<T> = { rows: [], failures: new Map() }
  const keys = new Set<string>()
  const isNew = (row: T): boolean => {
    const key = question.keyOf?.(row)
    if (key === undefined) return true
    if (keys.has(key)) return false
    keys.add(key)
    return true
  }
  for (let at = 0; at < ordered.length; at += groupSize) {
    const group = ordered.slice(at, at + groupSize)
    const read = await readGroup(wire, group, question)
    if (read.ok) {
      for (const row of read.value) if (isNew(row)) table.rows.push(row)
    } else for (const subscriptionId of group) table.failures.set(subscriptionId, asFailure(read, question.action))
  }
  return table
}

async function readGroup<T>(wire: Wire, subscriptions: string[], question: GraphTableQuestion<T>): Promise<Collected<T[]>> {
  let last: Collected<T[]> = unexpectedAnswer('Resource Graph was not asked.', null)
  for (const top of pageSizes) {
    last = await readPages(wire, subscriptions, top, question)
    if (last.ok || !isTooMuch(last)) return last
  }
  return last
}

async function readPages<T>(wire: Wire, subscriptions: string[], top: number, { query, page, authorizationScopeFilter }: GraphTableQuestion<T>): Promise<Collected<T[]>> {
  const rows: T[] = []
  const tokens = new Set<string>()
  let skipToken: string | null = null
  do {
    const read: Collected<GraphPage<T>> = await queryGraph(wire, { query, subscriptions, top, skipToken, authorizationScopeFilter }, page)
    if (!read.ok) return read
    for (const row of read.value.rows) rows.push(row)
    skipToken = read.value.skipToken
    if (skipToken !== null && (tokens.has(skipToken) || tokens.size >= pagesMax)) return unexpectedAnswer('Resource Graph repeats its pages.')
    if (skipToken !== null) tokens.add(skipToken)
  } while (skipToken !== null)
  return { ok: true, value: rows }
}

/** True for an answer that fewer rows may get through. */
export function isTooMuch(failure: ReadFailure | ReadAbsent): boolean {
  if (failure.code === 'ResponsePayloadTooLarge' || failure.status === 413) return true
  return failure.status !== null && failure.status >= 500
}

function asFailure(read: ReadFailure | ReadAbsent, action: string): ReadFailure {
  if (!isFailure(read)) return { ...read, reason: 'api-error' }
  return read.reason === 'permission-denied' ? { ...read, action: read.action ?? action } : read
}
