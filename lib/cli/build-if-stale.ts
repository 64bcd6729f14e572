import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { KeypointError } from '@/lib/errors'

const sources = ['app', 'components', 'lib', 'prisma', 'public', 'next.config.ts', 'postcss.config.mjs', 'proxy.ts', 'package-lock.json', 'tsconfig.json']
const buildTimeoutMs = 10 * 60_000
/** What the web app does not contain: tests, the command, benchmarks, generated code (made from the schema, which counts). */
const left = /\.test\.tsx?$|[/\\]lib[/\\](cli|simulator|bench)[/\\]|[/\\]generated[/\\]/

/**
 * Builds the web app when there is no build or the sources changed since. Two processes never build at once.
 * @throws KeypointError `unavailable` with the builder's own words when the build fails.
 */
export async function buildIfStale(root: string, say: (line: string) => void): Promise<void> {
  const fingerprint = await fingerprintOf(root)
  const stamp = join(root, '.next', 'keypoint-fingerprint')
  const fresh = async () => existsSync(stamp) && (await readFile(stamp, 'utf8')) === fingerprint
  if (await fresh()) return
  const release = await lockBuild(root)
  try {
    if (await fresh()) return
    say('Building the web app (once, or when its sources change) …')
    await runBuild(root)
    await writeFile(stamp, fingerprint)
  } finally {
    await release()
  }
}

async function runBuild(root: string): Promise<void> {
  const next = createRequire(join(root, 'package.json')).resolve('next/dist/bin/next')
  const child = spawn(process.execPath, [next, 'build'], { cwd: root, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve))
  if (code !== 0) throw new KeypointError('unavailable', `The web app could not be built:\n${output.trim()}`, 'Run `npm ci` and try again; `npm run build` shows the same output.')
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

/** A directory is the lock: making it is atomic. A lock older than any build is a dead process's. */
async function lockBuild(root: string): Promise<() => Promise<void>> {
  const lock = join(root, '.next-build-lock')
  for (;;) {
    try {
      await mkdir(lock)
      return () => rm(lock, { recursive: true, force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const age = Date.now() - (await stat(lock).then((s) => s.mtimeMs, () => Date.now()))
      if (age > buildTimeoutMs) await rm(lock, { recursive: true, force: true })
      else await pause(500)
    }
  }
}
