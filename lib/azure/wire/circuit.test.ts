import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../simulator'
import type { AzureOptions } from '../azure'
import { production, sandbox, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from '../testing/simulated-azure'

const vaults = 60
let running: SimulatedAzure | undefined

async function start(options?: Partial<AzureOptions>): Promise<SimulatedAzure> {
  running = await startSimulatedAzure({ tenant: smallTenant(vaults) }, options)
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

const ofProduction = `/subscriptions/${production}/`
const readAll = (azure: SimulatedAzure['azure'], subscriptionId: string) =>
  Promise.all(Array.from({ length: vaults }, (_, index) => azure.readDiagnosticSettings(vaultId(subscriptionId, index))))

describe('a circuit breaker', () => {
  it.each<[string, Fault]>([
    ['server errors', { match: ofProduction, kind: 'status', status: 503 }],
    ['resets', { match: ofProduction, kind: 'reset' }],
    ['a gateway without a service', { match: ofProduction, kind: 'html' }],
  ])('gives a subscription up that answers with %s alone, and reads the others', async (_name, fault) => {
    const { azure, simulator } = await start()
    simulator.addFault(fault)
    const [lost, read] = await Promise.all([readAll(azure, production), readAll(azure, sandbox)])
    expect(read.every(({ ok }) => ok)).toBe(true)
    expect(new Set(lost.map((each) => !each.ok && each.reason))).toEqual(new Set(['api-error']))
    expect(lost.some((each) => !each.ok && each.code === 'CircuitOpen')).toBe(true)
    expect(azure.counts.circuitsOpened).toBe(1)
    // Without it every read would have been asked for five times.
    expect(simulator.requests.matching(/diagnosticSettings/i).filter(({ url }) => url.includes(production)).length).toBeLessThan(vaults * 2)
    // What is asked later is not sent at all.
    const before = azure.counts.total
    expect(await azure.readSecurityContacts(production)).toMatchObject({ ok: false, reason: 'api-error', code: 'CircuitOpen' })
    expect(azure.counts.total).toBe(before)
  })

  it('reads everything of a subscription that comes back while it waits', async () => {
    const { azure, simulator } = await start({ limits: { concurrency: 8 } })
    simulator.addFault({ match: ofProduction, kind: 'status', status: 500, times: 14 })
    expect((await readAll(azure, production)).every(({ ok }) => ok)).toBe(true)
    expect(azure.counts.circuitsOpened).toBe(1)
  })

  it('stays closed for a few reads that never work, and for a subscription that fails now and then', async () => {
    const { azure, simulator } = await start({ limits: { concurrency: 4 } })
    simulator.addFault({ match: `${vaultId(production, 0)}/`, kind: 'status', status: 500 })
    simulator.addFault({ match: ofProduction, kind: 'status', status: 500, probability: 0.2 })
    const reads = await readAll(azure, production)
    expect(reads.filter(({ ok }) => !ok).length).toBe(1)
    expect(azure.counts.circuitsOpened).toBeUndefined()
  })

  it('does not count what Azure throttles or refuses', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: ofProduction, kind: 'status', status: 429, retryAfterSeconds: 1, times: 30 })
    simulator.addFault({ match: ofProduction, kind: 'refuse', action: 'Microsoft.Insights/diagnosticSettings/read' })
    const reads = await readAll(azure, production)
    expect(reads.every((read) => !read.ok && read.reason !== 'api-error')).toBe(true)
    expect(azure.counts.circuitsOpened).toBeUndefined()
  })
})
