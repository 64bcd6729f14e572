import { describe, expect, it } from 'vitest'
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
