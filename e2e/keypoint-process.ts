import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../lib/cli/keypoint.mjs', import.meta.url))
/** The environment that a test passes on; whatever else is configured on the machine must not reach the product. */
const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'TZ']

/** A running `keypoint serve` with a data folder of its own. */
export interface KeypointProcess {
  url: string
  dataDir: string
  pid: number
  stop(): Promise<void>
}

/**
 * Starts `keypoint serve` and waits until it prints its address.
 * @throws Error with what it wrote when it ends before.
 */
export async function startKeypoint(env: Record<string, string>): Promise<KeypointProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keypoint-test-'))
  const child = spawn(process.execPath, [command, 'serve'], {
    env: { ...pick(inherited), NODE_ENV: 'production', KEYPOINT_DATA_DIR: dataDir, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    await rm(dataDir, { recursive: true, force: true })
  }
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const line = /^(https?:\/\/\S+)\n/m.exec(text)?.[1]
        if (line) resolve(line)
      })
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`keypoint serve ended with ${code}:\n${output}`)))
    })
    return { url, dataDir, pid: child.pid ?? 0, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function pick(names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''))
}
