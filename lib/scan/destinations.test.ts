import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { saveFacts, createScan, ensureEstate } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { smallTenant, startSimulatedAzure, production, type SimulatedAzure } from '@/lib/azure/testing/simulated-azure'
import type { StorageFirewall } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import { DestinationInventory } from './destination-inventory'
import { buildDestinations, collectDestinations } from './destinations'

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
    const referenced = { workspaces: [], storageAccounts: accounts.map(({ id }) => id), hubs: [], countQueries: false, arrivals: [], auditArrivals: [] }
    const known = new Set<string>()
    const inventory = new DestinationInventory()
    inventory.add(accounts)
    await expect(collectDestinations({ referenced, inventory, azure: running.azure, now: () => '2026-01-01T00:00:00Z', known, save })).rejects.toThrow('The database is gone.')
    expect(sizes).toEqual([50, 50])
    expect(await test.database.fact.count({ where: { estateId } })).toBe(100)
  })
})

function lookupsOf(inventory: DestinationInventory, visible: string[], outOfSightToo = false) {
  return buildDestinations({ inventory, visibleSubscriptions: new Set(visible), outOfSightToo, use: new Map(), central: { ids: [], basis: 'none' } })
}

describe('lookups of destinations', () => {
  const workspaceId = `/subscriptions/${production}/resourceGroups/rg-Logs/providers/Microsoft.OperationalInsights/workspaces/Law`
  const inventory = new DestinationInventory()
  inventory.add([{ ...accounts[0], id: workspaceId, name: 'Law', type: 'microsoft.operationalinsights/workspaces', properties: { customerId: 'c1', retentionInDays: 90 } } as Resource])
  inventory.add(accounts)
  const lookups = (visible: string[], outOfSightToo = false) => lookupsOf(inventory, visible, outOfSightToo)

  it('take ids and names in any casing', () => {
    const seen = lookups([production])
    expect(seen.exists(accounts[3]?.id.toUpperCase() ?? '')).toBe(true)
    expect(seen.exists(`${accounts[3]?.id ?? ''}x`)).toBe(false)
    expect(seen.workspace(workspaceId.toUpperCase())).toMatchObject({ id: workspaceId, customerId: 'c1', retentionInDays: 90 })
    expect(seen.storageAccountNamed('ST59')).toBe(accounts[59]?.id)
    expect(seen.storageAccountNamed('st60')).toBeUndefined()
    expect(seen.workspaceIds).toEqual([workspaceId])
  })

  const firewalled = (properties: Record<string, unknown>, visible = [production]) => {
    const [account] = accounts
    if (account === undefined) throw new Error('there should be accounts')
    const known = new DestinationInventory()
    known.add([{ ...account, properties }])
    const lookedUp = lookupsOf(known, visible)
    const id = account.id.toUpperCase()
    return { firewall: lookedUp.firewallOf(id), exceptions: lookedUp.exceptionsOf(id), admits: (resource: string) => lookedUp.admits(id, resource) }
  }

  it.each<[string, StorageFirewall, Record<string, unknown>]>([
    ['lets everybody in', 'open', { networkAcls: { defaultAction: 'Allow', bypass: 'None' } }],
    ['makes an exception for services of Azure', 'open', { networkAcls: { defaultAction: 'Deny', bypass: 'Logging, Metrics, AzureServices' } }],
    ['makes none', 'closed', { networkAcls: { defaultAction: 'Deny', bypass: 'None' }, publicNetworkAccess: 'Enabled' }],
    ['makes one for storage’s own analytics alone, in any casing', 'closed', { networkAcls: { defaultAction: 'deny', bypass: 'logging, metrics' }, publicNetworkAccess: null }],
    ['is shut to public networks and lets everybody in', 'unclear', { networkAcls: { defaultAction: 'Allow', bypass: 'None' }, publicNetworkAccess: 'disabled' }],
    ['is shut to public networks, with an exception for services', 'open', { networkAcls: { defaultAction: 'Allow', bypass: 'AzureServices' }, publicNetworkAccess: 'Disabled' }],
    ['is shut to public networks and to everybody', 'closed', { networkAcls: { defaultAction: 'Deny', bypass: 'None' }, publicNetworkAccess: 'Disabled' }],
    ['is that of a perimeter', 'open', { networkAcls: { defaultAction: 'Deny', bypass: 'None' }, publicNetworkAccess: 'SecuredByPerimeter' }],
    ['is told in part', 'open', { networkAcls: { defaultAction: 'Deny' } }],
    ['was never asked for', 'open', {}],
  ])('tell an account whose firewall %s', (_name, firewall, properties) => {
    expect([firewalled(properties).firewall, firewalled(properties, []).firewall]).toEqual([firewall, 'open'])
  })

  it.each<[string, boolean, unknown]>([
    ['names it', true, [{ tenantId: 't', resourceId: `/subscriptions/${production}/resourceGroups/rg-Sql/providers/Microsoft.Sql/servers/Srv` }]],
    ['names its type in the group', true, [{ resourceId: 'x' }, { resourceId: `/subscriptions/${production}/resourcegroups/RG-SQL/providers/Microsoft.Sql/servers/*` }]],
    ['names its type anywhere in the tenant', true, [{ resourceId: '/subscriptions/*/resourcegroups/*/providers/Microsoft.Sql/servers/*' }]],
    ['names another', false, [{ resourceId: `/subscriptions/${production}/resourceGroups/rg-sql/providers/Microsoft.Sql/servers/srv2` }]],
    ['names another type', false, [{ resourceId: '/subscriptions/*/resourcegroups/*/providers/Microsoft.Synapse/workspaces/*' }]],
    ['names its type in another group', false, [{ resourceId: `/subscriptions/${production}/resourceGroups/other/providers/Microsoft.Sql/servers/*` }]],
    ['has odd rules', false, [{ resourceId: null }]],
    ['has no rules', false, undefined],
  ])('tell a server that the firewall of an account %s', (_name, admitted, resourceAccessRules) => {
    const server = `/subscriptions/${production.toUpperCase()}/resourceGroups/rg-sql/providers/Microsoft.Sql/servers/srv`
    const properties = { networkAcls: { defaultAction: 'Deny', bypass: 'None', resourceAccessRules } }
    expect([firewalled(properties).admits(server), firewalled(properties, []).admits(server)]).toEqual([admitted, false])
  })

  it.each([['Logging, Metrics', ['Logging', 'Metrics']], ['metrics', ['metrics']], ['None', []], ['', []]])('tell what a closed account lets in all the same: %s', (bypass, exceptions) => {
    const properties = { networkAcls: { defaultAction: 'Deny', bypass } }
    expect([firewalled(properties).exceptions, firewalled(properties, []).exceptions]).toEqual([exceptions, []])
  })

  it('find a storage account where it was moved to, though it is still stored where it was, out of sight', () => {
    const moved = (subscriptionId: string) => ({ ...accounts[0], id: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/stmoved`, name: 'stmoved', subscriptionId }) as Resource
    const other = 'ffffffff-0000-4000-8000-000000000000'
    inventory.add([moved(production), moved(other)])
    expect(lookups([production]).storageAccountNamed('stMoved')).toBe(moved(production).id)
    expect(lookups([other]).storageAccountNamed('stmoved')).toBe(moved(other).id)
  })

  it('know nothing of what lies out of sight, unless they are asked for what was there before', () => {
    const id = accounts[3]?.id ?? ''
    const tell = (destinations: ReturnType<typeof lookups>) => [destinations.exists(id), destinations.storageAccountNamed('st3'), destinations.workspace(workspaceId)?.name, destinations.workspaceIds]
    expect(tell(lookups([]))).toEqual([false, undefined, undefined, []])
    expect(tell(lookups([], true))).toEqual([true, id, 'Law', [workspaceId]])
  })
})
