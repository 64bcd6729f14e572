import { subscriptionIdOf } from '@/lib/domain/arm-id'
import { armError, type Answer, type Principal } from './answer'
import type { Call } from './call'
import { isJsonObject } from './json'
import type { RequestLog } from './request-log'
import { armRoutes } from './routes'
import type { SimulatedTenant } from './tenant'
import { providerThrottled, subscriptionThrottled, tenantThrottled, type Throttle } from './throttle'

export interface ArmSettings {
  tenant: SimulatedTenant
  baseUrl: string
  pageSize: number
  throttle: Throttle
  quotaHeaders: boolean
  log: RequestLog
  /** Results of batches that were answered 202, by id; null: batches are answered at once. */
  batchResults: Map<string, Answer> | null
}

export interface ArmRequest {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  principal: Principal
}

const readsOfAllPrincipals = 15

/** Answers one call as Azure Resource Manager: charges it, finds its route and counts it. `kind` is what the log calls it. */
export function answerArm(settings: ArmSettings, request: ArmRequest): { kind: string; answer: Answer } {
  const path = request.path.length > 1 ? request.path.replace(/\/+$/, '') : request.path
  if (request.method === 'POST' && path.toLowerCase() === '/batch') return { kind: 'batch', answer: accepted(settings, batch(settings, request)) }

  const route = armRoutes.find((each) => each.method === request.method && each.pattern.test(path))
  const kind = route?.kind ?? 'unknown'
  const charge: Charged = kind === 'resource-graph' ? { headers: {} } : chargeRead(settings, request, path, kind)
  if (charge.refusal) return { kind, answer: charge.refusal }
  const result = settings.batchResults?.get(path.split('/batch/results/')[1] ?? '')
  if (result !== undefined) return { kind: 'batch-result', answer: result }
  if (!route) return { kind, answer: notFound(path, request.query) }
  if (!route.unversioned && !request.query.has('api-version')) {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.'
    return { kind, answer: armError(400, 'MissingApiVersionParameter', message) }
  }
  const call: Call = {
    method: request.method,
    path,
    query: request.query,
    body: request.body,
    principal: request.principal,
    tenant: settings.tenant,
    baseUrl: settings.baseUrl,
    pageSize: settings.pageSize,
    throttle: settings.throttle,
  }
  const answer = route.handle(
    call,
    (route.pattern.exec(path) ?? []).slice(1).map((group) => group ?? ''),
  )
  return { kind, answer: { ...answer, headers: { ...charge.headers, ...answer.headers } } }
}

/** What charging a read gives: headers for the answer, or the 429 in its place. */
interface Charged {
  headers?: Record<string, string>
  refusal?: Answer
}

function chargeRead(settings: ArmSettings, request: ArmRequest, path: string, kind: string): Charged {
  const { throttle, tenant } = settings
  const { limits } = throttle
  if (!limits) return {}
  const subscriptionId = subscriptionIdOf(path)
  const principal = request.principal.clientId
  if (subscriptionId === null) {
    const charge = throttle.charge(`tenant reads ${principal}`, limits.tenantReads)
    if (!charge.allowed) return { refusal: tenantThrottled(tenant.tenantId, charge.retryAfterSeconds) }
    return { headers: { 'x-ms-ratelimit-remaining-tenant-reads': String(charge.remaining) } }
  }
  const size = limits.subscriptionReads
  const charge = throttle.charge(`reads ${principal} ${subscriptionId}`, size)
  if (!charge.allowed) return { refusal: subscriptionThrottled(subscriptionId, request.method, path, charge.retryAfterSeconds) }
  const all = { burst: size.burst * readsOfAllPrincipals, perSecond: size.perSecond * readsOfAllPrincipals }
  const global = throttle.charge(`global reads ${subscriptionId}`, all)
  if (!global.allowed) return { refusal: subscriptionThrottled(subscriptionId, request.method, path, global.retryAfterSeconds) }
  const action = actionOf(path)
  const own = limits.actions[action]
  if (own !== undefined) {
    const { allowed, remaining, resetsAfterSeconds } = throttle.chargeQuery(`${action} ${principal} ${subscriptionId}`, own)
    const headers = { 'x-ms-ratelimit-remaining-subscription-resource-requests': String(remaining) }
    if (allowed) return { headers }
    const refusal = providerThrottled(action, resetsAfterSeconds)
    return { refusal: { ...refusal, headers: { ...refusal.headers, ...headers } } }
  }
  if (settings.quotaHeaders) return { headers: { 'x-ms-ratelimit-remaining-subscription-reads': String(charge.remaining) } }
  if (kind.startsWith('diagnostic-setting')) return {}
  return { headers: { 'x-ms-ratelimit-remaining-subscription-global-reads': String(global.remaining) } }
}

/** `microsoft.securityinsights/onboardingstates` */
function actionOf(path: string): string {
  const [namespace = '', ...rest] = path.toLowerCase().split('/providers/').at(-1)?.split('/') ?? []
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}

function notFound(path: string, query: URLSearchParams): Answer {
  const provider = /\/providers\/([^/]+)\/([^/]+)/i.exec(path.slice(path.toLowerCase().lastIndexOf('/providers/')))
  if (!provider) return armError(404, 'NotFound', 'The requested resource does not exist on the server.')
  const message =
    `Resource type '${provider[2]}' of provider namespace '${provider[1]}' was not found in global location for api version ` +
    `'${query.get('api-version') ?? ''}'.`
  return armError(404, 'InvalidResourceType', message)
}

/** `POST /batch` in both forms: each item is charged and answered as a read of its own. */
function batch(settings: ArmSettings, request: ArmRequest): Answer {
  const { throttle, tenant } = settings
  if (throttle.limits) {
    const charge = throttle.charge(`tenant writes ${request.principal.clientId}`, throttle.limits.tenantWrites)
    if (!charge.allowed) return tenantThrottled(tenant.tenantId, charge.retryAfterSeconds)
  }
  const items = isJsonObject(request.body) && Array.isArray(request.body.requests) ? request.body.requests : null
  if (!items) return armError(400, 'InvalidRequestContent', 'The request content was invalid: requests is missing.')
  return { status: 200, body: { responses: items.map((item) => batchItem(settings, request, isJsonObject(item) ? item : {})) } }
}

/** ARM answers larger batches with 202 and where to ask for the result. */
function accepted({ batchResults, baseUrl }: ArmSettings, answer: Answer): Answer {
  if (batchResults === null || answer.status !== 200) return answer
  const id = String(batchResults.size + 1)
  batchResults.set(id, answer)
  return { status: 202, body: '', headers: { location: `${baseUrl}/batch/results/${id}?api-version=2020-06-01`, 'retry-after': '1' } }
}

function batchItem(settings: ArmSettings, request: ArmRequest, item: Record<string, unknown>): Record<string, unknown> {
  const name = typeof item.name === 'string' ? { name: item.name } : {}
  const given = item.relativeUrl ?? item.url
  if (typeof given !== 'string' || String(item.httpMethod).toUpperCase() !== 'GET') {
    const { status, body } = armError(400, 'InvalidRequestContent', 'A batch item needs httpMethod GET and a url.')
    return { ...name, httpStatusCode: status, headers: {}, content: body }
  }
  const url = new URL(given, settings.baseUrl)
  const answered = answerArm(settings, {
    method: 'GET',
    path: decodePath(url.pathname),
    query: url.searchParams,
    body: undefined,
    principal: request.principal,
  })
  settings.log.add(answered.kind, 'GET', given, answered.answer.status)
  const { status, body, headers } = answered.answer
  return { ...name, httpStatusCode: status, headers: headers ?? {}, content: body, contentLength: JSON.stringify(body).length }
}

/** The path with its escapes undone; as sent where an escape is broken. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return path
    throw error
  }
}
