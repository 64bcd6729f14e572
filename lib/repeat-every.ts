import { log } from './log'

/** Calls `work` now and on a timer, never two at once; the returned function stops it and waits for the last call. A failure is logged as `failing` and stops nothing else. */
export function repeatEvery(intervalMs: number, failing: string, work: () => Promise<void>, level: 'warn' | 'error' = 'warn'): () => Promise<void> {
  let running: Promise<void> | null = null
  const tick = () => {
    running ??= work()
      .catch((error: unknown) => log(level, failing, { error: String(error) }))
      .finally(() => (running = null))
  }
  tick()
  const timer = setInterval(tick, intervalMs)
  return async () => {
    clearInterval(timer)
    await running
  }
}
