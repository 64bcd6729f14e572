import { afterEach, describe, expect, it } from 'vitest'
import type { SimulatorOptions } from '../simulator'
import type { AzureOptions } from './azure'
import type { InventoryPage } from './inventory'
import { production, sandbox, smallTenant, startSimulatedAzure, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined

async function start(simulated?: Partial<SimulatorOptions>, options?: Partial<AzureOptions>): Promise<SimulatedAzure> {
  running = await startSimulatedAzure(simulated, options)
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

describe('inventory', () => {
  it('reads every resource once over pages, with the owner of its group and the needed properties alone', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1300) })
    const ids: string[] = []
    let last: unknown
    for await (const page of azure.readInventory([sandbox.toUpperCase(), production])) {
      last = page
      if (page.kind === 'page') ids.push(...page.resources.map((resource) => resource.id))
      if (page.kind === 'page' && ids.length <= 1000) {
        expect(page.resources.find((resource) => resource.type === 'microsoft.compute/disks')?.managedBy).toContain('managedClusters/aks')
        expect(page.resources.find((resource) => resource.name === 'kv-0')).toMatchObject({
          skuName: 'standard',
          kind: null,
          managedBy: null,
          tags: { owner: 'team' },
          properties: { provisioningState: 'Succeeded', features: { immediatePurgeDataOn30Days: true } },
        })
      }
    }
    expect(last).toEqual({ kind: 'listed', subscriptions: [sandbox, production], unreadable: [] })
    expect(ids.length).toBe(2602)
    expect(new Set(ids).size).toBe(2602)
    expect(simulator.requests.count('resource-graph')).toBe(4)
  })

  it('names who owns the group for what something in the group owns', async () => {
    const { azure, simulator } = await start()
    const [any] = simulator.tenant.rows('resources')
    if (any === undefined) throw new Error('the small tenant should have resources')
    const machine = (name: string, group: string, managedBy: string): void =>
      simulator.tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`, name, type: 'microsoft.compute/virtualmachines', subscriptionId: sandbox, resourceGroup: group.toLowerCase(), managedBy })
    const setIn = (group: string): string => `/subscriptions/${sandbox}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/set`
    machine('nodes', 'MC_app', setIn('mc_APP'))
    machine('ours', 'rg-App', setIn('rg-App'))
    machine('elsewhere', 'MC_app', setIn('rg-other'))
    const owners = new Map<string, string | null>()
    for await (const page of azure.readInventory([sandbox])) if (page.kind === 'page') for (const { name, managedBy } of page.resources) owners.set(name, managedBy)
    expect(owners.get('nodes')).toContain('managedClusters/aks')
    expect(owners.get('ours')).toBe(setIn('rg-App'))
    expect(owners.get('elsewhere')).toBe(setIn('rg-other'))
  })

  it('tells event hubs outside of dedicated clusters from those of which nobody told', async () => {
    const { azure, simulator } = await start()
    const [any] = simulator.tenant.rows('resources')
    if (any === undefined) throw new Error('the small tenant should have resources')
    const hubs = (name: string, properties: Record<string, string>) => simulator.tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/${name}`, name, type: 'microsoft.eventhub/namespaces', subscriptionId: sandbox, properties })
    hubs('alone', {})
    hubs('clustered', { clusterArmId: '/clusters/c' })
    const resources = (await allPages(azure.readInventory([sandbox]))).flatMap((page) => (page.kind === 'page' ? page.resources : []))
    expect(new Map(resources.filter(({ type }) => type === 'microsoft.eventhub/namespaces').map(({ name, properties }) => [name, properties.clusterArmId]))).toEqual(new Map([['alone', null], ['clustered', '/clusters/c']]))
    expect(resources.filter(({ type, properties }) => type !== 'microsoft.eventhub/namespaces' && 'clusterArmId' in properties)).toEqual([])
  })

  it('reports a subscription that Resource Graph leaves out without a word', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.hideSubscription(sandbox)
    const pages = await allPages(azure.readInventory([production, sandbox]))
    expect(pages.at(-1)).toMatchObject({
      kind: 'listed',
      unreadable: [{ subscriptionId: sandbox, failure: { reason: 'permission-denied', action: 'Microsoft.Resources/subscriptions/resources/read' } }],
    })
  })

  it('asks for less when an answer is too large, and loses and repeats nothing', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(600) })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'delay', milliseconds: 0, times: 2 })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'status', status: 400, code: 'ResponsePayloadTooLarge', times: 1 })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'delay', milliseconds: 0, times: 1 })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'status', status: 500, times: 4 })
    const pages = await allPages(azure.readInventory([production, sandbox]))
    const ids = pages.flatMap((page) => (page.kind === 'page' ? page.resources.map((resource) => resource.id) : []))
    expect(pages.at(-1)).toEqual({ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] })
    expect(ids.length).toBe(1202)
    expect(new Set(ids).size).toBe(1202)
  })

  it('fails every subscription of a group when Resource Graph stays broken, and asks it only so often', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: 'ResourceGraph', kind: 'status', status: 500 })
    const pages = await allPages(azure.readInventory([production, sandbox]))
    expect(pages).toMatchObject([{ kind: 'listed', unreadable: [{ failure: { reason: 'api-error', status: 500 } }, { failure: { reason: 'api-error' } }] }])
    expect(simulator.requests.total).toBeLessThan(40)
  })

  it('lists the largest first when it knows the sizes, each complete before the next begins', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1200) })
    const sizes = await azure.countResources([sandbox, production])
    expect(sizes.get(production) ?? 0).toBeGreaterThan(1000)
    const pages = await allPages(azure.readInventory([production, sandbox], { sizes }))
    const steps = pages.map((page) => (page.kind === 'listed' ? page.subscriptions.join() : [...new Set(page.resources.map((r) => r.subscriptionId))].join()))
    expect([...new Set(steps)]).toEqual([production, sandbox])
    expect(pages.filter((page) => page.kind === 'listed')).toHaveLength(2)
    expect(new Set(pages.flatMap((page) => (page.kind === 'page' ? page.resources.map((r) => r.id) : []))).size).toBe([...sizes.values()].reduce((a, b) => a + b, 0))
    expect(simulator.requests.count('resource-graph')).toBeGreaterThan(4)
  })

  it('keeps to the quota of Resource Graph', async () => {
    const { azure } = await start({ tenant: smallTenant(10), limits: { resourceGraph: { requests: 3, seconds: 5 } } })
    for (let round = 0; round < 6; round += 1) await allPages(azure.readInventory([production]))
    expect(azure.counts).toEqual({ total: 12, throttled: 0, retried: 0 })
  })
})

async function allPages(inventory: AsyncGenerator<InventoryPage>): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = []
  for await (const page of inventory) pages.push(page)
  return pages
}
