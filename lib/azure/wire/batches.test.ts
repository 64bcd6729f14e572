import { createPipelineRequest } from '@azure/core-rest-pipeline'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fault, SimulatorOptions } from '../../simulator'
import { production, sandbox, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from '../testing/simulated-azure'
import { parseBatch } from './batch-answer'
import { BatchSwitch } from './batch-switch'
import type { Limits } from './limits'

const vaults = 45
let running: SimulatedAzure | undefined

async function start(simulated: Partial<SimulatorOptions> = {}, limits: Partial<Limits> = {}): Promise<SimulatedAzure> {
  running = await startSimulatedAzure({ tenant: smallTenant(vaults), ...simulated }, { limits: { batches: 'always', ...limits } })
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

const readAll = ({ azure }: SimulatedAzure, subscriptionId = production) =>
  Promise.all(Array.from({ length: vaults }, (_, index) => azure.readDiagnosticSettings(vaultId(subscriptionId, index))))

const setting = (id: string) => ({ id: `${id}/providers/microsoft.insights/diagnosticSettings/s`, name: 's', properties: { logs: [{ category: 'AuditEvent', enabled: true }] } })

/** Each vault of production has a setting named after it, so that a mixed-up answer would show. */
function nameSettings({ simulator }: SimulatedAzure): void {
  for (let index = 0; index < vaults; index += 1) {
    const id = vaultId(production, index)
    simulator.tenant.setAnswer('diagnostic-settings', id, { status: 200, body: { value: [{ ...setting(id), name: `of-${index}` }] } })
  }
}

const names = (reads: Awaited<ReturnType<typeof readAll>>) => reads.map((read) => (read.ok ? read.value.map(({ name }) => name).join() : read.reason))
const expected = Array.from({ length: vaults }, (_, index) => `of-${index}`)

describe('reads in batches', () => {
  it.each<[string, Partial<SimulatorOptions>, Fault | null]>([
    ['at once', {}, null],
    ['later', { acceptsBatches: true }, null],
    ['without names', {}, { match: '/batch', kind: 'batch-without-names' }],
  ])('give each its own answer where the batch is answered %s', async (_name, simulated, fault) => {
    const simulatedAzure = await start(simulated)
    if (fault !== null) simulatedAzure.simulator.addFault(fault)
    nameSettings(simulatedAzure)
    const { simulator, azure } = simulatedAzure
    expect(names(await readAll(simulatedAzure))).toEqual(expected)
    expect(simulator.requests.count('batch')).toBe(3)
    // Every read is counted as Azure charges it, and so is what carries them.
    expect(azure.counts.total).toBe(vaults + 3 + simulator.requests.count('batch-result'))
    expect(azure.counts.batches).toBe(3)
  })

  it.each<[string, Fault]>([
    ['is not there', { match: '/batch', kind: 'status', status: 404, code: 'NotFound' }],
    ['is refused', { match: '/batch', kind: 'refuse', action: 'Microsoft.Resources/batch/action' }],
    ['is throttled', { match: '/batch', kind: 'status', status: 429, retryAfterSeconds: 3 }],
    ['fails', { match: '/batch', kind: 'status', status: 500 }],
    ['is cut', { match: '/batch', kind: 'truncated' }],
    ['is reset', { match: '/batch', kind: 'reset' }],
    ['is a web page', { match: '/batch', kind: 'html', status: 200 }],
    ['loses an answer', { match: '/batch', kind: 'batch-loses-one' }],
  ])('are read singly where the batch %s, and batches end after a few', async (_name, fault) => {
    const simulatedAzure = await start()
    nameSettings(simulatedAzure)
    simulatedAzure.simulator.addFault(fault)
    expect(names(await readAll(simulatedAzure))).toEqual(expected)
    expect(names(await readAll(simulatedAzure))).toEqual(expected)
    expect(simulatedAzure.simulator.requests.matching(/\/batch/).length).toBe(3)
  })

  it('are judged by their own status: refused, gone and throttled among good ones', async () => {
    const simulatedAzure = await start({ limits: { subscriptionReads: { burst: 30, perSecond: 5 } } })
    nameSettings(simulatedAzure)
    const { simulator, azure } = simulatedAzure
    simulator.tenant.refuse(vaultId(production, 3), { kinds: ['diagnostic-settings'] })
    simulator.tenant.removeResource(vaultId(production, 4))
    expect(names(await readAll(simulatedAzure))).toEqual(expected.map((name, index) => (index === 3 ? 'permission-denied' : index === 4 ? 'gone' : name)))
    // The bucket of the subscription was smaller than documented: items were refused by it, waited as told and came again.
    expect(azure.counts.throttled).toBeGreaterThan(0)
  })

  it('renew an expired token', async () => {
    const simulatedAzure = await start()
    nameSettings(simulatedAzure)
    await readAll(simulatedAzure, sandbox)
    simulatedAzure.simulator.tokens.expireAll()
    expect(names(await readAll(simulatedAzure))).toEqual(expected)
  })

  it('end with the scan', async () => {
    const controller = new AbortController()
    running = await startSimulatedAzure({ tenant: smallTenant(vaults), latencyMs: 20_000 }, { limits: { batches: 'always' }, signal: controller.signal })
    const ended = Promise.allSettled(Array.from({ length: vaults }, (_, index) => running?.azure.readDiagnosticSettings(vaultId(production, index))))
    setTimeout(() => controller.abort(new Error('the scan was cancelled')), 100)
    expect((await ended).every((each) => each.status === 'rejected' && each.reason.message === 'the scan was cancelled')).toBe(true)
  })

  it.each(['measured', 'never'] as const)('are not sent where nothing is gained by them: %s', async (batches) => {
    const simulatedAzure = await start({}, { batches })
    await readAll(simulatedAzure)
    expect(simulatedAzure.simulator.requests.count('batch')).toBe(0)
  })

  it('are tried, and kept or left, where reads wait for connections', async () => {
    const simulatedAzure = await start({ limits: false }, { batches: 'measured', concurrency: 4, concurrencyMost: 4, subscriptionReads: { burst: 10_000, perSecond: 10_000 } })
    nameSettings(simulatedAzure)
    const wrong: string[] = []
    await Promise.all(Array.from({ length: 30 }, async () => {
      for (let index = 0; index < vaults; index += 1) {
        const read = await simulatedAzure.azure.readDiagnosticSettings(vaultId(production, index))
        if (!read.ok || read.value[0]?.name !== `of-${index}`) wrong.push(`of-${index}`)
      }
    }))
    expect(wrong).toEqual([])
    expect(simulatedAzure.simulator.requests.count('batch')).toBeGreaterThan(0)
    expect(simulatedAzure.azure.counts.throttled).toBe(0)
  })
})

describe('parseBatch', () => {
  const requests = ['a', 'b'].map((name, index) => ({ name, request: createPipelineRequest({ url: `https://arm.example${vaultId(production, index)}/providers/Microsoft.Insights/diagnosticSettings?x=1` }) }))
  const good = (index: number, name?: string | null) => ({ name, httpStatusCode: 200, headers: { 'Retry-After': 5, other: null }, content: { value: [setting(vaultId(production, index).toUpperCase())] } })

  it('takes answers in any order by name, else in order', () => {
    expect(parseBatch({ responses: [good(1, 'b'), good(0, 'a')] }, requests)?.map(({ bodyAsText }) => bodyAsText?.toLowerCase().includes('kv-1'))).toEqual([false, true])
    const inOrder = parseBatch({ responses: [good(0), { httpStatusCode: 204 }] }, requests)
    expect(inOrder?.map(({ status, bodyAsText }) => [status, bodyAsText === ''])).toEqual([[200, false], [204, true]])
    expect(inOrder?.[0]?.headers.get('retry-after')).toBe('5')
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list without its name', [good(0), good(1)]],
    ['one answer too few', { responses: [good(0, 'a')] }],
    ['one answer too many', { responses: [good(0), good(1), good(1)] }],
    ['a name that is not ours', { responses: [good(0, 'a'), good(1, 'c')] }],
    ['one name twice', { responses: [good(0, 'a'), good(0, 'a')] }],
    ['a name here and none there', { responses: [good(0, 'a'), good(1)] }],
    ['answers in another order', { responses: [good(1), good(0)] }],
    ['a status that is none', { responses: [{ ...good(0), httpStatusCode: '200' }, good(1)] }],
  ])('takes no answer from %s', (_name, body) => {
    expect(parseBatch(body, requests)).toBeNull()
  })
})

describe('BatchSwitch', () => {
  const measured = (singleMs: number, batchMs: number, reads: number) => {
    const decided = new BatchSwitch('measured')
    expect(decided.takes(true)).toBe(false)
    for (let read = 0; read < 500; read += 1) decided.single(singleMs)
    expect([decided.takes(true), decided.takes(false)]).toEqual([true, false])
    for (let batch = 0; batch < 5; batch += 1) decided.batch(batchMs, reads)
    return decided
  }

  it('keeps batches that take far less of the connections, while reads wait for them', () => {
    const kept = measured(300, 1_600, 20)
    expect([kept.takes(true), kept.takes(false)]).toEqual([true, false])
    expect(measured(60, 1_600, 20).takes(true)).toBe(false)
    expect(measured(300, 600, 2).takes(true)).toBe(false)
  })

  it('ends batches after three surprises', () => {
    const surprised = new BatchSwitch('always')
    for (const expectedNow of [true, true, false]) {
      surprised.surprise()
      expect(surprised.takes(true)).toBe(expectedNow)
    }
  })
})
