import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { untilStopped } from './until-stopped'
import { claimPort } from './web-process'

describe('a claimed port', () => {
  it('is free, and is kept from others until it is given back', async () => {
    const { port, release } = await claimPort('127.0.0.1', 0)
    await expect(claimPort('127.0.0.1', port)).rejects.toMatchObject({ message: `Port ${port} on 127.0.0.1 is in use.`, remedy: expect.stringContaining('PORT') })
    await release()
    await (await claimPort('127.0.0.1', port)).release()
  })

  it('is of this machine', async () => {
    await expect(claimPort('192.0.2.1', 0)).rejects.toMatchObject({ remedy: expect.stringContaining('KEYPOINT_HOST') })
  })
})

describe('waiting to be stopped', () => {
  it('ends with the watched process, also when that ended before', async () => {
    const child = spawn(process.execPath, ['-e', 'process.exit(3)'])
    const waiting = expect(untilStopped(new AbortController().signal, child)).rejects.toMatchObject({ message: 'The web app stopped by itself (exit code 3).' })
    await once(child, 'exit')
    await waiting
    await expect(untilStopped(new AbortController().signal, child)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('ends when told, also when told before', async () => {
    const stop = new AbortController()
    const waiting = untilStopped(stop.signal)
    stop.abort()
    await waiting
    await untilStopped(stop.signal)
  })
})
