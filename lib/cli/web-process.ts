import { spawn, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { KeypointError } from '@/lib/errors'

const startTimeoutMs = 60_000

/** The given port, or for 0 one that is free now. @throws KeypointError when it is taken. */
export async function claimPort(host: string, port: number): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(new KeypointError('unavailable', taken ? `Port ${port} on ${host} is in use.` : `Cannot listen on ${host}:${port} (${error.code}).`, taken ? 'Stop the other program, or set PORT to another port.' : 'Set KEYPOINT_HOST to an address of this machine and PORT to a port you may use.', { cause: error }))
    })
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(bound))
    })
  })
}

/** Starts the built web app in a process of its own and waits until its health page answers. */
export async function startWeb(root: string, host: string, port: number, env: Record<string, string>): Promise<ChildProcess> {
  const next = createRequire(join(root, 'package.json')).resolve('next/dist/bin/next')
  const child = spawn(process.execPath, [next, 'start', '-H', host, '-p', String(port)], {
    cwd: root,
    env: { ...process.env, ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let exited = false
  child.once('exit', () => (exited = true))
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  const deadline = Date.now() + startTimeoutMs
  while (Date.now() < deadline && !exited) {
    const response = await fetch(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/api/health`).catch(() => null)
    if (response?.ok) return child
    await pause(200)
  }
  child.kill()
  throw new KeypointError('unavailable', exited ? 'The web app stopped while starting.' : 'The web app did not answer within a minute.', 'Its output is above; `keypoint doctor` checks the configuration.')
}
