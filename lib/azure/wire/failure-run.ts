import type { Clock } from './clock'
import type { CircuitLimits } from './limits'

/** Requests that belong to the trouble itself: beyond so many failures in a row it says nothing about the network or the others. */
const ownTroubleAfter = 4

/**
 * Failures of one kind of request in one subscription since the last that worked. A resource and all its parts count as one, and a resource that failed before a rest
 * does not bring about the next: what is broken by itself must not cost the others more than a wait.
 */
export class FailureRun {
  #failures = 0
  #failing = new Set<string>()
  #known = new Set<string>()
  #rests = 0
  #hopelessAt = 0
  #hopeless = false

  constructor(private readonly limits: CircuitLimits, private readonly clock: Clock) {}

  /** True while what fails says nothing about the network or other subscriptions. */
  get isLong(): boolean {
    return this.#rests > 0 || this.#failures > ownTroubleAfter
  }

  /** False once resting has not helped. */
  get deservesRetries(): boolean {
    return this.#rests < this.limits.tries
  }

  /** True when nothing has worked for so long that it is not asked for any more. */
  get isHopeless(): boolean {
    return this.#hopeless
  }

  /** Returns the rest that the subscription needs now; null: none. `resting`: the request was on its way when a rest began. */
  failed(resource: string, resting: boolean): number | null {
    if (!this.deservesRetries) {
      this.#hopeless ||= this.clock.now() >= this.#hopelessAt
      return null
    }
    if (resting) this.#known.add(resource)
    if (this.#known.has(resource)) return null
    this.#failures += 1
    this.#failing.add(resource)
    if (this.#failures < this.limits.failures || this.#failing.size < this.limits.resources) return null
    return this.#rest()
  }

  #rest(): number {
    this.#known = this.#known.union(this.#failing)
    this.#failing = new Set()
    this.#failures = 0
    const restMs = this.limits.firstRestMs * 2 ** this.#rests
    this.#rests += 1
    this.#hopelessAt = this.clock.now() + restMs + this.limits.hopelessAfterMs
    return restMs
  }
}
