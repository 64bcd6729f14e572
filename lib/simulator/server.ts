import { randomUUID } from 'node:crypto'
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { armError, type Answer } from './answer'
import { answerArm, decodePath, type ArmSettings } from './arm'
import { FaultList, faultAnswer, spoil, tokenError, type Fault } from './faults'
import { jsonAt } from './json'
import { warmParser } from './kql/parser'
import { RequestLog } from './request-log'
import { answerSignIn } from './sign-in'
import type { SimulatedTenant } from './tenant'
import { armLimits, Throttle, type Limits } from './throttle'
import { TokenStore } from './tokens'

/** The client that may always sign in, unless `clients` says otherwise. */
export const demoClient = { clientId: 'keypoint-demo', clientSecret: 'keypoint-demo' } as const

export interface SimulatorOptions {
  tenant: SimulatedTenant
  /** 0 (default): any free port. */
  port?: number
  host?: '127.0.0.1'
  /** PEM texts; HTTPS when given. */
  tls?: { key: string; cert: string }
  /** Added to every answer of ARM. */
  latencyMs?: number
  /** ARM's own by default; `false`: never a 429. */
  limits?: false | Partial<Limits>
  /** Items on a page of ARM's lists; 100 by default. Resource Graph's pages follow `$top`. */
  pageSize?: number
  faults?: Fault[]
  /** Shows the caller's own bucket in `x-ms-ratelimit-remaining-subscription-reads`, which Azure seldom does. */
  quotaHeaders?: boolean
  /** Answers batches with 202 and a place to ask for their result. */
  acceptsBatches?: boolean
  /** 3599 by default. */
  tokenLifetimeSeconds?: number
  /** Secret by client id; `keypoint-demo` alone by default. */
  clients?: Record<string, string>
  /** Milliseconds since 1970; for tests that move time. */
  now?: () => number
}

export interface Simulator {
  /** Base of everything: ARM endpoint and sign-in authority alike, without a trailing slash. */
  url: string
  tenantId: string
  /** What was asked so far. */
  requests: RequestLog
  /** May be changed between two scans. */
  tenant: SimulatedTenant
  tokens: TokenStore
  addFault(fault: Fault): void
  clearFaults(): void
  /** A token as the token endpoint gives it. */
  issueToken(clientId?: string): string
  close(): Promise<void>
}

const nobody = { clientId: 'unknown', objectId: '00000000-0000-0000-0000-000000000000' }

/** Starts a simulated Azure on loopback and resolves once it listens. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const now = options.now ?? Date.now
  const { tenant } = options
  const tokens = new TokenStore(tenant.tenantId, options.tokenLifetimeSeconds ?? 3599, now)
  const requests = new RequestLog()
  const faults = new FaultList(options.faults)
  const limits = options.limits === false ? null : { ...armLimits, ...options.limits }
  const arm: ArmSettings = {
    tenant,
    baseUrl: '',
    pageSize: options.pageSize ?? 100,
    throttle: new Throttle(limits, now),
    quotaHeaders: options.quotaHeaders ?? false,
    log: requests,
    batchResults: options.acceptsBatches === true ? new Map() : null,
  }
  const clients = options.clients ?? { [demoClient.clientId]: demoClient.clientSecret }
  const latencyMs = options.latencyMs ?? 0
  /** What each query of Resource Graph gave last, while a fault repeats rows. */
  const lastRows = new Map<string, unknown>()
  warmParser()

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET'
    const target = request.url ?? '/'
    const sent = method === 'POST' ? await bodyOf(request) : ''
    const fault = faults.take(method, decodePath(target), sent)
    const body = fault?.kind === 'skip-ignored' && sent.includes('"$skipToken"') ? sent.replace(/"\$skip":\d+,?/, '') : sent
    const url = new URL(target, arm.baseUrl)
    const signIn = answerSignIn({ tenantId: tenant.tenantId, baseUrl: arm.baseUrl, clients, tokens }, method, url, body)
    const checked = tokens.check(request.headers.authorization)
    const principal = checked.ok ? checked.principal : nobody
    const forced = fault && faultAnswer(fault, principal, decodePath(url.pathname))

    const outcome = forced
      ? { kind: signIn ? 'sign-in' : 'fault', answer: forced }
      : signIn
        ? { kind: 'sign-in', answer: signIn }
        : checked.ok
          ? answerSigned(arm, method, url, body, checked.principal)
          : { kind: 'unauthorized', answer: unauthorized(checked.reason) }

    if (fault?.kind === 'delay') await wait(fault.milliseconds)
    if (fault?.kind === 'hold') {
      fault.met?.()
      await fault.until
    }
    if (latencyMs > 0 && !signIn) await wait(latencyMs)
    requests.add(outcome.kind, method, target, fault?.kind === 'reset' ? 0 : outcome.answer.status)
    const query = faults.repeatsRows && outcome.kind === 'resource-graph' ? String(jsonAt(JSON.parse(body), 'query')) : ''
    const given = fault ? spoil(fault, outcome.answer, url.href, lastRows.get(query)) : outcome.answer
    if (query !== '') lastRows.set(query, jsonAt(given.body, 'data'))
    if (fault?.kind === 'reset') request.socket.destroy()
    else send(response, given, fault?.kind === 'truncated' ? (fault.behind ?? '') : null)
  }

  const listener: RequestListener = (request, response) => {
    answer(request, response).catch((error: unknown) => {
      send(
        response,
        armError(500, 'InternalServerError', error instanceof Error ? (error.stack ?? error.message) : String(error)),
        null,
      )
    })
  }
  const server = options.tls ? createHttpsServer(options.tls, listener) : createHttpServer(listener)
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  arm.baseUrl = `${options.tls ? 'https' : 'http'}://127.0.0.1:${addressOf(server.address()).port}`

  return {
    url: arm.baseUrl,
    tenantId: tenant.tenantId,
    requests,
    tenant,
    tokens,
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    issueToken: (clientId = demoClient.clientId) =>
      tokens.issue(clientId, arm.baseUrl, `https://sts.windows.net/${tenant.tenantId}/`),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function answerSigned(arm: ArmSettings, method: string, url: URL, body: string, principal: typeof nobody) {
  const parsed = parseBody(body)
  if (!parsed.ok)
    return { kind: 'invalid', answer: armError(400, 'InvalidRequestContent', 'The request content was invalid JSON.') }
  return answerArm(arm, { method, path: decodePath(url.pathname), query: url.searchParams, body: parsed.value, principal })
}

function parseBody(body: string): { ok: true; value: unknown } | { ok: false } {
  if (body === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: JSON.parse(body) }
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false }
    throw error
  }
}

function unauthorized(reason: 'missing' | 'unknown' | 'expired'): Answer {
  if (reason === 'missing')
    return tokenError('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.")
  if (reason === 'unknown') return tokenError('InvalidAuthenticationToken', 'The access token is invalid.')
  return tokenError('ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

/** @param cutAfter where the body ends: '' in its middle; null: whole. */
function send(response: ServerResponse, answer: Answer, cutAfter: string | null): void {
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  const end = cutAfter === null ? text.length : cutAfter === '' ? text.length >> 1 : text.lastIndexOf(cutAfter, text.length - cutAfter.length - 1) + cutAfter.length
  const sent = Buffer.from(text.slice(0, end))
  const id = randomUUID()
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': sent.length,
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': id,
    'x-ms-routing-request-id': `WESTEUROPE:${id}`,
    ...answer.headers,
  })
  response.end(sent)
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the simulator does not listen on a port')
  return address
}
