import type { ChildProcess } from 'node:child_process'
import { KeypointError } from '@/lib/errors'

/** Resolves on SIGINT or SIGTERM. @throws KeypointError when the watched process ends by itself. */
export function untilStopped(watched?: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    watched?.once('exit', (code) => reject(new KeypointError('unavailable', `The web app stopped by itself (exit code ${code}).`, 'Its output is above; start it again.')))
  })
}
