import { armError, authorizationFailed, bareError, type Answer, type Principal } from './answer'
import { isJsonObject, type JsonObject } from './json'
import { uniform } from './random'
import { refused } from './sign-in'

/** What goes wrong, and where. */
export type Fault = {
  /** Part of the path (any casing) or an expression over path and query. */
  match: string | RegExp
  method?: string
  /** Part of what is posted, for example of a query of Resource Graph. */
  body?: string
  /** How many requests are let through first. */
  after?: number
  /** How often; for ever without it. */
  times?: number
  /** Share of matching requests that meet it, 0 to 1, drawn from a seed. */
  probability?: number
} & FaultKind

export type FaultKind =
  | {
      kind: 'status'
      status: number
      code?: string
      message?: string
      retryAfterSeconds?: number
      /** `usual` by default; `capitals` is the bare envelope with `Code` and `Message`; `details` that of Resource Graph, which has the code within. */
      envelope?: 'usual' | 'bare' | 'capitals' | 'details' | 'empty'
    }
  /** A gateway's page; 502 unless told otherwise. */
  | { kind: 'html'; status?: number }
  /** The right answer with its body cut in half, or behind the last such text before its end. */
  | { kind: 'truncated'; behind?: string }
  /** The connection is closed without an answer. */
  | { kind: 'reset' }
  /** The right answer, late. */
  | { kind: 'delay'; milliseconds: number }
  /** The right answer, when this has happened. `met` is told of each request that waits for it. */
  | { kind: 'hold'; until: Promise<void>; met?: () => void }
  /** 401 as for an expired token, whatever the token. */
  | { kind: 'expired-token' }
  /** Entra gives no token, with this AADSTS code. */
  | { kind: 'no-token'; status: number; code: number }
  /** 403 that names an action. */
  | { kind: 'refuse'; action: string }
  /** Resource Graph loses rows, or counts others than it has. */
  | {
      kind: 'rows'
      /** The first of a page; without it all stay. The page is then the last. */
      keep?: number
      /** True: it says that rows are missing. */
      truncated?: boolean
      /** What it counts. */
      total?: number
    }
  /** Resource Graph gives the rows of the page before once more, in place of its own. */
  | { kind: 'repeat-rows' }
  /** Resource Graph goes on where the token says, whatever the number of rows to leave out. */
  | { kind: 'skip-ignored' }
  /** The list's nextLink leads back to the same page. */
  | { kind: 'loop-next-link' }
  /** The list's nextLink leads to the same page by an address that is always new. */
  | { kind: 'endless-next-link' }
  /** A batch answers without names, which it may. */
  | { kind: 'batch-without-names' }
  /** A batch loses its last answer. */
  | { kind: 'batch-loses-one' }
  /** The list's nextLink names another host. */
  | { kind: 'foreign-next-link'; url: string }

interface Armed {
  fault: Fault
  spared: number
  left: number
}

/** Faults in the order in which they were added; the first that matches is met. */
export class FaultList {
  #armed: Armed[] = []
  #drawn = 0

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.add(fault)
  }

  add(fault: Fault): void {
    this.#armed.push({ fault, spared: fault.after ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY })
  }

  /** True: some fault needs to know what was answered before. */
  get repeatsRows(): boolean {
    return this.#armed.some(({ fault }) => fault.kind === 'repeat-rows')
  }

  clear(): void {
    this.#armed = []
  }

  /** The fault that this request meets; one of its times is used up. */
  take(method: string, url: string, body = ''): Fault | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed
      if (armed.left <= 0 || (fault.method && fault.method !== method) || !matches(fault.match, url) || !body.includes(fault.body ?? '')) continue
      if (fault.probability !== undefined && uniform(fault.probability, 'fault', this.#drawn++) >= fault.probability) continue
      if (armed.spared-- > 0) continue
      armed.left--
      return fault
    }
    return undefined
  }
}

function matches(pattern: string | RegExp, url: string): boolean {
  if (typeof pattern === 'string') return url.toLowerCase().includes(pattern.toLowerCase())
  pattern.lastIndex = 0
  return pattern.test(url)
}

/** The answer that stands in place of the right one; undefined for faults that change the right answer or the connection. */
export function faultAnswer(fault: Fault, principal: Principal, path: string): Answer | undefined {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault)
    case 'html':
      return {
        status: fault.status ?? 502,
        body: '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
        headers: { 'content-type': 'text/html' },
      }
    case 'expired-token':
      return tokenError('ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.')
    case 'no-token':
      return refused(fault.status, 'temporarily_unavailable', fault.code, 'The token cannot be issued.')
    case 'refuse':
      return authorizationFailed(principal, fault.action, path)
    default:
      return undefined
  }
}

/** The right answer, spoilt: used for faults on `nextLink`, on batches and on rows of Resource Graph, of whose page before `lastRows` are. */
export function spoil(fault: Fault, answer: Answer, selfUrl: string, lastRows: unknown): Answer {
  if (!isJsonObject(answer.body)) return answer
  switch (fault.kind) {
    case 'loop-next-link':
      return { ...answer, body: { ...answer.body, nextLink: selfUrl } }
    case 'endless-next-link':
      return { ...answer, body: { ...answer.body, nextLink: `${selfUrl}&$skiptoken=more` } }
    case 'rows':
      return { ...answer, body: withoutRows(answer.body, fault) }
    case 'repeat-rows':
      return { ...answer, body: { ...answer.body, data: lastRows ?? answer.body.data } }
    case 'foreign-next-link':
      return { ...answer, body: { ...answer.body, nextLink: fault.url } }
    case 'batch-loses-one':
      return { ...answer, body: { ...answer.body, responses: responsesOf(answer.body).slice(0, -1) } }
    case 'batch-without-names':
      return { ...answer, body: { ...answer.body, responses: responsesOf(answer.body).map((each) => ({ ...each, name: undefined })) } }
    default:
      return answer
  }
}

function withoutRows(body: JsonObject, { keep, truncated, total }: Extract<Fault, { kind: 'rows' }>): JsonObject {
  const data = Array.isArray(body.data) ? body.data : []
  const counted: JsonObject = { ...body, ...(total !== undefined && { totalRecords: total }) }
  if (keep === undefined) return counted
  const { $skipToken: _token, ...last } = counted
  return { ...last, data: data.slice(0, keep), count: Math.min(keep, data.length), resultTruncated: truncated === true ? 'true' : 'false' }
}

function responsesOf({ responses }: JsonObject): JsonObject[] {
  return Array.isArray(responses) ? responses.filter((each) => isJsonObject(each)) : []
}

export function tokenError(code: string, message: string): Answer {
  return armError(401, code, message, {
    'www-authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token", error_description="${message}"`,
  })
}

function statusAnswer(fault: Extract<Fault, { kind: 'status' }>): Answer {
  const code = fault.code ?? (fault.status === 429 ? 'TooManyRequests' : 'InternalServerError')
  const message = fault.message ?? `The request could not be served (${fault.status}).`
  const answer = envelope(fault, code, message)
  if (fault.retryAfterSeconds !== undefined)
    answer.headers = { ...answer.headers, 'retry-after': String(fault.retryAfterSeconds) }
  return answer
}

function envelope(fault: Extract<Fault, { kind: 'status' }>, code: string, message: string): Answer {
  switch (fault.envelope) {
    case 'bare':
      return bareError(fault.status, code, message)
    case 'capitals':
      return { status: fault.status, body: { Code: code, Message: message } }
    case 'details':
      return { status: fault.status, body: { error: { code: 'BadRequest', message: 'Please provide below info when asking for support.', details: [{ code, message }] } } }
    case 'empty':
      return { status: fault.status, body: '' }
    default:
      return armError(fault.status, code, message)
  }
}
