import { RestError, type PipelinePolicy } from '@azure/core-rest-pipeline'
import type { RequestCounts } from '../../domain/scan'
import type { Clock } from './clock'
import type { CircuitLimits } from './limits'
import { routeOf } from './route'

/** Thrown for a request of a subscription that is not asked any more. */
export class CircuitOpenError extends Error {
  constructor() {
    super('Requests to this subscription failed again and again, so that it was not asked any further.')
    this.name = 'CircuitOpenError'
  }
}

/** Requests that belong to the trouble itself: beyond so many failures in a row it says nothing about the network or the others. */
const ownTroubleAfter = 4

/**
 * One subscription's circuit breaker. Many failures in a row, of several different requests, open it: nothing is asked for a while, then one request tries.
 * A good answer closes it; when enough tries have failed, the subscription is given up.
 */
class Circuit {
  #failures = 0
  readonly #failing = new Set<string>()
  #restUntil: number | null = null
  #triesFailed = 0
  #trying: PromiseWithResolvers<void> | null = null
  #givenUp = false

  constructor(
    private readonly limits: CircuitLimits,
    private readonly clock: Clock,
    private readonly onOpen: () => void,
    private readonly signal?: AbortSignal,
  ) {}

  get inTrouble(): boolean {
    return this.#failures > ownTroubleAfter
  }

  /** Waits while the circuit is open; true for the one request that tries whether it can be closed. */
  async admit(): Promise<boolean> {
    for (;;) {
      if (this.#givenUp) throw new CircuitOpenError()
      if (this.#restUntil === null) return false
      const restMs = this.#restUntil - this.clock.now()
      if (restMs > 0) await this.clock.sleep(restMs, this.signal)
      else if (this.#trying === null) {
        this.#trying = Promise.withResolvers()
        return true
      } else await this.#trying.promise
    }
  }

  worked(): void {
    this.#failures = 0
    this.#failing.clear()
    this.#triesFailed = 0
    this.#restUntil = null
    this.#tried()
  }

  failed(url: string, wasTry: boolean): void {
    if (wasTry) {
      this.#triesFailed += 1
      if (this.#triesFailed >= this.limits.tries) this.#givenUp = true
      else this.#rest()
      this.#tried()
      return
    }
    // Those that were on their way when it opened say nothing new.
    if (this.#restUntil !== null) return
    this.#failures += 1
    this.#failing.add(url)
    if (this.#failures < this.limits.failures || this.#failing.size < this.limits.requests) return
    this.onOpen()
    this.#rest()
  }

  /** A request that neither worked nor failed: it was never sent. */
  leftOut(wasTry: boolean): void {
    if (wasTry) this.#tried()
  }

  #rest(): void {
    this.#restUntil = this.clock.now() + this.limits.firstRestMs * 2 ** this.#triesFailed
  }

  #tried(): void {
    this.#trying?.resolve()
    this.#trying = null
  }
}

/** A circuit breaker for each subscription, so that one which is out of order keeps nobody else waiting and is not hammered. */
export class Circuits {
  readonly #bySubscription = new Map<string, Circuit>()

  constructor(
    private readonly limits: CircuitLimits,
    private readonly clock: Clock,
    private readonly counts: RequestCounts,
    private readonly signal?: AbortSignal,
  ) {}

  /** True while what fails is the subscription's own trouble. `lane` is that of its route. */
  inTrouble(lane: string): boolean {
    return this.#bySubscription.get(lane)?.inTrouble ?? false
  }

  get policy(): PipelinePolicy {
    return {
      name: 'keypointCircuitPolicy',
      sendRequest: async (request, next) => {
        const { kind, lane } = routeOf(request.url)
        if (kind !== 'subscription') return await next(request)
        const circuit = this.#circuitOf(lane)
        const isTry = await circuit.admit()
        try {
          const response = await next(request)
          if (response.status >= 500 || response.status === 408) circuit.failed(request.url, isTry)
          else circuit.worked()
          return response
        } catch (error) {
          if (error instanceof RestError) circuit.failed(request.url, isTry)
          else circuit.leftOut(isTry)
          throw error
        }
      },
    }
  }

  #circuitOf(lane: string): Circuit {
    const known = this.#bySubscription.get(lane)
    if (known !== undefined) return known
    const circuit = new Circuit(this.limits, this.clock, () => (this.counts.circuitsOpened = (this.counts.circuitsOpened ?? 0) + 1), this.signal)
    this.#bySubscription.set(lane, circuit)
    return circuit
  }
}
