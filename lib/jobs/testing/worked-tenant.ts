import { afterEach, expect } from 'vitest'
import type { TokenCredential } from '@azure/core-auth'
import { createAzure, createSimulatorCredential, type Limits } from '@/lib/azure'
import { createDatabase } from '@/lib/db'
import { noLimits, startScannedTenant } from '@/lib/scan/testing/scanned-tenant'
import { generateTenant } from '@/lib/simulator'
import type { ConnectScan } from '../part-worker'
import { requestScan } from '../request-scan'
import type { PartTimes } from '../shared-parts'
import { startWorker } from '../worker'

export const patience = { timeout: 120_000, interval: 200 }
/** The status of a scan that was judged. */
export const judged = /succeeded|partial/

/** How a worker of the tests reaches Azure. */
export interface WayToAzure {
  /** With few of them a worker leaves most parts waiting. */
  connections?: number
  endpoint?: string
  credential?: TokenCredential
  limits?: Partial<Limits>
}

export interface WorkerSettings extends PartTimes, WayToAzure {
  /** The database by another way. */
  url?: string
}

/** A tenant of more subscriptions than a worker with few connections takes while nothing answers, and its workers in this process. */
async function startWorkedTenant() {
  const tenant = await startScannedTenant(generateTenant({ resources: 120, subscriptions: 24, seed: 7 }))
  const { simulator, database, url, viewer } = tenant
  const { tenantId } = simulator.tenant
  const stops: (() => Promise<void>)[] = []

  const connectBy = ({ connections = 64, endpoint = simulator.url, credential = createSimulatorCredential(simulator.url, tenantId), limits }: WayToAzure = {}): ConnectScan => async (signal) => {
    const scope = `${simulator.url}/.default`
    const azure = createAzure({
      endpoint, scope, logAnalytics: { endpoint, scope }, credential, tenantId, cloud: 'AzureCloud', signal,
      limits: { concurrency: connections, concurrencyMost: connections, ...noLimits, ...limits },
    })
    return { azure, tenantId, cloud: 'AzureCloud', close: async () => azure.close() }
  }
  const scanOf = (scanId: string) => database.scan.findUniqueOrThrow({ where: { id: scanId } })
  const stopWorkers = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  return {
    ...tenant,
    connectBy,
    scanOf,
    stopWorkers,
    /** Called, the last first, when the workers are stopped. */
    onStop: (stop: () => Promise<void>) => void stops.push(stop),
    async startWorker({ url: way = url, deadAfterMs, sendAgainEveryMs, silentMs, ...azure }: WorkerSettings = {}): Promise<void> {
      const db = createDatabase(way)
      const worker = await startWorker({ db, databaseUrl: way, policyPath: null, tenantId, isDemo: true, deadAfterMs, sendAgainEveryMs, silentMs, connect: connectBy(azure) })
      stops.push(async () => {
        await worker.stop()
        await db.$disconnect()
      })
    },
    request: async () => (await requestScan({ viewer, requestedBy: 'test', mode: 'full', scope: {} }, { db: database, url })).scanId,
    /** How a scan ended. */
    async ended(scanId: string) {
      await expect.poll(async () => (await scanOf(scanId)).status, patience).not.toMatch(/queued|running/)
      return scanOf(scanId)
    },
    /** Workers that have taken parts which are not read yet. */
    taken: (scanId: string) => database.scanPart.findMany({ where: { scan: { id: scanId }, readAt: null, job: { not: null } }, distinct: ['worker'] }),
    /** Reads of settings that were answered. */
    asked: () => simulator.requests.matching(/diagnosticsettings\?/i).map((request) => request.url.toLowerCase()),
    /** Azure answers reads of settings of so many resources, and no other until the returned function is called. */
    holdAnswers(after = 0): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      simulator.addFault({ match: /diagnosticsettings\?/i, kind: 'hold', until: promise, after })
      return resolve
    },
    async close(): Promise<void> {
      await stopWorkers()
      await tenant.close()
    },
  }
}

export type WorkedTenant = Awaited<ReturnType<typeof startWorkedTenant>>

/** Worked tenants of a file of tests, one at a time, each closed after its test. */
export function workedTenants(): { start: () => Promise<WorkedTenant> } {
  let tenant: WorkedTenant | null = null
  afterEach(async () => {
    await tenant?.close()
    tenant = null
  })
  return { start: async () => (tenant = await startWorkedTenant()) }
}
