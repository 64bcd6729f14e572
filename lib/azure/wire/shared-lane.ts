import type { Lease, SharedBuckets } from '../../domain/shared-buckets'
import { KeypointError } from '../../errors'
import type { Clock } from './clock'
import type { RateLimit } from './limits'
import { LaneClosedError, type RequestLane } from './request-lane'
import { Strikes } from './strikes'

/** Tokens are asked for in parts of a second where others ask too, and in these shares of the burst by one that is alone. */
const leasesPerSecond = 3
const shareAlone = 0.2
/** A token that was not used for so long goes back before the next: the bucket has been filling up meanwhile. */
const staleAfterMs = 1_000
/** While the buckets are out of reach, they are asked so often before whoever waits is told. */
const leaseAttempts = 5
const firstPauseMs = 500

interface Waiter {
  resolve(): void
  reject(reason: unknown): void
}

/** A lane whose tokens come from a bucket that several processes share, some at a time. */
export class SharedLane implements RequestLane {
  readonly strikes: Strikes
  #left = 0
  #underway = 0
  /** When the next token may be used, and from when on it is getting stale. */
  #nextAt = 0
  #leasedAt = 0
  #spacingMs: number
  #leaseSize: number
  #pausedUntil = 0
  #pauses = 0
  #queue: Waiter[] = []
  #head = 0
  #draining = false

  constructor(
    private readonly bucket: string,
    private readonly limit: RateLimit,
    private readonly buckets: SharedBuckets,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
    /** Nobody waits for the end of a pause that is longer. */
    private readonly longestPauseMs = Number.POSITIVE_INFINITY,
  ) {
    this.#spacingMs = 1000 / limit.perSecond
    this.#leaseSize = leastLease(limit)
    this.strikes = new Strikes(clock, longestPauseMs)
  }

  acquire(): Promise<void> {
    if (this.#head === this.#queue.length && this.pausedMs() === 0 && this.#isFresh() && this.#nextAt <= this.clock.now()) {
      this.#use()
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ resolve, reject })
      if (!this.#draining) void this.#drain()
    })
  }

  settled(): void {
    this.remaining(Math.max(1, this.limit.burst - this.#underway))
    this.#underway -= 1
  }

  pausedMs(): number {
    return Math.max(0, this.#pausedUntil - this.clock.now())
  }

  throttled(waitMs: number | null): void {
    const restMs = this.strikes.struck(waitMs, this.pausedMs() === 0)
    if (restMs !== null) this.#pause(restMs, true)
  }

  rest(ms: number): void {
    this.#pause(ms, false)
  }

  /** Some process was told to stop. */
  heard(ms: number): void {
    const until = this.clock.now() + ms
    if (until <= this.#pausedUntil) return
    this.#pausedUntil = until
    this.#pauses += 1
    this.#left = 0
    if (ms > this.longestPauseMs) this.#refuse(new LaneClosedError(ms))
  }

  remaining(count: number): void {
    const excess = this.#ready() - count
    if (excess <= 0) return
    const own = Math.min(this.#left, excess)
    this.#left -= own
    this.#nextAt += excess * this.#spacingMs
    if (own < excess) this.#tell(this.buckets.leave(this.bucket, this.limit, count))
  }

  succeeded(): void {
    this.strikes.succeeded()
  }

  #pause(ms: number, slower: boolean): void {
    if (this.clock.now() + ms <= this.#pausedUntil) return
    this.heard(ms)
    this.#tell(this.buckets.pause(this.bucket, this.limit, ms, slower))
  }

  /** What cannot be told is not lost on this lane, and its next lease fails for the same reason. */
  #tell(telling: Promise<void>): void {
    telling.catch(() => (this.#left = 0))
  }

  /** Tokens that may be used now: our own, and those that the bucket had at the last lease and has got back since. */
  #ready(): number {
    return Math.max(0, Math.floor((this.clock.now() - this.#nextAt) / this.#spacingMs) + 1)
  }

  #isFresh(): boolean {
    return this.#left > 0 && this.clock.now() <= Math.max(this.#nextAt, this.#leasedAt) + staleAfterMs
  }

  #use(): void {
    this.#left -= 1
    this.#underway += 1
    this.#nextAt += this.#spacingMs
  }

  async #lease(): Promise<void> {
    const pauses = this.#pauses
    const unused = this.#left
    this.#left = 0
    const count = this.#leaseSize
    const { firstInMs, spacingMs, alone } = await this.#ask(count, unused)
    // A pause that began meanwhile has emptied the bucket.
    if (pauses !== this.#pauses) return
    // One that began before this process heard of any shows by its tokens.
    if (firstInMs > this.longestPauseMs) return this.heard(firstInMs)
    this.#leasedAt = this.clock.now()
    this.#nextAt = this.#leasedAt + firstInMs
    this.#spacingMs = spacingMs
    this.#left = count
    const least = leastLease(this.limit)
    this.#leaseSize = alone ? Math.max(least, Math.min(count * 2, Math.floor(this.limit.burst * shareAlone))) : least
  }

  /** A connection may break while it carries a lease. Whether that was taken, and what is left of the one before was given back, nobody knows: both count as used. */
  async #ask(count: number, unused: number): Promise<Lease> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.buckets.lease(this.bucket, this.limit, count, attempt === 1 ? unused : 0)
      } catch (error) {
        if (attempt >= leaseAttempts || !(error instanceof KeypointError) || error.code !== 'unavailable') throw error
        await this.clock.sleep(firstPauseMs * 2 ** (attempt - 1), this.signal)
      }
    }
  }

  async #drain(): Promise<void> {
    this.#draining = true
    try {
      while (this.#head < this.#queue.length) {
        const paused = this.pausedMs()
        if (paused > 0) await this.clock.sleep(paused, this.signal)
        else if (!this.#isFresh()) await this.#lease()
        else if (this.#nextAt > this.clock.now()) await this.clock.sleep(Math.ceil(this.#nextAt - this.clock.now()), this.signal)
        else this.#serve()
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

  #serve(): void {
    this.#use()
    this.#queue[this.#head]?.resolve()
    this.#head += 1
    if (this.#head > 1024) this.#forgetServed()
  }

  #forgetServed(): void {
    this.#queue.splice(0, this.#head)
    this.#head = 0
  }
}

function leastLease({ perSecond }: RateLimit): number {
  return Math.max(1, Math.floor(perSecond / leasesPerSecond))
}
