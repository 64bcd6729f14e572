import { describe, expect, it } from 'vitest'
import { startSimulatorProcess } from './process'


describe('a simulator of its own process', () => {
  it('serves the tenant asked for and ends when told', async () => {
    const simulator = await startSimulatorProcess({ tenant: 'generated:50:9', limits: false })
    const answer = await fetch(`${simulator.url}/subscriptions?api-version=2022-12-01`)
    expect(answer.status).toBe(401)
    await simulator.stop()
    await expect(fetch(simulator.url)).rejects.toThrow(TypeError)
    expect(() => process.kill(simulator.processId, 0)).toThrow()
  })

  it('hands on what is wrong with the tenant', async () => {
    await expect(startSimulatorProcess({ tenant: 'generated:1' })).rejects.toMatchObject({
      name: 'KeypointError',
      code: 'invalid',
      message: expect.stringContaining('KEYPOINT_DEMO_TENANT'),
    })
  })
})
