import type { Clock } from './clock'
import type { BreakerLimits } from './limits'

/** Thrown for a request that is not sent, since what it leads to failed again and again. */
export class CircuitOpenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CircuitOpenError'
  }
}

/** Thrown for a request that is not sent, since nobody at the service gets an answer. */
export class NetworkAwayError extends CircuitOpenError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NetworkAwayError'
  }
}

/**
 * Lets nobody through while it is open. After each rest a question of its own tries whether it can be closed; when enough tries have failed, nobody waits for it any
 * more, though now and then another try is made.
 */
export class Breaker {
  #restUntil: number | null = null
  #triesFailed = 0
  #trying: Promise<void> | null = null

  /** @param givenUp what a request is told that nobody waits for. */
  constructor(private readonly limits: BreakerLimits, private readonly givenUp: () => CircuitOpenError, private readonly clock: Clock, private readonly signal?: AbortSignal) {}

  get isOpen(): boolean {
    return this.#restUntil !== null
  }

  open(restMs: number): void {
    this.#restUntil = this.clock.now() + restMs
  }

  close(): void {
    this.#restUntil = null
    this.#triesFailed = 0
  }

  /**
   * Waits while it is open.
   * @param answers tries whether it can be closed; null: that cannot be told now.
   * @throws CircuitOpenError when too many tries have failed; what `answers` throws.
   */
  async admit(answers: () => Promise<boolean | null>): Promise<void> {
    while (this.#restUntil !== null) {
      const restMs = this.#restUntil - this.clock.now()
      if (restMs <= 0) await (this.#trying ??= this.#try(answers).finally(() => (this.#trying = null)))
      else if (this.#triesFailed >= this.limits.tries) throw this.givenUp()
      else await this.clock.sleep(restMs, this.signal)
    }
  }

  async #try(answers: () => Promise<boolean | null>): Promise<void> {
    const answered = await answers()
    // An answer to something else may have closed it meanwhile.
    if (!this.isOpen) return
    if (answered === true) return this.close()
    if (answered === false) this.#triesFailed += 1
    const { firstRestMs, tries, givenUpRestMs = firstRestMs * 2 ** tries } = this.limits
    this.open(this.#triesFailed < tries ? firstRestMs * 2 ** this.#triesFailed : givenUpRestMs)
  }
}
