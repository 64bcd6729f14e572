import fs from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sessionSecretsOf } from './session-secret'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'keypoint-secret-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
  await rm(parent, { recursive: true, force: true })
})

describe('the session secret', () => {
  it('is made once, for its owner alone, and kept', async () => {
    const config = { sessionSecrets: null, dataDir: join(parent, 'data') }
    const [secret = ''] = sessionSecretsOf(config)
    expect(secret.length).toBeGreaterThanOrEqual(32)
    expect(sessionSecretsOf(config)).toEqual([secret])
    expect(await readdir(config.dataDir)).toEqual(['session-secret'])
    expect((await stat(join(config.dataDir, 'session-secret'))).mode & 0o777).toBe(0o600)
  })

  it.each(['EPERM', 'ENOTSUP', 'ENOSYS'])('is made, and never replaced, also where a file system has no hard links: %s', async (code) => {
    vi.spyOn(fs, 'linkSync').mockImplementation(() => { throw Object.assign(new Error('no hard links'), { code }) })
    syncBuiltinESMExports()
    const config = { sessionSecrets: null, dataDir: join(parent, 'data') }
    const [secret = ''] = sessionSecretsOf(config)
    expect(secret.length).toBeGreaterThanOrEqual(32)
    expect(sessionSecretsOf(config)).toEqual([secret])
    expect(await readdir(config.dataDir)).toEqual(['session-secret'])
    expect((await stat(join(config.dataDir, 'session-secret'))).mode & 0o777).toBe(0o600)
  })

  it('is that of another process that was first, where there are no hard links', () => {
    const other = 'the secret of another process, long enough'
    vi.spyOn(fs, 'linkSync').mockImplementation((_aside, path) => {
      fs.writeFileSync(path, other)
      throw Object.assign(new Error('no hard links'), { code: 'EPERM' })
    })
    syncBuiltinESMExports()
    expect(sessionSecretsOf({ sessionSecrets: null, dataDir: parent })).toEqual([other])
  })

  it('is the environment’s where it has one', async () => {
    expect(sessionSecretsOf({ sessionSecrets: ['a', 'b'], dataDir: join(parent, 'data') })).toEqual(['a', 'b'])
    expect(await readdir(parent)).toEqual([])
  })

  it('is not taken from a file that was cut short, nor made where nothing can be', async () => {
    await writeFile(join(parent, 'session-secret'), '')
    expect(() => sessionSecretsOf({ sessionSecrets: null, dataDir: parent })).toThrow(/is damaged/)
    expect(() => sessionSecretsOf({ sessionSecrets: null, dataDir: join(parent, 'session-secret', 'below') })).toThrow(/cannot be (read|written)/)
  })
})
