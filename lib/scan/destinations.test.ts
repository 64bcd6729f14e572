import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { saveFacts, createScan, ensureEstate } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { smallTenant, startSimulatedAzure, production, type SimulatedAzure } from '@/lib/azure/testing/simulated-azure'
import type { Resource } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import { collectDestinations } from './destinations'

let test: TestDatabase
let running: SimulatedAzure | undefined
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())
afterEach(async () => {
  await running?.close()
  running = undefined
})

const accounts = Array.from({ length: 60 }, (_, index): Resource => ({
  id: `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Storage/storageAccounts/st${index}`, name: `st${index}`, type: 'microsoft.storage/storageaccounts',
  kind: null, location: 'westeurope', resourceGroup: 'rg-App', subscriptionId: production, skuName: null, managedBy: null, tags: {}, properties: {}, derivedFrom: null,
}))

describe('reads of destinations', () => {
  it('are stored as they come, so that few are held, and stay when the rest of them comes to nothing', async () => {
    running = await startSimulatedAzure({ tenant: smallTenant(0) })
    const { estateId } = await ensureEstate(test.database, { tenantId: 't', isDemo: true, cloud: 'AzureCloud', displayName: null })
    await createScan(test.database, estateId, { scope: {}, mode: 'full', requestedBy: 'test' })
    const sizes: number[] = []
    const save = async (facts: readonly Fact[]) => {
      if (sizes.length === 2) throw new Error('The database is gone.')
      sizes.push(facts.length)
      await saveFacts(test.database, estateId, 1, facts)
    }
    const referenced = { workspaces: [], storageAccounts: accounts.map(({ id }) => id), countQueries: false, arrivals: [], auditArrivals: [] }
    const known = new Set<string>()
    await expect(collectDestinations({ referenced, inventory: accounts, azure: running.azure, now: () => '2026-01-01T00:00:00Z', known, save })).rejects.toThrow('The database is gone.')
    expect(sizes).toEqual([50, 50])
    expect(await test.database.fact.count({ where: { estateId } })).toBe(100)
  })
})
