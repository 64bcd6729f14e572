import { createPipelineRequest, RestError, type PipelinePolicy, type PipelineRequest, type PipelineResponse, type SendRequest } from '@azure/core-rest-pipeline'
import type { RequestCounts } from '../../domain/scan'
import { apiVersions } from '../api-versions'
import { Breaker, CircuitOpenError, NetworkAwayError } from './breaker'
import type { Clock } from './clock'
import { FailureRun } from './failure-run'
import type { Limits } from './limits'
import { isMalformed } from './parse-body'
import { LaneClosedError } from './request-lane'
import { resourceOf, routeOf, type Route } from './route'

const subscriptionGivenUp = 'Requests to this subscription failed again and again, so that it was not asked any further.'
const kindGivenUp = 'Requests like this one failed again and again in this subscription, so that no more were made.'
const networkGivenUp = 'Azure could not be reached for minutes, so that this was not asked.'

/** One subscription: stopped as a whole when many requests of a kind fail in a row. Failures are counted by action, so that each knows what works of its own kind. */
class Circuit {
  readonly breaker: Breaker
  readonly #runs = new Map<string, FailureRun>()

  constructor(private readonly limits: Limits, private readonly clock: Clock, private readonly onOpen: () => void, signal?: AbortSignal) {
    this.breaker = new Breaker(limits.circuit, () => new CircuitOpenError(subscriptionGivenUp), clock, signal)
  }

  get inTrouble(): boolean {
    return this.breaker.isOpen || [...this.#runs.values()].some(({ isLong }) => isLong)
  }

  run(action: string): FailureRun | undefined {
    return this.#runs.get(action)
  }

  worked(action: string): void {
    this.#runs.delete(action)
    this.breaker.close()
  }

  failed(action: string, resource: string): void {
    const run = this.#runs.get(action) ?? new FailureRun(this.limits.circuit, this.clock)
    this.#runs.set(action, run)
    const restMs = run.failed(resource, this.breaker.isOpen)
    if (restMs === null) return
    this.onOpen()
    this.breaker.open(restMs)
  }
}

/** Failures without any answer in between, whoever was asked: of several resources they mean that the network is away. */
class Network {
  readonly breaker: Breaker
  #failures = 0
  readonly #failing = new Set<string>()
  /** One that never answered is not waited for: an address or a proxy is wrong. */
  #answered = false

  constructor(private readonly limits: Limits, clock: Clock, signal?: AbortSignal) {
    this.breaker = new Breaker(limits.network, () => new NetworkAwayError(networkGivenUp), clock, signal)
  }

  get hasAnswered(): boolean {
    return this.#answered
  }

  worked(): void {
    this.#answered = true
    this.#failures = 0
    if (this.#failing.size > 0) this.#failing.clear()
    this.breaker.close()
  }

  failed(resource: string): void {
    if (!this.#answered || this.breaker.isOpen) return
    this.#failures += 1
    this.#failing.add(resource)
    if (this.#failures >= this.limits.circuit.failures && this.#failing.size >= this.limits.circuit.resources) this.away()
  }

  /** Once: its rests grow, whoever else notices. */
  away(): void {
    if (!this.breaker.isOpen) this.breaker.open(0)
  }
}

/**
 * A circuit breaker for each subscription, so that one which is out of order keeps nobody else waiting and is not hammered, and one for the network, so that no
 * subscription pays for it. Whether they can be closed is asked of the subscription itself and of the tenant, and of no resource: that may be the one which is broken.
 */
export class Circuits {
  readonly #bySubscription = new Map<string, Circuit>()
  readonly #network: Network
  #asking: Promise<boolean> | null = null

  constructor(
    private readonly endpoint: string,
    private readonly limits: Limits,
    private readonly clock: Clock,
    private readonly counts: RequestCounts,
    private readonly signal?: AbortSignal,
  ) {
    this.#network = new Network(limits, clock, signal)
  }

  /** True while what fails is the subscription's own trouble, or the network's. `lane` is that of its route. */
  inTrouble(lane: string): boolean {
    return this.#network.breaker.isOpen || (this.#bySubscription.get(lane)?.inTrouble ?? false)
  }

  /** False where the subscription answers, and yet nothing of the kind has worked after all rests: each is asked once then. */
  mayRetry(url: string): boolean {
    const { lane, action } = routeOf(url)
    return this.#bySubscription.get(lane)?.run(action)?.deservesRetries ?? true
  }

  /**
   * Asks the tenant, for a request that got no answer to its end. True: it gives none either, so that all wait from now on until somebody is answered.
   * @throws NetworkAwayError when nobody ever was.
   */
  async isNetworkAway(unanswered: RestError, next: SendRequest): Promise<boolean> {
    if (this.#network.breaker.isOpen) return true
    const asking = unanswered.request
    if (asking === undefined) return false
    this.#asking ??= this.#networkAnswers(asking, next).finally(() => (this.#asking = null))
    if (await this.#asking) return false
    if (!this.#network.hasAnswered) throw new NetworkAwayError(`Azure at ${this.endpoint} gives no answer${unanswered.code === undefined ? '' : ` (${unanswered.code})`}.`, { cause: unanswered })
    this.#network.away()
    return true
  }

  get policy(): PipelinePolicy {
    return {
      name: 'keypointCircuitPolicy',
      sendRequest: async (request, next) => {
        const route = routeOf(request.url)
        const circuit = route.kind === 'subscription' ? this.#circuitOf(route.lane) : undefined
        if (circuit !== undefined) await this.#admit(request, next, route, circuit)
        await this.#network.breaker.admit(() => this.#networkAnswers(request, next))
        return await this.#send(request, next, route, circuit)
      },
    }
  }

  async #admit(request: PipelineRequest, next: SendRequest, { lane, action }: Route, circuit: Circuit): Promise<void> {
    await circuit.breaker.admit(() => this.#subscriptionAnswers(lane.slice('subscription '.length), request, next))
    if (circuit.run(action)?.isHopeless === true) throw new CircuitOpenError(kindGivenUp)
  }

  async #send(request: PipelineRequest, next: SendRequest, { action }: Route, circuit?: Circuit): Promise<PipelineResponse> {
    try {
      const response = await next(request)
      this.#network.worked()
      if (isOutOfOrder(response)) circuit?.failed(action, resourceOf(request.url))
      else circuit?.worked(action)
      return response
    } catch (error) {
      if (error instanceof RestError) this.#unanswered(resourceOf(request.url), action, circuit)
      throw error
    }
  }

  #unanswered(resource: string, action: string, circuit?: Circuit): void {
    this.#network.failed(resource)
    if (!this.#network.breaker.isOpen) circuit?.failed(action, resource)
  }

  /** Null while the network is away, which is no fault of the subscription's. */
  async #subscriptionAnswers(subscriptionId: string, asking: PipelineRequest, next: SendRequest): Promise<boolean | null> {
    await this.#network.breaker.admit(() => this.#networkAnswers(asking, next))
    try {
      const response = await next(this.#question(`/subscriptions/${subscriptionId}?api-version=${apiVersions.subscriptions}`, asking))
      this.#network.worked()
      return !isOutOfOrder(response)
    } catch (error) {
      if (!(error instanceof RestError)) throw error
      if (!this.#network.breaker.isOpen && (await this.#networkAnswers(asking, next))) return false
      this.#network.away()
      return null
    }
  }

  /** Any answer will do. */
  async #networkAnswers(asking: PipelineRequest, next: SendRequest): Promise<boolean> {
    try {
      await next(this.#question(`/tenants?api-version=${apiVersions.subscriptions}`, asking))
    } catch (error) {
      if (error instanceof RestError) return false
      // A tenant that must rest for long has answered.
      if (!(error instanceof LaneClosedError)) throw error
    }
    this.#network.worked()
    return true
  }

  #question(path: string, { headers, allowInsecureConnection }: PipelineRequest): PipelineRequest {
    const question = createPipelineRequest({ url: `${this.endpoint}${path}`, method: 'GET', allowInsecureConnection, timeout: this.limits.attemptTimeoutMs })
    question.headers.set('accept', 'application/json')
    question.headers.set('user-agent', headers.get('user-agent') ?? '')
    return question
  }

  #circuitOf(lane: string): Circuit {
    const known = this.#bySubscription.get(lane)
    if (known !== undefined) return known
    const circuit = new Circuit(this.limits, this.clock, () => (this.counts.circuitsOpened = (this.counts.circuitsOpened ?? 0) + 1), this.signal)
    this.#bySubscription.set(lane, circuit)
    return circuit
  }
}

function isOutOfOrder(response: PipelineResponse): boolean {
  return response.status >= 500 || response.status === 408 || isMalformed(response)
}
