import { z } from 'zod'
import type { Collected } from '../domain/collected'
import { number, parseAnswer, text } from './shape'
import type { Wire } from './wire/wire'

export interface GraphPage<T> {
  rows: T[]
  skipToken: string | null
  /** True: rows are missing, and no further page has them. */
  cut: boolean
  /** Rows of all pages together; null: Azure does not say. */
  total: number | null
}

/** The schema of a page. The token alone tells whether more follows; what `resultTruncated` tells is that something is missing where none does. */
export function graphPageOf<T>(row: z.ZodType<T>): z.ZodType<GraphPage<T>> {
  return z.object({ data: z.array(row), $skipToken: text, resultTruncated: z.unknown().optional(), totalRecords: number.catch(null) })
    .transform(({ data, $skipToken, resultTruncated, totalRecords }) => ({
      rows: data, skipToken: $skipToken, cut: $skipToken === null && String(resultTruncated).toLowerCase() === 'true', total: totalRecords,
    }))
}

export interface GraphQuestion {
  query: string
  subscriptions: string[]
  top: number
  skipToken: string | null
  /** Rows to leave out at the beginning of the first page. */
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
