import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { KeypointError } from '@/lib/errors'
import { freePort } from '@/lib/free-port'

const startTimeoutMs = 180_000

/** A port that is kept from others until it is given back. */
export interface ClaimedPort {
  port: number
  release(): Promise<void>
}

/** The given port, or for 0 one that is free now. @throws KeypointError when it is taken. */
export async function claimPort(host: string, port: number): Promise<ClaimedPort> {
  const server = createServer((socket) => socket.destroy())
  const wanted = port === 0 ? await freePort() : port
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(new KeypointError('unavailable', taken ? `Port ${wanted} on ${host} is in use.` : `Cannot listen on ${host}:${wanted} (${error.code}).`, taken ? 'Stop the other program, or set PORT to another port.' : 'Set KEYPOINT_HOST to an address of this machine and PORT to a port you may use.', { cause: error }))
    })
    server.listen(wanted, host, () => {
      resolve({ port: wanted, release: () => new Promise((released) => server.close(() => released())) })
    })
  })
}

/** Starts the built web app in a process of its own, which ends with this one, and waits until its health page answers or the signal aborts. */
export async function startWeb(root: string, host: string, port: number, env: Record<string, string>, stopping: AbortSignal): Promise<ChildProcess> {
  const next = createRequire(join(root, 'package.json')).resolve('next/dist/bin/next')
  // What answers on the port may be another program, or another Keypoint.
  const instance = randomUUID()
  const child = spawn(process.execPath, ['--import', new URL('end-with-parent.mjs', import.meta.url).href, next, 'start', '-H', host, '-p', String(port)], {
    cwd: root,
    env: { ...process.env, ...env, KEYPOINT_INSTANCE: instance, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let exited = false
  child.once('exit', () => (exited = true))
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  const deadline = Date.now() + startTimeoutMs
  while (Date.now() < deadline && !exited) {
    if (stopping.aborted) return child
    const response = await fetch(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/api/health`, { signal: AbortSignal.timeout(10_000) }).catch(() => null)
    if (response?.ok && response.headers.get('keypoint-instance') === instance) return child
    await pause(200)
  }
  child.kill()
  if (stopping.aborted) return child
  throw new KeypointError('unavailable', exited ? 'The web app stopped while starting.' : 'The web app did not answer within three minutes.', 'Its output is above; `keypoint doctor` checks the configuration.')
}
