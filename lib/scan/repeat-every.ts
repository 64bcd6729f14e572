import { log } from '@/lib/log'

/** Calls `report` now and on a timer, never two at once; the returned function stops it and waits for the last call. A failing report is logged and stops nothing else. */
export function repeatEvery(intervalMs: number, report: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  const tick = () => {
    running ??= report()
      .catch((error: unknown) => log('warn', 'progress could not be saved', { error: String(error) }))
      .finally(() => (running = null))
  }
  tick()
  const timer = setInterval(tick, intervalMs)
  return async () => {
    clearInterval(timer)
    await running
  }
}
