import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock'
import { production, vaultId } from '../testing/simulated-azure'
import { Circuits } from './circuit'
import { defaultLimits } from './limits'
import { retryPolicy } from './retry'

/** Seconds from the start at which each of `count` requests is sent, all of them at once and refused the first `refusals` times. */
async function sentAt(count: number, refusals: number, status: number, retryAfter: string): Promise<number[][]> {
  const clock = new FakeClock()
  const counts = { total: 0, throttled: 0, retried: 0 }
  const policy = retryPolicy({
    limits: defaultLimits, clock, counts, random: Math.random,
    circuits: new Circuits('https://management.azure.com', defaultLimits, clock, counts),
    pace: { strikesOf: () => ({ refusedMs: 0, refusals: 0, answers: 0 }) },
  })
  const start = clock.now()
  return await Promise.all(Array.from({ length: count }, async () => {
    const sent: number[] = []
    await policy.sendRequest(createPipelineRequest({ url: `https://management.azure.com${vaultId(production, 0)}` }), async (request): Promise<PipelineResponse> => {
      sent.push((clock.now() - start) / 1000)
      return sent.length <= refusals ? { request, status, headers: createHttpHeaders({ 'retry-after': retryAfter }) } : { request, status: 200, headers: createHttpHeaders(), bodyAsText: '{}' }
    })
    return sent
  }))
}

describe('trying again', () => {
  it.each([503, 408])('after a %i that says when comes at as many times as there are requests, none too early', async (status) => {
    const sent = await sentAt(50, 1, status, '20')
    const again = sent.map(([, second = 0]) => second)
    expect(Math.min(...again)).toBeGreaterThanOrEqual(20)
    expect(Math.max(...again)).toBeLessThan(23)
    expect(new Set(again).size).toBe(50)
    expect(Math.max(...again) - Math.min(...again)).toBeGreaterThan(1)
  })

  it.each(['0', 'Sun, 01 Mar 2020 09:00:00 GMT'])('waits longer each time where Retry-After is %s', async (retryAfter) => {
    const [sent = []] = await sentAt(1, 4, 503, retryAfter)
    const pauses = sent.slice(1).map((at, index) => at - (sent[index] ?? 0))
    expect(pauses).toHaveLength(4)
    pauses.forEach((pause, index) => expect(pause).toBeGreaterThanOrEqual(0.25 * 2 ** index))
  })
})
