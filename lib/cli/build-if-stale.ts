import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KeypointError } from '@/lib/errors'

const endWithParent = new URL('end-with-parent.mjs', import.meta.url).href
const buildAlone = fileURLToPath(new URL('build-alone.mjs', import.meta.url))

const sources = ['app', 'components', 'lib', 'prisma', 'public', 'next.config.ts', 'postcss.config.mjs', 'proxy.ts', 'package-lock.json', 'tsconfig.json']
/** What the web app does not contain: tests, the command, benchmarks, generated code (made from the schema, which counts). */
const left = /\.test\.tsx?$|[/\\]lib[/\\](cli|simulator|bench)[/\\]|[/\\]generated[/\\]/

/**
 * Builds the web app when there is no build or the sources changed since. Two processes never build at once, and a build ends with the process that asked for it.
 * @throws KeypointError `unavailable` with the builder's own words when the build fails.
 */
export async function buildIfStale(root: string, say: (line: string) => void): Promise<void> {
  const fingerprint = await fingerprintOf(root)
  const stamp = join(root, '.next', 'keypoint-fingerprint')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === fingerprint) return
  const next = createRequire(join(root, 'package.json')).resolve('next/dist/bin/next')
  const child = spawn(process.execPath, ['--import', endWithParent, buildAlone, next, stamp, fingerprint], {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.on('message', (line) => typeof line === 'string' && say(line))
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new KeypointError('unavailable', `The web app could not be built:\n${output.trim() || `its builder was ended (${signal ?? `exit code ${code}`}).`}`, 'Run `npm ci` and try again; `npm run build` shows the same output.')
}

async function fingerprintOf(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    if (!existsSync(path)) continue
    const files = (await stat(path)).isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
      : [path]
    for (const file of files) if (!left.test(file)) hash.update(file.slice(root.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}
