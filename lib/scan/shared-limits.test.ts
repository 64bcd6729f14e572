import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAzure, createSimulatorCredential, type AzureOptions } from '@/lib/azure'
import { openSharedBuckets } from '@/lib/db'
import { administrate, createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { generateTenant, startSimulator, type SimulatorOptions } from '@/lib/simulator'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

const tenant = generateTenant({ resources: 50, subscriptions: 2, seed: 1 })
const ids = tenant.rows('resources').map(({ id }) => id).filter((id) => id.includes('/providers/'))

async function start(simulated: Partial<SimulatorOptions> = {}, limits: AzureOptions['limits'] = {}) {
  const simulator = await startSimulator({ tenant, ...simulated })
  const sharedBuckets = openSharedBuckets(test.url, tenant.tenantId)
  const azure = createAzure({
    endpoint: simulator.url, scope: `${simulator.url}/.default`, credential: createSimulatorCredential(simulator.url, tenant.tenantId), tenantId: tenant.tenantId, cloud: 'AzureCloud', sharedBuckets, limits,
  })
  const close = async () => {
    azure.close()
    await sharedBuckets.close()
    await simulator.close()
  }
  return { azure, simulator, close }
}

describe('limits that are shared', () => {
  it('go on when their connection breaks while it carries a lease', async () => {
    const { azure, close } = await start()
    const [first = ''] = ids
    const { ok } = await azure.readSecurityContacts(first.split('/')[2] ?? '')
    const waiting = () => test.database.$queryRaw<{ pid: number }[]>`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%rate_bucket%'`
    let reads: Promise<{ ok: boolean }[]> | undefined
    await test.database.$transaction(async (tx) => {
      await tx.$executeRaw`select from rate_bucket for update`
      reads = Promise.all(ids.map((id) => azure.readDiagnosticSettings(id).then((read) => ({ ok: read.ok || read.reason === 'not-supported' }))))
      await expect.poll(async () => (await waiting()).length).toBe(1)
      for (const { pid } of await waiting()) await administrate(`select pg_terminate_backend(${pid})`)
    }, { timeout: 120_000 })
    expect(ok).toBe(true)
    expect((await reads)?.filter((read) => !read.ok)).toEqual([])
    await close()
  })

  it('fill up no further than what waits for a connection leaves room for', async () => {
    const { azure, simulator, close } = await start({ limits: { subscriptionReads: { burst: 24, perSecond: 20 } } }, { subscriptionReads: { burst: 20, perSecond: 20 }, concurrency: 1, concurrencyMost: 1 })
    const [one, other] = tenant.subscriptions.map(({ id }) => ids.find((resource) => resource.startsWith(id)) ?? '')
    simulator.addFault({ match: one ?? '', kind: 'delay', milliseconds: 1500, times: 1 })
    const first = azure.readDiagnosticSettings(one ?? '')
    await expect.poll(() => simulator.requests.matching(/oauth2/).length).toBe(1)
    await Promise.all([first, ...Array.from({ length: 15 }, () => azure.readDiagnosticSettings(other ?? ''))])
    await Promise.all(Array.from({ length: 25 }, () => azure.readDiagnosticSettings(other ?? '')))
    expect(azure.counts).toMatchObject({ total: 41, throttled: 0, retried: 0 })
    await close()
  })
})
