import { afterEach, describe, expect, it } from 'vitest'
import type { Fault, SimulatorOptions } from '../../simulator'
import type { AzureOptions } from '../azure'
import { AzureAwayError } from '../azure-away-error'
import { FakeClock } from '../testing/fake-clock'
import { production, sandbox, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from '../testing/simulated-azure'
import { systemClock } from './clock'
import { defaultLimits } from './limits'

const vaults = 60
let running: SimulatedAzure | undefined

async function start(options?: Partial<AzureOptions>, simulated?: Partial<SimulatorOptions>): Promise<SimulatedAzure & { clock: FakeClock }> {
  const clock = new FakeClock()
  running = await startSimulatedAzure({ tenant: smallTenant(vaults), now: () => clock.now(), ...simulated }, { clock, ...options })
  return { ...running, clock }
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

const ofProduction = `/subscriptions/${production}`
const readsOfProduction = `${ofProduction}/`
const broken = (from: number, count: number): Fault => ({ match: new RegExp(`${ofProduction}/.*/kv-(${Array.from({ length: count }, (_, index) => from + index).join('|')})/`, 'i'), kind: 'status', status: 500 })
const readAll = (azure: SimulatedAzure['azure'], subscriptionId: string) =>
  Promise.all(Array.from({ length: vaults }, (_, index) => azure.readDiagnosticSettings(vaultId(subscriptionId, index))))
/** As a scan reads: in order, some at once. */
async function readInOrder(azure: SimulatedAzure['azure'], subscriptionId: string, atOnce: number) {
  const ids = Array.from({ length: vaults }, (_, index) => vaultId(subscriptionId, index))
  const reads: Awaited<ReturnType<typeof azure.readDiagnosticSettings>>[] = []
  let next = 0
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let index = next++; index < ids.length; index = next++) reads[index] = await azure.readDiagnosticSettings(ids[index] ?? '')
  }))
  return reads
}

describe('a circuit breaker', () => {
  it.each<[string, Fault]>([
    ['server errors', { match: ofProduction, kind: 'status', status: 503 }],
    ['resets', { match: ofProduction, kind: 'reset' }],
    ['a gateway without a service', { match: ofProduction, kind: 'html' }],
    ["a proxy's page", { match: ofProduction, kind: 'html', status: 200 }],
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

  it('asks a subscription that was given up again when it is back, after a while', async () => {
    const { azure, simulator, clock } = await start()
    simulator.addFault({ match: ofProduction, kind: 'status', status: 503 })
    await readAll(azure, production)
    simulator.clearFaults()
    expect(await azure.readDiagnosticSettings(vaultId(production, 0))).toMatchObject({ ok: false, code: 'CircuitOpen' })
    await clock.sleep(240_000)
    expect((await readAll(azure, production)).every(({ ok }) => ok)).toBe(true)
  })

  it('reads everything of a subscription that comes back while it waits', async () => {
    const { azure, simulator } = await start({ limits: { concurrency: 8 } })
    simulator.addFault({ match: ofProduction, kind: 'status', status: 500, times: 14 })
    expect((await readAll(azure, production)).every(({ ok }) => ok)).toBe(true)
    expect(azure.counts.circuitsOpened).toBe(1)
  })

  it('lets resources that are broken side by side cost their own reads alone', async () => {
    const { azure, simulator } = await start()
    simulator.addFault(broken(5, 20))
    const reads = await readInOrder(azure, production, 16)
    expect(reads.flatMap((read, index) => (read.ok ? [] : [index]))).toEqual(Array.from({ length: 20 }, (_, index) => 5 + index))
    expect(reads.some((read) => !read.ok && read.code === 'CircuitOpen')).toBe(false)
  })

  it('takes one server and its databases for one resource', async () => {
    const { azure, simulator } = await start()
    const server = `${ofProduction}/resourceGroups/rg-App/providers/Microsoft.Sql/servers/s`
    simulator.addFault({ match: `${server}/`, kind: 'status', status: 500 })
    for (const id of [server, ...['a', 'b', 'c', 'd', 'master'].map((name) => `${server}/databases/${name}`)]) expect(await azure.readSqlAuditing(id)).toMatchObject({ ok: false, status: 500 })
    expect((await azure.readDiagnosticSettings(vaultId(production, 0))).ok).toBe(true)
    expect(azure.counts.circuitsOpened).toBeUndefined()
  })

  it('asks each once where the subscription answers and none of its reads does', async () => {
    const { azure, simulator } = await start({ limits: { circuit: { ...defaultLimits.circuit, failures: 4, resources: 4, tries: 2 } } })
    simulator.addFault({ match: /kv-\d+\/providers\/microsoft.insights/i, kind: 'status', status: 503 })
    const reads = await readInOrder(azure, production, 4)
    expect(new Set(reads.map((read) => !read.ok && `${read.status} ${read.code}`))).toEqual(new Set(['503 InternalServerError']))
    const asked = Map.groupBy(simulator.requests.matching(/kv-\d+\/providers\/microsoft.insights/i), ({ url }) => url)
    expect(asked.size).toBe(vaults)
    expect([...asked.values()].slice(-30).map(({ length }) => length)).toEqual(Array.from({ length: 30 }, () => 1))
  })

  it('stops asking for what has not worked for long, and asks for the rest of the subscription', async () => {
    const { azure, simulator } = await start({ limits: { circuit: { ...defaultLimits.circuit, failures: 4, resources: 4, tries: 2, hopelessAfterMs: 0 } } })
    simulator.addFault({ match: /kv-\d+\/providers\/microsoft.insights/i, kind: 'status', status: 503 })
    const reads = await readInOrder(azure, production, 4)
    expect(reads.at(-1)).toMatchObject({ ok: false, code: 'CircuitOpen', detail: expect.stringContaining('Requests like this one') })
    expect(await azure.getSubscription(production)).toMatchObject({ ok: true })
    expect((await readAll(azure, sandbox)).every((read) => !read.ok && read.code !== 'CircuitOpen')).toBe(true)
  })

  it('waits while the network is away, and reads everything of all subscriptions afterwards', async () => {
    const { azure, simulator } = await start({ clock: systemClock, limits: { concurrency: 32, circuit: { ...defaultLimits.circuit, firstRestMs: 1 }, network: { firstRestMs: 1, tries: 20 } } }, { now: Date.now })
    expect((await azure.readDiagnosticSettings(vaultId(sandbox, 0))).ok).toBe(true)
    simulator.addFault({ match: /./, kind: 'reset' })
    const reading = Promise.all([readAll(azure, production), readAll(azure, sandbox)])
    await expect.poll(() => simulator.requests.matching(/\/tenants/).length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(8)
    simulator.clearFaults()
    expect((await reading).flat().filter(({ ok }) => !ok)).toEqual([])
  })

  it('gives everything up when the network stays away, and throws it', async () => {
    const { azure, clock, simulator } = await start()
    expect((await azure.readDiagnosticSettings(vaultId(sandbox, 0))).ok).toBe(true)
    simulator.addFault({ match: /./, kind: 'reset' })
    const reads = await Promise.allSettled([production, sandbox].flatMap((id) => Array.from({ length: vaults }, (_, index) => azure.readDiagnosticSettings(vaultId(id, index)))))
    expect(new Set(reads.map((read) => read.status === 'rejected' && read.reason instanceof AzureAwayError))).toEqual(new Set([true]))
    expect(azure.counts.total).toBeLessThan(vaults * 2 + 20)
    // It is tried now and then whether it is back.
    simulator.clearFaults()
    await clock.sleep(60_000)
    expect((await azure.readDiagnosticSettings(vaultId(sandbox, 0))).ok).toBe(true)
  })

  it('waits for the network over a single read, too, and takes it for away only where nobody else is answered', async () => {
    const { azure, simulator } = await start({ limits: { network: { firstRestMs: 1, tries: 20 } } })
    simulator.addFault({ match: vaultId(production, 0), kind: 'reset' })
    expect(await azure.readDiagnosticSettings(vaultId(production, 0))).toMatchObject({ ok: false, reason: 'api-error', code: 'ECONNRESET' })
    simulator.addFault({ match: /./, kind: 'reset', times: 9 })
    expect(await azure.readDiagnosticSettings(vaultId(production, 1))).toEqual({ ok: true, value: [] })
    expect(azure.counts.circuitsOpened).toBeUndefined()
  })

  it('waits for no network that was never there', async () => {
    const { azure, clock, simulator } = await start()
    simulator.addFault({ match: /^\/(?!.*oauth2)/, kind: 'reset' })
    const before = clock.now()
    await expect(azure.listSubscriptions()).rejects.toThrow(/^Azure at http:.* gives no answer \(ECONNRESET\)\.$/)
    expect(clock.now() - before).toBeLessThan(defaultLimits.network.firstRestMs * 2)
  })

  it('stays closed for a few reads that never work, and for a subscription that fails now and then', async () => {
    const { azure, simulator } = await start({ limits: { concurrency: 4 } })
    simulator.addFault({ match: `${vaultId(production, 0)}/`, kind: 'status', status: 500 })
    simulator.addFault({ match: readsOfProduction, kind: 'status', status: 500, probability: 0.2 })
    const reads = await readAll(azure, production)
    expect(reads.filter(({ ok }) => !ok).length).toBe(1)
    expect(azure.counts.circuitsOpened).toBeUndefined()
  })

  it('does not count what Azure throttles or refuses', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: readsOfProduction, kind: 'status', status: 429, retryAfterSeconds: 1, times: 30 })
    simulator.addFault({ match: readsOfProduction, kind: 'refuse', action: 'Microsoft.Insights/diagnosticSettings/read' })
    const reads = await readAll(azure, production)
    expect(reads.every((read) => !read.ok && read.reason !== 'api-error')).toBe(true)
    expect(azure.counts.circuitsOpened).toBeUndefined()
  })
})
