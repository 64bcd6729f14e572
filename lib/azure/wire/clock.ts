import { setTimeout as wait } from 'node:timers/promises'

/** Time as the pipeline sees it; tests put in their own. */
export interface Clock {
  /** Milliseconds since some fixed point. Never goes back. */
  now(): number
  /** Milliseconds since 1970, by a clock that may be set: for what others say in times of day. */
  wall(): number
  /** Rejects as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal })
  },
}
