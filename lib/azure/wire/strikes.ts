import type { Clock } from './clock'

/** How a lane fares: since when it is refused, when it last was answered, and how long it rests after the next refusal. */
export class Strikes {
  #count = 0
  #since: number | null = null
  #answeredAt = Number.NEGATIVE_INFINITY

  /** @param longestPauseMs no rest of its own is longer. */
  constructor(private readonly clock: Clock, private readonly longestPauseMs: number) {}

  /** Milliseconds since Azure began to throttle every request; 0: it does not. */
  get refusedMs(): number {
    return this.#since === null ? 0 : this.clock.now() - this.#since
  }

  /** By the clock. */
  get answeredAt(): number {
    return this.#answeredAt
  }

  /**
   * Notes a 429 and tells how long to rest; null: no longer than the pause that has begun.
   * @param waitMs what Azure asks for. Where it asks for the same again and again, each rest is longer all the same.
   */
  struck(waitMs: number | null, firstOfPause: boolean): number | null {
    this.#since ??= this.clock.now()
    if (!firstOfPause) return waitMs
    this.#count += 1
    if (waitMs === null) return 1000 * 2 ** Math.min(this.#count, 5)
    return this.#count === 1 ? waitMs : Math.max(waitMs, Math.min(1000 * 2 ** Math.min(this.#count - 1, 5), this.longestPauseMs))
  }

  succeeded(): void {
    this.#count = 0
    this.#since = null
    this.#answeredAt = this.clock.now()
  }
}
