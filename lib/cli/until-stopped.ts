import type { ChildProcess } from 'node:child_process'
import { KeypointError } from '@/lib/errors'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Ctrl-C reaches all processes of a terminal, and npm and an older Node.js in front of this one pass it on besides: that is one request. */
const onceMs = 3_000

/** Aborts on SIGINT, SIGTERM or SIGHUP, which from then on end nothing by themselves: whoever asks for it stops in good order. Whoever asks again later ends the process at once. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  let asked = 0
  for (const signal of signals) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) {
        asked = performance.now()
        stopping.abort(new Error(`Stopped by ${signal}.`))
      } else if (performance.now() - asked > onceMs) {
        process.removeAllListeners(signal)
        process.kill(process.pid, signal)
      }
    })
  }
  return stopping.signal
}

/** Resolves when the signal aborts. @throws KeypointError when the watched process ends by itself, or has ended already. */
export function untilStopped(stopping: AbortSignal, watched?: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stopping.aborted) return resolve()
    stopping.addEventListener('abort', () => resolve(), { once: true })
    if (watched === undefined) return
    // Ctrl-C reaches both processes, and the other may end before this one has heard of it.
    const ended = () => setTimeout(() => {
      reject(new KeypointError('unavailable', `The web app stopped by itself (${watched.signalCode ?? `exit code ${watched.exitCode}`}).`, 'Its output is above; start it again.'))
    }, 1_000)
    if (watched.exitCode !== null || watched.signalCode !== null) ended()
    else watched.once('exit', ended)
  })
}
