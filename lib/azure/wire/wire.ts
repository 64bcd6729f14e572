import { setMaxListeners } from 'node:events'
import { MonitorClient } from '@azure/arm-monitor'
import { ResourceGraphClient } from '@azure/arm-resourcegraph'
import type { TokenCredential } from '@azure/core-auth'
import {
  createEmptyPipeline,
  createPipelineRequest,
  setClientRequestIdPolicy,
  userAgentPolicy,
  type Pipeline,
  type PipelineRequest,
} from '@azure/core-rest-pipeline'
import { circuitOpenCode, collected, type Collected } from '../../domain/collected'
import type { RequestCounts } from '../../domain/scan'
import type { SharedBuckets } from '../../domain/shared-buckets'
import { KeypointError } from '../../errors'
import { AzureAwayError } from '../azure-away-error'
import { noAnswer } from '../errors'
import { AzureTime } from './azure-time'
import { bearerPolicy } from './bearer'
import { CircuitOpenError, NetworkAwayError } from './breaker'
import { Circuits } from './circuit'
import type { Clock } from './clock'
import { ForeignHostError } from './foreign-host-error'
import { UndiciHttpClient } from './http-client'
import { defaultLimits, type Limits } from './limits'
import { Pace } from './pace'
import { bodyOf, parseBody } from './parse-body'
import { LaneClosedError } from './request-lane'
import { retryPolicy } from './retry'

const tryAgain = 'See whether it can be reached from here, by way of the proxy where there is one, and try again: a scan goes on where it was.'

/** One answer of any status; the body is JSON, text when it is not JSON, undefined when it is empty. */
export interface Answer {
  status: number
  body: unknown
}

/** What an SDK operation tells of the answer behind it. */
export type OnResponse = (response: { status: number; bodyAsText?: string | null; parsedBody?: unknown }) => void

export interface WireOptions {
  endpoint: string
  scope: string
  credential: TokenCredential
  limits: Limits
  clock: Clock
  counts: RequestCounts
  /** True: where the service is out of reach no scan can go on, and reads throw AzureAwayError. Otherwise they fail like any other. */
  isNeeded?: boolean
  signal?: AbortSignal
  random?: () => number
  /** Limits that are shared with other processes; absent: this one has them for itself. */
  sharedBuckets?: SharedBuckets
}

/** The one way to Azure: both SDK clients and bare requests go through the same pipeline. */
export class Wire {
  readonly monitor: MonitorClient
  readonly graph: ResourceGraphClient
  readonly origin: string
  readonly #endpoint: string
  readonly #insecure: boolean
  readonly #pipeline: Pipeline
  readonly #httpClient: UndiciHttpClient
  readonly #signal: AbortSignal
  readonly #closed = new AbortController()
  readonly #pace: Pace
  readonly #clock: Clock
  readonly #restMs: number
  readonly #isNeeded: boolean
  readonly #time: AzureTime

  constructor(options: WireOptions) {
    this.#clock = options.clock
    this.#restMs = options.limits.restMs
    this.#isNeeded = options.isNeeded ?? false
    this.#endpoint = options.endpoint.replace(/\/+$/, '')
    this.origin = new URL(this.#endpoint).origin
    this.#insecure = isPlainLoopback(this.#endpoint)
    this.#signal = options.signal === undefined ? this.#closed.signal : AbortSignal.any([options.signal, this.#closed.signal])
    setMaxListeners(0, this.#signal)
    this.#httpClient = new UndiciHttpClient({ connections: Math.max(options.limits.concurrency, options.limits.concurrencyMost), proxied: !this.#insecure, signal: this.#signal })
    const { limits, clock, counts, sharedBuckets } = options
    const circuits = new Circuits(this.#endpoint, limits, clock, counts, this.#signal)
    this.#pace = new Pace(limits, clock, counts, circuits, this.#signal, sharedBuckets && { buckets: sharedBuckets, host: new URL(this.#endpoint).host })
    this.#time = new AzureTime(clock)
    this.#pipeline = createPipeline({ ...options, endpoint: this.#endpoint, signal: this.#signal }, circuits, this.#pace, this.#time)
    const shared = { endpoint: this.#endpoint, pipeline: this.#pipeline, allowInsecureConnection: this.#insecure, httpClient: this.#httpClient }
    this.monitor = new MonitorClient(options.credential, shared)
    this.graph = new ResourceGraphClient(options.credential, shared)
  }

  /** What time it is at Azure; null: it has not answered yet. */
  time(): Date | null {
    return this.#time.now()
  }

  /** True while one more request would have to wait for a connection. */
  isBusy(): boolean {
    return this.#pace.slots.full
  }

  /** Waits before what failed is tried anew. */
  async rest(): Promise<void> {
    await this.#clock.sleep(this.#restMs, this.#signal)
  }

  /** Ends all connections. Whoever waits for an answer, or for their turn to ask, is told by a throw. */
  close(): void {
    this.#closed.abort(new Error('The way to Azure was closed.'))
  }

  /** GETs a path of the endpoint, or an absolute link. */
  async get(pathOrLink: string): Promise<Collected<Answer>> {
    const url = pathOrLink.startsWith('/') ? `${this.#endpoint}${pathOrLink}` : pathOrLink
    return await this.#send(createPipelineRequest({ url, method: 'GET', allowInsecureConnection: this.#insecure }))
  }

  /** POSTs a question to a path of the endpoint: one that changes nothing, since it may be sent again. */
  async post(path: string, question: unknown): Promise<Collected<Answer>> {
    const request = createPipelineRequest({ url: `${this.#endpoint}${path}`, method: 'POST', body: JSON.stringify(question), allowInsecureConnection: this.#insecure })
    request.headers.set('content-type', 'application/json')
    return await this.#send(request)
  }

  async #send(request: PipelineRequest): Promise<Collected<Answer>> {
    request.headers.set('accept', 'application/json')
    try {
      const response = await this.#pipeline.sendRequest(this.#httpClient, request)
      return collected({ status: response.status, body: bodyOf(response) })
    } catch (error) {
      return this.#failure(error)
    }
  }

  /**
   * Runs one SDK operation for the answer behind it. The SDKs' own models drop what they do not know and throw on bodies
   * that they did not expect, so their result is left aside and the answer is read by our own readers.
   */
  async call(operation: (onResponse: OnResponse) => PromiseLike<unknown>): Promise<Collected<Answer>> {
    let answer: Answer | undefined
    try {
      await operation((response) => {
        const { parsedBody, bodyAsText, status } = response
        answer = { status, body: typeof parsedBody === 'object' ? parsedBody : parseBody(bodyAsText) }
      })
    } catch (error) {
      if (answer === undefined) return this.#failure(error)
    }
    return answer === undefined ? noAnswer(undefined) : collected(answer)
  }

  /** Values for what Azure did; exceptions stay exceptions for an abort, a failed sign-in, a network that is away and for bugs. */
  #failure(error: unknown): Collected<never> {
    this.#signal.throwIfAborted()
    if (error instanceof KeypointError) throw error
    if (error instanceof LaneClosedError) {
      return { ok: false, reason: 'throttled', detail: `Throttled: ${error.message}`, status: 429, code: null, action: null }
    }
    if (error instanceof NetworkAwayError && this.#isNeeded) throw new AzureAwayError(error.message, tryAgain)
    if (error instanceof CircuitOpenError) {
      return { ok: false, reason: 'api-error', detail: error.message, status: null, code: circuitOpenCode, action: null }
    }
    if (error instanceof ForeignHostError) {
      return { ok: false, reason: 'api-error', detail: error.message, status: null, code: null, action: null }
    }
    if (error instanceof Error && 'code' in error) return noAnswer(error)
    throw error
  }
}

/** None of the SDKs' own policies for retry, redirects and tokens: ours know of each other's requests. */
function createPipeline(options: WireOptions, circuits: Circuits, pace: Pace, time: AzureTime): Pipeline {
  const { limits, clock, counts, signal, random = Math.random } = options
  const pipeline = createEmptyPipeline()
  pipeline.addPolicy(setClientRequestIdPolicy())
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: 'keypoint' }))
  pipeline.addPolicy(retryPolicy({ limits, clock, counts, circuits, pace, signal, random }))
  pipeline.addPolicy(circuits.policy)
  pipeline.addPolicy(bearerPolicy({ ...options, patienceMs: Math.min(limits.longestPauseMs, defaultLimits.longestPauseMs) }))
  pipeline.addPolicy(pace.policy)
  pipeline.addPolicy(time.policy)
  return pipeline
}

/** True for plain HTTP on loopback (the simulator); plain HTTP anywhere else would send tokens in the clear. */
function isPlainLoopback(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint)
  if (protocol === 'https:') return false
  if (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return true
  throw new KeypointError('not-configured', `The Azure endpoint ${endpoint} is not HTTPS.`, 'Use an https:// address; plain HTTP is for loopback alone.')
}
