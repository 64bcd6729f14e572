import type { Clock } from '../wire/clock'

/** A clock for tests: time stands still until somebody sleeps, and then jumps to the earliest sleeper's end. */
export class FakeClock implements Clock {
  #now = 1_000_000
  #sleepers: { until: number; wake(): void }[] = []
  #scheduled = false

  now(): number {
    return this.#now
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.#sleepers.push({ until: this.#now + ms, wake: resolve })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      const next = this.#sleepers.toSorted((a, b) => a.until - b.until)[0]
      if (next === undefined) return
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1)
      this.#now = Math.max(this.#now, next.until)
      next.wake()
      if (this.#sleepers.length > 0) this.#schedule()
    })
  }
}
