import type { Clock } from './clock'

/** How a lane fares: since when it is refused, how often it was and was not, and how long it rests after the next refusal. */
export class Strikes {
  #count = 0
  #since: number | null = null
  #refusals = 0
  #answers = 0

  /** @param longestPauseMs no rest of its own is longer. */
  constructor(private readonly clock: Clock, private readonly longestPauseMs: number) {}

  /** Milliseconds since Azure began to throttle every request; 0: it does not. */
  get refusedMs(): number {
    return this.#since === null ? 0 : this.clock.now() - this.#since
  }

  /** Requests that were throttled so far. */
  get refusals(): number {
    return this.#refusals
  }

  /** Requests that were not. */
  get answers(): number {
    return this.#answers
  }

  /**
   * Notes a 429 and tells how long to rest; null: no longer than the pause that has begun.
   * @param waitMs what Azure asks for. Where it asks for the same again and again, each rest is longer all the same.
   */
  struck(waitMs: number | null, firstOfPause: boolean): number | null {
    this.#since ??= this.clock.now()
    this.#refusals += 1
    if (!firstOfPause) return waitMs
    this.#count += 1
    if (waitMs === null) return 1000 * 2 ** Math.min(this.#count, 5)
    return this.#count === 1 ? waitMs : Math.max(waitMs, Math.min(1000 * 2 ** Math.min(this.#count - 1, 5), this.longestPauseMs))
  }

  succeeded(): void {
    this.#count = 0
    this.#since = null
    this.#answers += 1
  }
}
