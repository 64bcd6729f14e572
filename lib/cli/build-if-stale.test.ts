import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildIfStale } from './build-if-stale'

const patience = { timeout: 60_000 }
const waiting = 'Waiting for another process that builds the web app …'
const quiet = () => undefined

/** A builder that writes down that it began, and ends when the test lets it. */
const builder = `
const { appendFileSync, existsSync, mkdirSync } = require('node:fs')
mkdirSync('.next', { recursive: true })
appendFileSync('began', process.pid + '\\n')
process.on('SIGTERM', () => undefined)
setInterval(() => {
  if (existsSync('fail')) console.error('No such module'), process.exit(1)
  if (existsSync('end')) process.exit(0)
}, 20)
`
/** One that does not hear of its parent's end, since it never looks up from its work. */
const busyBuilder = `
const { appendFileSync, existsSync, mkdirSync } = require('node:fs')
mkdirSync('.next', { recursive: true })
appendFileSync('began', process.pid + '\\n')
while (!existsSync('end')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
process.exit(0)
`

let root: string
const file = (name: string) => join(root, name)
const began = async () => (existsSync(file('began')) ? (await readFile(file('began'), 'utf8')).trim().split('\n').map(Number) : [])
const useBuilder = (source: string) => writeFile(file('node_modules/next/dist/bin/next'), source)
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'keypoint-build-')))
  await mkdir(file('node_modules/next/dist/bin'), { recursive: true })
  await writeFile(file('package.json'), '{}')
  await writeFile(file('proxy.ts'), 'first')
  await useBuilder(builder)
})
afterEach(async () => {
  await writeFile(file('end'), '')
  await expect.poll(async () => (await began()).some(isAlive), patience).toBe(false)
  await rm(root, { recursive: true, force: true })
})

/** Asks for a build in a process of its own, and kills that one, and it alone, when the build has begun. */
async function killWhileBuilding(): Promise<number> {
  const script = `import { buildIfStale } from './lib/cli/build-if-stale.ts'\nawait buildIfStale(${JSON.stringify(root)}, () => undefined)`
  const asking = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: 'inherit' })
  await expect.poll(async () => (await began()).length, patience).toBe(1)
  asking.kill('SIGKILL')
  await once(asking, 'exit')
  const [pid] = await began()
  return pid ?? Number.NaN
}

describe('building the web app', { timeout: 120_000 }, () => {
  it('happens once for those who start together, and again when the sources changed', async () => {
    const said: string[] = []
    const starts = [1, 2, 3].map(() => buildIfStale(root, (line) => said.push(line)))
    await expect.poll(() => said.filter((line) => line === waiting).length, patience).toBe(2)
    await expect.poll(began, patience).toHaveLength(1)
    await writeFile(file('end'), '')
    await Promise.all(starts)
    await buildIfStale(root, quiet)
    expect(await began()).toHaveLength(1)
    await writeFile(file('proxy.ts'), 'second')
    await buildIfStale(root, quiet)
    expect(await began()).toHaveLength(2)
  })

  it('ends with the process that asked for it, and the next start builds', async () => {
    const pid = await killWhileBuilding()
    await expect.poll(() => isAlive(pid), patience).toBe(false)
    await writeFile(file('end'), '')
    await buildIfStale(root, quiet)
    expect(await began()).toHaveLength(2)
  })

  it('waits for a build whose parent was killed as long as it takes to end', async () => {
    await useBuilder(busyBuilder)
    await killWhileBuilding()
    const said: string[] = []
    const start = buildIfStale(root, (line) => said.push(line))
    await expect.poll(() => said, patience).toEqual([waiting])
    expect(await began()).toHaveLength(1)
    await writeFile(file('end'), '')
    await start
  })

  it('is taken up by one who waits when the builder is killed', async () => {
    const said: string[] = []
    const first = expect(buildIfStale(root, quiet)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('SIGKILL') })
    await expect.poll(began, patience).toHaveLength(1)
    const second = buildIfStale(root, (line) => said.push(line))
    await expect.poll(() => said, patience).toEqual([waiting])
    const [pid] = await began()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    await first
    await expect.poll(began, patience).toHaveLength(2)
    await writeFile(file('end'), '')
    await second
  })

  it('tells in the builder’s words why it failed, and is tried again', async () => {
    await writeFile(file('fail'), '')
    await expect(buildIfStale(root, quiet)).rejects.toMatchObject({ code: 'unavailable', message: 'The web app could not be built:\nNo such module' })
    await rm(file('fail'))
    await writeFile(file('end'), '')
    await buildIfStale(root, quiet)
    expect(await began()).toHaveLength(2)
  })
})
