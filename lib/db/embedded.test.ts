import { fork, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startEmbedded } from './embedded'
import { createCluster, readPidFile } from './embedded-cluster'

let seed: string
let parent: string
let folder: string
const children: ChildProcess[] = []

beforeAll(async () => {
  seed = await mkdtemp(join(tmpdir(), 'keypoint-seed-'))
  await createCluster(seed)
})
afterAll(() => rm(seed, { recursive: true, force: true }))
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'keypoint-embedded-'))
  folder = join(parent, 'data')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  // Whoever is still running is attached to and, as the last to leave, stopped.
  if (await readPidFile(folder).catch(() => null)) await (await startEmbedded(folder)).stop()
  await rm(parent, { recursive: true, force: true })
})

/** Copies a cluster made before, because making one takes seconds. */
function madeBefore(): void {
  spawnSync('cp', ['-a', seed, folder])
}

const joined = z.object({ url: z.string(), started: z.boolean() })

/** Another process that uses the folder. */
async function other(): Promise<{ child: ChildProcess; url: string; started: boolean }> {
  const child = fork(fileURLToPath(new URL('embedded-child.ts', import.meta.url)), [folder], {
    execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  const answer = await Promise.race([once(child, 'message'), once(child, 'exit').then(([code]) => { throw new Error(`ended with ${String(code)}`) })])
  return { child, ...joined.parse(answer[0]) }
}

async function leave(child: ChildProcess): Promise<void> {
  child.send('stop')
  await once(child, 'exit')
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

describe('startEmbedded', () => {
  it('keeps its data, port and password from one start to the next, and leaves nothing running', async () => {
    const first = await startEmbedded(folder)
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    expect(await readPidFile(folder)).toBeNull()
    const second = await startEmbedded(folder)
    expect([second.url, second.started]).toEqual([first.url, true])
    expect(await query(second.url, 'select answer from kept')).toBe(42)
    expect((await stat(join(folder, 'postgres', 'keypoint.json'))).mode & 0o777).toBe(0o600)
    await second.stop()
    await second.stop()
  })

  it('attaches to what runs already, and the last to leave stops it', async () => {
    madeBefore()
    const mine = await startEmbedded(folder)
    const { child, url, started } = await other()
    expect([url, started]).toEqual([mine.url, false])
    await mine.stop()
    expect(await query(url, 'select 1')).toBe(1)
    await leave(child)
    expect(await readPidFile(folder)).toBeNull()
  })

  it('makes one server of many starters on a new folder', async () => {
    const all = await Promise.all([other(), other(), startEmbedded(folder), startEmbedded(folder)])
    expect(new Set(all.map((one) => one.url)).size).toBe(1)
    expect(all.filter((one) => one.started)).toHaveLength(1)
    for (const one of all) await ('child' in one ? leave(one.child) : one.stop())
    expect(await readPidFile(folder)).toBeNull()
  })

  it('settles starts and stops that cross each other', async () => {
    madeBefore()
    for (let round = 0; round < 3; round += 1) {
      const leaving = await startEmbedded(folder)
      const [, next] = await Promise.all([leaving.stop(), startEmbedded(folder)])
      expect(await query(next.url, 'select 1')).toBe(1)
      await next.stop()
    }
  })

  it('outlives a starter that is killed, and is stopped by the next user', async () => {
    madeBefore()
    const { child, url } = await other()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const next = await startEmbedded(folder)
    expect([next.url, next.started]).toEqual([url, false])
    await next.stop()
    expect(await readPidFile(folder)).toBeNull()
  })

  it('recovers when the server itself was killed', async () => {
    madeBefore()
    const first = await other()
    const running = await readPidFile(folder)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    process.kill(running?.pid ?? 0, 'SIGKILL')
    const next = await startEmbedded(folder)
    expect(await query(next.url, 'select 1')).toBe(1)
    await next.stop()
  })

  it('brings the server back under a process that goes on', async () => {
    madeBefore()
    const mine = await startEmbedded(folder)
    const running = await readPidFile(folder)
    process.kill(running?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => query(mine.url, 'select 1').catch(() => null), { timeout: 120_000 }).toBe(1)
    await mine.stop()
  })

  it('starts although the recorded process id now belongs to another program', async () => {
    madeBefore()
    await writeFile(join(folder, 'postgres', 'postmaster.pid'), `${process.pid}\n${join(folder, 'postgres')}\n0\n1\n\n127.0.0.1\n`)
    const next = await startEmbedded(folder)
    expect(next.started).toBe(true)
    await next.stop()
  })

  it('takes another port when its own is taken, and remembers it', async () => {
    madeBefore()
    const first = await startEmbedded(folder)
    await first.stop()
    const squatter = createServer().listen({ port: Number(new URL(first.url).port), host: '127.0.0.1' })
    await once(squatter, 'listening')
    const second = await startEmbedded(folder)
    expect(second.url).not.toBe(first.url)
    await second.stop()
    squatter.close()
    const third = await startEmbedded(folder)
    expect(third.url).toBe(second.url)
    await third.stop()
  })
})

describe('a data folder that cannot be used', () => {
  it.each([
    ['is a file', async () => writeFile(folder, ''), /cannot be created: a file is in the way/],
    ['lies below a file', async () => { await writeFile(folder, ''); folder = join(folder, 'below') }, /cannot be created: a file is in the way/],
    ['belongs to another PostgreSQL', async () => {
      await mkdir(join(folder, 'postgres'), { recursive: true })
      await writeFile(join(folder, 'postgres', 'PG_VERSION'), '16\n')
    }, /belongs to PostgreSQL 16; this Keypoint brings PostgreSQL 18/],
    ['holds something else', async () => {
      await mkdir(join(folder, 'postgres'), { recursive: true })
      await writeFile(join(folder, 'postgres', 'letter.txt'), 'Dear')
    }, /is not a PostgreSQL data folder of Keypoint/],
    ['has lost its password', async () => {
      madeBefore()
      await rm(join(folder, 'postgres', 'keypoint.json'))
    }, /port and password, is missing or damaged/],
  ])('because it %s', async (_, prepare, message) => {
    await prepare()
    await expect(startEmbedded(folder)).rejects.toMatchObject({ name: 'KeypointError', code: 'unavailable', message: expect.stringMatching(message) })
  })
})

const asRoot = process.getuid?.() === 0

describe.skipIf(!asRoot)('as root (skipped for ordinary users: only root can become somebody else)', () => {
  it('runs PostgreSQL as somebody else, below folders that only root may enter', async () => {
    await chmod(parent, 0o700)
    const server = await startEmbedded(folder)
    const status = await readFile(`/proc/${(await readPidFile(folder))?.pid}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0')
    await server.stop()
  })

  it('works for an ordinary user, and says so when the folder is not theirs', async () => {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const script = `import(${JSON.stringify(new URL('embedded.ts', import.meta.url).href)}).then(async ({ startEmbedded }) => {
      const server = await startEmbedded(process.argv[1]); process.stdout.write(String(server.started)); await server.stop()
    }).catch((error) => process.stdout.write(error.message))`
    const run = (dataDir: string) => spawnSync(process.execPath, ['--import', tsx, '-e', script, dataDir], {
      uid: 65534, gid: 65534, encoding: 'utf8', env: { NODE_ENV: 'test', PATH: process.env.PATH, TSX_DISABLE_CACHE: '1', TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) },
    }).stdout
    await chmod(parent, 0o777)
    expect(run(folder)).toBe('true')
    const roots = join(parent, 'of-root')
    await mkdir(roots)
    expect(run(roots)).toMatch(/is not writable for this user/)
  })
})
