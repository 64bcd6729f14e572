import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { openSharedBuckets } from '@/lib/db'
import { administrate, createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { generateTenant, startSimulator } from '@/lib/simulator'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

describe('limits that are shared', () => {
  it('go on when their connection breaks while it carries a lease', async () => {
    const tenant = generateTenant({ resources: 50, subscriptions: 1, seed: 1 })
    const simulator = await startSimulator({ tenant })
    const sharedBuckets = openSharedBuckets(test.url, tenant.tenantId)
    const azure = createAzure({
      endpoint: simulator.url, scope: `${simulator.url}/.default`, credential: createSimulatorCredential(simulator.url, tenant.tenantId), tenantId: tenant.tenantId, cloud: 'AzureCloud', sharedBuckets,
    })
    const ids = tenant.rows('resources').map(({ id }) => id).filter((id) => id.includes('/providers/'))
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
    azure.close()
    await sharedBuckets.close()
    await simulator.close()
  })
})
