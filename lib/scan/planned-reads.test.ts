import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAzure, createSimulatorCredential, type Azure } from '@/lib/azure'
import { loadCatalog } from '@/lib/catalog'
import type { Subscription } from '@/lib/domain/estate'
import { generateTenant, startSimulator, type Simulator } from '@/lib/simulator'
import { planReads } from './planned-reads'

const tenant = generateTenant({ resources: 40, subscriptions: 4, seed: 2 })
let simulator: Simulator
let azure: Azure
let listed: Subscription[]

/** As many more resources of a type in a subscription as wanted. */
function add(subscription: Subscription | undefined, type: string, count: number): void {
  const [any] = tenant.rows('resources')
  if (any === undefined || subscription === undefined) throw new Error('the generated tenant should have resources in four subscriptions')
  const { subscriptionId } = subscription
  for (let index = 0; index < count; index += 1) {
    tenant.addResource({ ...any, id: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/${type}/r-${index}`, name: `r-${index}`, type: type.toLowerCase(), subscriptionId, resourceGroup: 'rg' })
  }
}

beforeAll(async () => {
  simulator = await startSimulator({ tenant, limits: false })
  azure = createAzure({
    endpoint: simulator.url, scope: `${simulator.url}/.default`, logAnalytics: { endpoint: simulator.url, scope: `${simulator.url}/.default` },
    credential: createSimulatorCredential(simulator.url, tenant.tenantId), tenantId: tenant.tenantId, cloud: 'AzureCloud',
  })
  const read = await azure.listSubscriptions()
  if (!read.ok) throw new Error(read.detail)
  listed = read.value
  add(listed[0], 'Microsoft.Compute/disks', 400)
  add(listed[1], 'Microsoft.KeyVault/vaults', 120)
  add(listed[2], 'Microsoft.Storage/storageAccounts', 60)
  add(listed[3], 'Microsoft.Sql/servers', 150)
})

afterAll(async () => {
  azure.close()
  await simulator.close()
})

describe('the order of subscriptions', () => {
  it('is that of what there is to read, not of how many resources there are, by one query', async () => {
    const before = simulator.requests.count('resource-graph')
    const { ordered, sizes } = await planReads(azure, loadCatalog(), listed)
    expect(simulator.requests.count('resource-graph') - before).toBe(1)
    const places = ordered.map((s) => listed.indexOf(s))
    expect(places.at(-1)).toBe(0)
    expect(places.indexOf(2)).toBeLessThan(places.indexOf(1))
    const largest = [...sizes].toSorted(([, a], [, b]) => b - a)[0]?.[0]
    expect(largest).toBe(listed[0]?.subscriptionId.toLowerCase())
  })

  it('is left as it is where Resource Graph does not tell', async () => {
    simulator.addFault({ match: 'ResourceGraph', kind: 'status', status: 400 })
    expect(await planReads(azure, loadCatalog(), listed)).toEqual({ ordered: listed, sizes: new Map() })
    simulator.clearFaults()
  })
})
