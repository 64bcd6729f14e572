import type { Answer, Principal } from './answer'
import type { SimulatedTenant } from './tenant'
import type { Throttle } from './throttle'

/** One call as the routes see it: signed in, not yet answered. */
export interface Call {
  method: string
  /** As sent, without the query. */
  path: string
  query: URLSearchParams
  /** Parsed JSON of a POST; undefined otherwise. */
  body: unknown
  principal: Principal
  tenant: SimulatedTenant
  /** Base of absolute links, for example `http://127.0.0.1:50000`. */
  baseUrl: string
  pageSize: number
  throttle: Throttle
}

export interface Route {
  /** Name under which the request log counts it. */
  kind: string
  method: 'GET' | 'POST'
  /** Tested on the path as sent; flag `i`, groups are passed on. */
  pattern: RegExp
  /** True: it needs no api-version. */
  unversioned?: true
  handle(call: Call, groups: string[]): Answer
}
