import { afterEach, describe, expect, it } from 'vitest'
import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { createDatabase } from '@/lib/db'
import { differences, startScannedTenant, type ScannedTenant } from '@/lib/scan/testing/scanned-tenant'
import { generateTenant } from '@/lib/simulator'
import { requestScan } from './request-scan'
import { startWorker } from './worker'

const unlimited = { burst: 1_000_000, perSecond: 1_000_000 }
const patience = { timeout: 120_000, interval: 200 }

let tenant: ScannedTenant | null = null
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await tenant?.close()
  tenant = null
})

async function start(): Promise<ScannedTenant> {
  return (tenant = await startScannedTenant(generateTenant({ resources: 120, subscriptions: 3, seed: 7 })))
}

/** A worker of this tenant, in this process. */
async function startOne({ url, simulator }: ScannedTenant): Promise<void> {
  const db = createDatabase(url)
  const { tenantId } = simulator.tenant
  const scope = `${simulator.url}/.default`
  const worker = await startWorker({
    db, databaseUrl: url, policyPath: null, tenantId, isDemo: true,
    connect: async (signal) => {
      const azure = createAzure({
        endpoint: simulator.url, scope, logAnalytics: { endpoint: simulator.url, scope }, credential: createSimulatorCredential(simulator.url, tenantId), tenantId, cloud: 'AzureCloud', signal,
        limits: { subscriptionReads: unlimited, tenantReads: unlimited, resourceGraph: unlimited },
      })
      return { azure, tenantId, cloud: 'AzureCloud', close: async () => azure.close() }
    },
  })
  stops.push(async () => {
    await worker.stop()
    await db.$disconnect()
  })
}

const request = async (t: ScannedTenant) => (await requestScan({ viewer: t.viewer, requestedBy: 'test', mode: 'full', scope: {} }, { db: t.database, url: t.url })).scanId
const statusOf = async (t: ScannedTenant, scanId: string) => (await t.database.scan.findUniqueOrThrow({ where: { id: scanId } })).status

/** The connection that first stores one of these facts breaks over it. */
async function breakOnce(t: ScannedTenant, source: string): Promise<void> {
  await t.database.$executeRaw`create sequence stored_facts`
  await t.database.$executeRawUnsafe(`create function break_once() returns trigger language plpgsql as $$ begin
    if new.source = '${source}' and nextval('stored_facts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
    return new; end $$`)
  await t.database.$executeRaw`create trigger break_once before insert on fact for each row execute function break_once()`
}

describe('a scan goes on', () => {
  it('when a connection broke while the lists of log categories were stored', { timeout: 240_000 }, async () => {
    const t = await start()
    const whole = await t.scan()
    await t.database.fact.deleteMany({ where: { source: 'log-categories' } })
    await breakOnce(t, 'log-categories')
    await startOne(t)
    const scanId = await request(t)
    await expect.poll(() => statusOf(t, scanId), patience).toBe(whole.status)
    expect(await t.database.$queryRaw`select is_called from stored_facts`).toEqual([{ is_called: true }])
    expect(await t.database.fact.count({ where: { source: 'log-categories' } })).toBeGreaterThan(5)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })
})
