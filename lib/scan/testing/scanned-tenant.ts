import { createAzure, createSimulatorCredential, type AzureOptions, type Limits } from '@/lib/azure'
import { createScan, ensureEstate, streamFindings } from '@/lib/db'
import { createTestDatabase } from '@/lib/db/testing'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import type { ScanMode, ScanScope, ScanSummary } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import type { FindingRow } from '@/lib/domain/views'
import { startSimulator, type SimulatedTenant, type SimulatorOptions } from '@/lib/simulator'
import { runScan } from '../run-scan'

export interface ScanOptions {
  scope?: ScanScope
  policy?: Policy
  mode?: ScanMode
  signal?: AbortSignal
  /** Goes on with this scan in place of starting one. */
  resume?: string
}

const unlimited = { burst: 1_000_000, perSecond: 1_000_000 }
/** Azure's limits cost every test its seconds: the tests of pace and throttling set their own. */
export const noLimits: Partial<Limits> = { subscriptionReads: unlimited, tenantReads: unlimited, resourceGraph: unlimited }

/** A simulated tenant, a database of its own, and the product's scan between the two, over HTTP. */
export async function startScannedTenant(tenant: SimulatedTenant, simulated: Partial<SimulatorOptions> = {}, wire: Partial<AzureOptions> = {}, stored: Parameters<typeof createTestDatabase>[0] = {}) {
  const simulator = await startSimulator({ tenant, limits: false, ...simulated })
  const { database, url, drop } = await createTestDatabase(stored)
  const estate = await ensureEstate(database, { tenantId: tenant.tenantId, isDemo: true, cloud: 'AzureCloud', displayName: tenant.displayName })
  const viewer: Viewer = { estateId: estate.estateId, subscriptions: 'all' }

  return {
    simulator,
    database,
    url,
    viewer,
    async scan({ scope = {}, policy = defaultPolicy, mode = 'full', signal, resume }: ScanOptions = {}): Promise<ScanSummary> {
      const azure = createAzure({
        endpoint: simulator.url,
        scope: `${simulator.url}/.default`,
        logAnalytics: { endpoint: simulator.url, scope: `${simulator.url}/.default` },
        credential: createSimulatorCredential(simulator.url, tenant.tenantId),
        tenantId: tenant.tenantId,
        cloud: 'AzureCloud',
        signal,
        limits: noLimits,
        ...wire,
      })
      try {
        const scanId = resume ?? (await createScan(database, viewer.estateId, { scope, mode, requestedBy: 'test' })).scanId
        return await runScan({ db: database, azure, estate: { estateId: viewer.estateId, tenantId: tenant.tenantId, cloud: 'AzureCloud' }, scanId, policy, signal, interrupted: resume !== undefined })
      } finally {
        azure.close()
      }
    },
    async findings(scanId: string): Promise<FindingRow[]> {
      const all: FindingRow[] = []
      for await (const page of streamFindings(database, viewer, scanId, {})) all.push(...page)
      return all
    },
    async close(): Promise<void> {
      await simulator.close()
      await drop()
    },
  }
}

export type ScannedTenant = Awaited<ReturnType<typeof startScannedTenant>>

/** What a finding says, without when: two scans of one estate must agree on it. */
export function sayings(findings: readonly FindingRow[]): string[] {
  return findings.map((f) => JSON.stringify([f.resourceId.toLowerCase(), f.check, f.verdict, f.reasonCode, f.severity, f.reason, f.evidence]))
}

/** What the first scan alone says (`-`) and what the second alone says (`+`): up to three of each. */
export function differences(a: readonly FindingRow[], b: readonly FindingRow[]): string[] {
  const only = (sign: string, these: readonly FindingRow[], others: readonly FindingRow[]): string[] => {
    const known = new Set(sayings(others))
    return sayings(these).filter((saying) => !known.has(saying)).slice(0, 3).map((saying) => `${sign} ${saying}`)
  }
  return [...only('-', a, b), ...only('+', b, a)]
}
