import { z } from 'zod'
import { toResourceKey, type ResourceKey } from '../domain/arm-id'
import type { Collected } from '../domain/collected'
import { number, parseAnswer, text } from './shape'
import type { Wire } from './wire/wire'

export interface GraphPage<T> {
  rows: T[]
  /** What the query sorts by, alone in each row: its id, or its subscription where it has none. */
  keys: ResourceKey[]
  skipToken: string | null
  /** True: rows are missing, and no further page has them. */
  cut: boolean
  /** Rows of all pages together; null: Azure does not say. */
  total: number | null
}

/** The schema of a page. The token alone tells whether more follows; what `resultTruncated` tells is that something is missing where none does. */
export function graphPageOf<T>(row: z.ZodType<T>): z.ZodType<GraphPage<T>> {
  return z.preprocess(withKeys, z.object({ data: z.array(row), keys: z.array(z.custom<ResourceKey>()), $skipToken: text, resultTruncated: z.unknown().optional(), totalRecords: number.catch(null) }))
    .transform(({ data, keys, $skipToken, resultTruncated, totalRecords }) => ({
      rows: data, keys, skipToken: $skipToken, cut: $skipToken === null && String(resultTruncated).toLowerCase() === 'true', total: totalRecords,
    }))
}

const key = z.string().min(1).transform(toResourceKey)
const keyedRow = z.union([z.object({ id: key }).transform(({ id }) => id), z.object({ subscriptionId: key }).transform(({ subscriptionId }) => subscriptionId)])
const keyedRows = z.object({ data: z.array(keyedRow) })

/** Rows that cannot be told apart are no page. */
function withKeys(body: unknown): unknown {
  const read = keyedRows.safeParse(body)
  return read.success && typeof body === 'object' ? { ...body, keys: read.data.data } : body
}

export interface GraphQuestion {
  query: string
  subscriptions: string[]
  top: number
  skipToken: string | null
  /** Rows to leave out at the beginning, whatever the token says. */
  skip?: number
  /** What is asked for besides what lies in the subscriptions; policyresources alone has any. */
  authorizationScopeFilter?: 'AtScopeAboveAndBelow'
}

/** Asks Resource Graph for one page, compressed. */
export async function queryGraph<T>(wire: Wire, question: GraphQuestion, page: z.ZodType<GraphPage<T>>): Promise<Collected<GraphPage<T>>> {
  const { query, subscriptions, top, skipToken, skip, authorizationScopeFilter } = question
  const request = { query, subscriptions, options: { resultFormat: 'objectArray' as const, top, ...(skipToken !== null && { skipToken }), ...(skip !== undefined && { skip }), ...(authorizationScopeFilter && { authorizationScopeFilter }) } }
  const answer = await wire.call((onResponse) =>
    wire.graph.resources(request, { onResponse, requestOptions: { headers: { 'accept-encoding': 'gzip' } } }))
  return answer.ok ? parseAnswer(answer.value.status, answer.value.body, page) : answer
}
