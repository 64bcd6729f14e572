import { createHttpHeaders, createPipelineRequest, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock'
import { production, vaultId } from '../testing/simulated-azure'
import { Circuits } from './circuit'
import { defaultLimits } from './limits'
import { Pace } from './pace'

const group = `https://management.azure.com/subscriptions/${production}/resourceGroups/rg`
const onboarding = `${group}/providers/Microsoft.OperationalInsights/workspaces/w/providers/Microsoft.SecurityInsights/onboardingStates?api-version=1`
const settings = `https://management.azure.com${vaultId(production, 0)}/providers/Microsoft.Insights/diagnosticSettings?api-version=1`

type Refusal = { headers?: Record<string, string>; body?: string }

/** Seconds until a read of each address is let through, after one of `first` was answered 429 or, where `status` says so, otherwise. */
async function secondsAfter(first: string, { headers = {}, body }: Refusal, then: readonly string[], status = 429): Promise<number[]> {
  const clock = new FakeClock()
  const counts = { total: 0, throttled: 0, retried: 0 }
  const pace = new Pace(defaultLimits, clock, counts, new Circuits('https://management.azure.com', defaultLimits, clock, counts))
  const send = (url: string, answer: (request: PipelineRequest) => PipelineResponse) => pace.policy.sendRequest(createPipelineRequest({ url }), async (request) => answer(request))
  await send(first, (request) => ({ request, status, headers: createHttpHeaders(headers), bodyAsText: body }))
  const start = clock.now()
  let before = Promise.resolve()
  const seconds: number[] = []
  for (const url of then) {
    before = before.then(async () => {
      await send(url, (request) => ({ request, status: 200, headers: createHttpHeaders(url === first ? headers : {}), bodyAsText: '{}' }))
      seconds.push((clock.now() - start) / 1000)
    })
  }
  await before
  return seconds
}

describe('a limit that a provider has of its own', () => {
  it.each<[string, Refusal]>([
    ['from the provider', { headers: { 'x-ms-failure-cause': 'service', 'retry-after': '30' } }],
    ['with what is left of the provider\'s limit', { headers: { 'x-ms-ratelimit-remaining-subscription-resource-requests': '3', 'retry-after': '30' } }],
    ['with several of its limits', { headers: { 'x-ms-ratelimit-remaining-resource': 'Microsoft.Compute/LowCostGet3Min;3999,Microsoft.Compute/LowCostGet30Min;7', 'retry-after': '30' } }],
    ['that names the action', { headers: { 'retry-after': '30' }, body: "Number of requests for action 'x' exceeded the limit." }],
  ])('stops nothing but its action where a 429 comes %s', async (_name, refusal) => {
    const [other = 0, same = 0] = await secondsAfter(onboarding, refusal, [settings, onboarding])
    expect(other).toBe(0)
    expect(same).toBe(30)
  })

  it('rests a while where the 429 does not say for how long', async () => {
    const [other = 0, same = 0] = await secondsAfter(onboarding, { headers: { 'x-ms-failure-cause': 'service' } }, [settings, onboarding])
    expect([other, same]).toEqual([0, 2])
  })

  it.each<[string, string, Refusal]>([
    ['from ARM', onboarding, { headers: { 'x-ms-failure-cause': 'gateway', 'retry-after': '30' } }],
    ['from nobody in particular', onboarding, { headers: { 'retry-after': '30' } }],
    ['for settings, which the lane is there for', settings, { headers: { 'x-ms-failure-cause': 'service', 'retry-after': '30' } }],
  ])('is none where a 429 comes %s: the lane stops', async (_name, first, refusal) => {
    const [any = 0] = await secondsAfter(first, refusal, [`${group}/providers/Microsoft.Sql/servers/s?api-version=1`])
    expect(any).toBeGreaterThanOrEqual(30)
  })

  it('lets one request at a time find out whether something is left again, sooner each time that it is answered, and others go', async () => {
    const spent = { headers: { 'x-ms-ratelimit-remaining-subscription-resource-requests': '0' } }
    expect(await secondsAfter(onboarding, spent, [settings, onboarding, onboarding, onboarding, settings], 200)).toEqual([0, 5, 7.5, 8.75, 8.75])
    expect(await secondsAfter(onboarding, { headers: { 'x-ms-ratelimit-remaining-subscription-resource-requests': '11' } }, [onboarding, onboarding], 200)).toEqual([0, 0])
  })
})
