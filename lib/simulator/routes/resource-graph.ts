import { createHash, randomUUID } from 'node:crypto'
import { armError, type Answer } from '../answer'
import type { Call, Route } from '../call'
import { isJsonObject, jsonAt, type JsonObject } from '../json'
import { compileQuery, type CompiledQuery } from '../kql/query'
import { QueryError } from '../kql/query-error'
import type { GraphRow } from '../graph-row'
import type { Row } from '../kql/values'
import type { SimulatedTenant } from '../tenant'

const mostRowsInPage = 1000
const resultsKept = 24

interface Result {
  revision: number
  rows: readonly Row[]
  pageable: boolean
}

interface Request {
  query: string
  subscriptions: string[] | null
  managementGroups: string[] | null
  top: number
  /** Overrules where the token goes on. */
  skip: number | null
  skipToken: string | null
  /** Rows of no subscription, too: what is above those that are asked for. */
  above: boolean
}

/** Sorted results by query and scope, so that a page costs no more than its rows. */
class ResultCache {
  readonly #results = new Map<string, Result>()

  get(key: string, revision: number, make: () => Result): Result {
    const found = this.#results.get(key)
    this.#results.delete(key)
    const result = found?.revision === revision ? found : make()
    this.#results.set(key, result)
    const oldest = this.#results.keys().next().value
    if (this.#results.size > resultsKept && oldest !== undefined) this.#results.delete(oldest)
    return result
  }
}

const caches = new WeakMap<SimulatedTenant, ResultCache>()
const compiled = new Map<string, CompiledQuery>()

function answer(call: Call): Answer {
  const { throttle, principal } = call
  const headers: Record<string, string> = { 'x-ms-resource-graph-request-duration': '0:00:00:00.0210000' }
  if (throttle.limits) {
    const charge = throttle.chargeQuery(principal.clientId, throttle.limits.resourceGraph)
    headers['x-ms-user-quota-remaining'] = String(charge.remaining)
    headers['x-ms-user-quota-resets-after'] = `00:00:${String(charge.resetsAfterSeconds).padStart(2, '0')}`
    headers['x-ms-ratelimit-remaining-tenant-resource-requests'] = String(charge.remaining)
    if (!charge.allowed) return withHeaders(rateLimited(), { ...headers, 'retry-after': String(charge.resetsAfterSeconds) })
  }
  return withHeaders(query(call), headers)
}

function query(call: Call): Answer {
  if (!call.tenant.isGranted('Microsoft.ResourceGraph/resources/read')) return accessDenied()
  const request = readRequest(call.body)
  if (!request) return badRequest([{ code: 'InvalidRequest', message: 'The request body is missing or has no query.' }])
  const scope = scopeOf(call.tenant, request)
  if (scope && scope.length === 0) return accessDenied()

  const key = createHash('sha256')
    .update(JSON.stringify([request.query, scope, request.above]))
    .digest('base64url')
    .slice(0, 22)
  const tokenAt = request.skipToken === null ? 0 : readSkipToken(request.skipToken, key)
  const from = tokenAt === null ? null : (request.skip ?? tokenAt)
  if (from === null) return badRequest([{ code: 'InvalidSkipToken', message: 'The skip token does not belong to this query.' }])
  try {
    return page(resultOf(call.tenant, request, scope, key), request, key, from)
  } catch (error) {
    if (error instanceof QueryError) return badRequest(detailsOf(error, request.query))
    throw error
  }
}

function resultOf(tenant: SimulatedTenant, { query: text, above }: Request, scope: string[] | null, key: string): Result {
  let cache = caches.get(tenant)
  if (!cache) caches.set(tenant, (cache = new ResultCache()))
  const plan = compiled.get(text) ?? compileQuery(text)
  if (compiled.size > 200) compiled.clear()
  compiled.set(text, plan)
  return cache.get(key, tenant.revision, () => {
    const wanted = scope && new Set(scope)
    const rows = tenant.rows(plan.table).filter((row) => {
      const subscriptionId = row.subscriptionId.toLowerCase()
      return (
        (wanted ? wanted.has(subscriptionId) || (above && subscriptionId === '') : subscriptionId === '' || tenant.isVisible(subscriptionId)) &&
        !tenant.refusesAll(row.id) && isShown(tenant, plan.table, row)
      )
    })
    return { revision: tenant.revision, rows: plan.run(rows.map(asRow)), pageable: plan.pageable }
  })
}

/** Resources are shown to whoever may list those of a subscription; what other tables hold, to whoever may read it. */
function isShown(tenant: SimulatedTenant, table: CompiledQuery['table'], { type }: GraphRow): boolean {
  return tenant.isGranted(`${type}/read`) || ((table === 'resources' || table === 'resourcecontainers') && tenant.isGranted('Microsoft.Resources/subscriptions/resources/read'))
}

/** A GraphRow has no index signature; the query language reads it by column names alone, which the compiler has checked. */
function asRow(row: object): Row {
  return row as Row
}

function page(result: Result, request: Request, key: string, from: number): Answer {
  const rows = result.rows.slice(from, from + request.top)
  const more = from + rows.length < result.rows.length
  const body: Record<string, unknown> = {
    totalRecords: result.rows.length,
    count: rows.length,
    data: rows,
    facets: [],
    resultTruncated: more && !result.pageable ? 'true' : 'false',
  }
  if (more && result.pageable)
    body.$skipToken = Buffer.from(JSON.stringify({ v: key, at: from + rows.length })).toString('base64')
  return { status: 200, body }
}

function readRequest(body: unknown): Request | null {
  const text = jsonAt(body, 'query')
  if (!isJsonObject(body) || typeof text !== 'string') return null
  const options = isJsonObject(body.options) ? body.options : {}
  const token = options.$skipToken
  return {
    query: text,
    subscriptions: stringsOf(body.subscriptions),
    managementGroups: stringsOf(body.managementGroups),
    top: Math.min(mostRowsInPage, positive(options.$top) ?? mostRowsInPage),
    skip: positive(options.$skip),
    skipToken: typeof token === 'string' && token !== '' ? token : null,
    above: options.authorizationScopeFilter === 'AtScopeAboveAndBelow' || options.authorizationScopeFilter === 'AtScopeAndAbove',
  }
}

/** The subscriptions asked for that can be read, in lower case; null: the whole tenant. */
function scopeOf(tenant: SimulatedTenant, request: Request): string[] | null {
  if (!request.subscriptions && !request.managementGroups) return tenant.visibleSubscriptions.length === 0 ? [] : null
  const below = (request.managementGroups ?? []).flatMap((group) => subscriptionsBelow(tenant, group.toLowerCase()))
  const asked = new Set([...(request.subscriptions ?? []).map((id) => id.toLowerCase()), ...below])
  return [...asked].filter((id) => tenant.subscription(id) !== undefined && tenant.isVisible(id))
}

function subscriptionsBelow(tenant: SimulatedTenant, group: string): string[] {
  const own = [...tenant.placement].filter(([, parent]) => parent.toLowerCase() === group).map(([id]) => id)
  const children = tenant.managementGroups.filter((each) => each.parent?.toLowerCase() === group)
  return [...own, ...children.flatMap((each) => subscriptionsBelow(tenant, each.name.toLowerCase()))]
}

function readSkipToken(token: string, key: string): number | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64').toString())
    const at = jsonAt(read, 'at')
    return jsonAt(read, 'v') === key && typeof at === 'number' ? at : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function detailsOf(error: QueryError, text: string): JsonObject[] {
  const invalid = {
    code: 'InvalidQuery',
    message:
      'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
  }
  if (error.code === 'ParserFailure') {
    const before = text.slice(0, Math.max(0, error.position - 1)).split('\n')
    const position = { line: before.length, characterPositionInLine: before.at(-1)?.length ?? 0 }
    return [invalid, { code: 'ParserFailure', message: 'ParserFailure', ...position, token: error.token, expectedToken: '' }]
  }
  if (error.code === 'InvalidQueryLanguage') {
    return [invalid, { code: error.code, message: error.message, line: -1, characterPositionInLine: -1, token: error.token }]
  }
  return [invalid, { code: error.code === 'SemanticError' ? 'Default' : error.code, message: error.message }]
}

function badRequest(details: JsonObject[]): Answer {
  return { status: 400, body: { error: { code: 'BadRequest', message: supportText(), details } } }
}

function rateLimited(): Answer {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.'
  return {
    status: 429,
    body: { error: { code: 'RateLimiting', message: supportText(), details: [{ code: 'RateLimiting', message }] } },
  }
}

function accessDenied(): Answer {
  return armError(403, 'AccessDenied', 'Unauthorized to query resources: no subscription of the request can be read.')
}

function supportText(): string {
  return `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`
}

function withHeaders(given: Answer, headers: Record<string, string>): Answer {
  return { ...given, headers: { ...given.headers, ...headers } }
}

function stringsOf(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  return value.filter((each) => typeof each === 'string')
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? Math.floor(value) : null
}

export const resourceGraphRoutes: Route[] = [
  {
    kind: 'resource-graph',
    method: 'POST',
    pattern: /^\/providers\/microsoft\.resourcegraph\/resources$/i,
    handle: answer,
  },
]
