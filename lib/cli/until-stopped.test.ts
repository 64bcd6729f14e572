import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { untilStopped } from './until-stopped'

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

  it('is in good order, though the terminal and whoever started it send the same signal', { timeout: 60_000 }, async () => {
    const source = pathToFileURL(new URL('until-stopped.ts', import.meta.url).pathname).href
    const script = `
      const { stopSignal, untilStopped } = await import(${JSON.stringify(source)})
      const tick = setInterval(() => undefined, 1_000)
      const told = untilStopped(stopSignal())
      console.log('ready')
      await told
      process.stdin.once('data', () => { clearInterval(tick); process.exitCode = 7; process.stdin.destroy() })
      console.log('stopping')`
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    const said = (word: string) => new Promise<void>((resolve) => child.stdout.on('data', (text: Buffer) => text.includes(word) && resolve()))
    await said('ready')
    const stopping = said('stopping')
    child.kill('SIGINT')
    await stopping
    child.kill('SIGINT')
    child.stdin.write('end\n')
    expect(await once(child, 'exit')).toEqual([7, null])
  })
})
