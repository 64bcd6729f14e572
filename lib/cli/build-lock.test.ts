import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockBuild } from './build-lock'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keypoint-build-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const quiet = () => undefined

describe('the right to build', () => {
  it('is one process’s at a time, and the other is told that it waits', async () => {
    const said: string[] = []
    const release = await lockBuild(root, quiet)
    let taken = false
    const other = lockBuild(root, (line) => said.push(line)).then((releaseOther) => {
      taken = true
      return releaseOther
    })
    await expect.poll(() => said).toEqual(['Waiting for another process that builds the web app …'])
    expect(taken).toBe(false)
    await release()
    await (await other)()
    expect(await readdir(root)).toEqual([])
  })

  it('is taken over from a process that was killed', async () => {
    await mkdir(join(root, '.next-build-lock'))
    await (await lockBuild(root, quiet, 50))()
    expect(await readdir(root)).toEqual([])
  })
})
