import { setTimeout as wait } from 'node:timers/promises'

/** Time as the pipeline sees it; tests put in their own. */
export interface Clock {
  /** Milliseconds since some fixed point. */
  now(): number
  /** Rejects as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal })
  },
}
