import type { Clock } from './clock'
import type { RateLimit } from './limits'
import { LaneClosedError, type RequestLane } from './request-lane'
import { Strikes } from './strikes'

/** Rate kept after each pause, the least share of the documented rate, and the growth with each good answer. */
const slowdown = 0.75
const leastShare = 0.1
const recovery = 1.002

interface Waiter {
  resolve(): void
  reject(reason: unknown): void
}

/** A lane with a token bucket of its own. */
export class Lane implements RequestLane {
  readonly strikes: Strikes
  #tokens: number
  #underway = 0
  #perSecond: number
  #refilledAt: number
  #pausedUntil = 0
  #queue: Waiter[] = []
  #head = 0
  #draining = false

  constructor(
    private readonly limit: RateLimit,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
    /** Nobody waits for the end of a pause that is longer. */
    private readonly longestPauseMs = Number.POSITIVE_INFINITY,
  ) {
    this.#tokens = limit.burst
    this.#perSecond = limit.perSecond
    this.#refilledAt = clock.now()
    this.strikes = new Strikes(clock, longestPauseMs)
  }

  acquire(): Promise<void> {
    if (this.#head === this.#queue.length && this.#waitMs() === 0) {
      this.#use()
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ resolve, reject })
      if (!this.#draining) void this.#drain()
    })
  }

  settled(): void {
    this.#refill()
    this.#underway -= 1
  }

  pausedMs(): number {
    return Math.max(0, this.#pausedUntil - this.clock.now())
  }

  throttled(waitMs: number | null): void {
    const firstOfPause = this.pausedMs() === 0
    if (firstOfPause) this.#perSecond = Math.max(this.#perSecond * slowdown, this.limit.perSecond * leastShare)
    const restMs = this.strikes.struck(waitMs, firstOfPause)
    if (restMs !== null) this.rest(restMs)
  }

  rest(ms: number): void {
    const until = this.clock.now() + ms
    if (until <= this.#pausedUntil) return
    this.#pausedUntil = until
    this.#tokens = 0
    this.#refilledAt = until
    if (ms > this.longestPauseMs) this.#refuse(new LaneClosedError(ms))
  }

  remaining(count: number): void {
    this.#refill()
    this.#tokens = Math.min(this.#tokens, count)
  }

  succeeded(): void {
    this.strikes.succeeded()
    if (this.#perSecond < this.limit.perSecond) this.#perSecond = Math.min(this.limit.perSecond, this.#perSecond * recovery)
  }

  #use(): void {
    this.#tokens -= 1
    this.#underway += 1
  }

  #refill(): void {
    const now = this.clock.now()
    if (now <= this.#refilledAt) return
    // The rate holds even where nothing is answered.
    const most = Math.max(1, this.limit.burst - this.#underway)
    this.#tokens = Math.min(most, this.#tokens + ((now - this.#refilledAt) / 1000) * this.#perSecond)
    this.#refilledAt = now
  }

  #waitMs(): number {
    const paused = this.pausedMs()
    if (paused > 0) return paused
    this.#refill()
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000)
  }

  #forgetServed(): void {
    this.#queue.splice(0, this.#head)
    this.#head = 0
  }

  async #drain(): Promise<void> {
    this.#draining = true
    try {
      while (this.#head < this.#queue.length) {
        const wait = this.#waitMs()
        if (wait > 0) {
          await this.clock.sleep(wait, this.signal)
          continue
        }
        this.#use()
        this.#queue[this.#head]?.resolve()
        this.#head += 1
        if (this.#head > 1024) this.#forgetServed()
      }
    } catch (reason) {
      this.#refuse(reason)
    }
    this.#forgetServed()
    this.#draining = false
  }

  #refuse(reason: unknown): void {
    for (const waiter of this.#queue.slice(this.#head)) waiter.reject(reason)
    this.#head = this.#queue.length
  }
}
