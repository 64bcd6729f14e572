import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { createHttpHeaders, RestError, type HttpClient, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline'
import { Agent, ProxyAgent, type Dispatcher } from 'undici'
import { proxyFor, proxySetting } from '../../config/proxy'

const decompress = promisify(gunzip)

/** Azure's front doors keep an idle connection for minutes; a lane may rest for some seconds. */
const idleMs = 30_000

/** What undici calls what Node.js has names for. */
const codes: Record<string, string> = { UND_ERR_SOCKET: 'ECONNRESET', UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT' }

export interface HttpClientOptions {
  /** Most connections to one host. */
  connections: number
  /** True: HTTPS_PROXY, ALL_PROXY, HTTP_PROXY (the first that is set) and NO_PROXY are followed, in capitals or not. */
  proxied: boolean
  /** Aborting ends requests in flight and refuses later ones. */
  signal?: AbortSignal
}

/**
 * Sends the pipeline's requests over kept-alive connections of undici: at thousands of small answers a minute its cost in CPU is a third of that of the
 * client which the SDKs bring. Gives no answer but a whole one: a body that is cut, late or unreadable is a RestError.
 */
export class UndiciHttpClient implements HttpClient {
  readonly #direct: Dispatcher
  /** Null: no proxy is asked. */
  readonly #proxy: Dispatcher | null

  constructor({ connections, proxied, signal }: HttpClientOptions) {
    // Without time limits of undici's own: the pipeline's holds for the whole answer.
    const options = { connections, keepAliveTimeout: idleMs, headersTimeout: 0, bodyTimeout: 0 }
    const proxy = proxied ? proxySetting() : null
    this.#direct = new Agent(options)
    this.#proxy = proxy === null ? null : new ProxyAgent({ ...options, uri: proxy.url })
    if (signal?.aborted === true) this.close()
    else signal?.addEventListener('abort', () => this.close(), { once: true })
  }

  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const url = new URL(request.url)
    const { origin, pathname, search } = url
    const dispatcher = this.#proxy === null || proxyFor(url) === null ? this.#direct : this.#proxy
    const { status, headers, body } = await dispatched(dispatcher, {
      origin, path: `${pathname}${search}`, method: request.method, headers: request.headers.toJSON({ preserveCase: true }), body: textOf(request),
    }, request)
    const whole = headers['content-encoding'] === 'gzip' ? await unpacked(body, request) : body
    return { status, request, headers: createHttpHeaders(flat(headers)), bodyAsText: whole.toString('utf8') }
  }

  /** Ends all connections; requests in flight fail. */
  close(): void {
    // It rejects for connections that failed to open, which their requests tell too.
    for (const dispatcher of [this.#direct, this.#proxy]) dispatcher?.destroy().catch(() => undefined)
  }
}

function dispatched(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, request: PipelineRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => dispatcher.dispatch(options, new AnswerHandler(request, resolve, reject)))
}

interface RawAnswer {
  status: number
  headers: Dispatcher.ResponseData['headers']
  body: Buffer
}

/** Gathers one answer, within the request's time. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #timer: NodeJS.Timeout | undefined
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #lateness: RestError | undefined
  #status = 0
  #headers: RawAnswer['headers'] = {}

  constructor(
    private readonly request: PipelineRequest,
    private readonly resolve: (answer: RawAnswer) => void,
    private readonly reject: (error: RestError) => void,
  ) {
    if (request.timeout > 0) this.#timer = setTimeout(() => this.#late(), request.timeout)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Nobody waits for it any more, and its token is spent.
    if (this.#lateness !== undefined) controller.abort(this.#lateness)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawAnswer['headers']): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
    const [first, ...rest] = this.#chunks
    const body = first === undefined ? Buffer.alloc(0) : rest.length === 0 ? first : Buffer.concat(this.#chunks)
    this.resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer)
    this.reject(asRestError(error, this.request))
  }

  #late(): void {
    this.#lateness = new RestError('Azure did not answer in time.', { code: 'ETIMEDOUT', request: this.request })
    this.#controller?.abort(this.#lateness)
    // A request that waits for its connection has no controller yet.
    this.reject(this.#lateness)
  }
}

function asRestError(error: Error, request: PipelineRequest): RestError {
  if (error instanceof RestError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : RestError.REQUEST_SEND_ERROR
  return new RestError(error.message, { code: codes[code] ?? code, request })
}

async function unpacked(body: Buffer, request: PipelineRequest): Promise<Buffer> {
  try {
    return await decompress(body)
  } catch (error) {
    throw asRestError(error instanceof Error ? error : new Error(String(error)), request)
  }
}

/** The body of a request: what the pipeline sends is text. */
function textOf({ body }: PipelineRequest): string | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return body
  throw new TypeError('The pipeline sends text alone.')
}

/** A header that came several times as one, as HTTP allows. */
function flat(headers: RawAnswer['headers']): Record<string, string> {
  const single: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) single[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return single
}
