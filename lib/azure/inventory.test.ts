import { afterEach, describe, expect, it } from 'vitest'
import type { Fault, GraphRow, Simulator, SimulatorOptions } from '../simulator'
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
    simulator.tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/MC_own_web_servers`, name: 'MC_own_web_servers', type: 'microsoft.resources/subscriptions/resourcegroups', subscriptionId: sandbox, resourceGroup: 'mc_own_web_servers', managedBy: '' }, 'resourcecontainers')
    machine('named', 'MC_own_web_servers', '')
    machine('hidden', 'MC_group_not_shown', '')
    const owners = new Map<string, string | null>()
    for await (const page of azure.readInventory([sandbox])) if (page.kind === 'page') for (const { name, managedBy } of page.resources) owners.set(name, managedBy)
    expect(owners.get('nodes')).toContain('managedClusters/aks')
    expect(owners.get('ours')).toBe(setIn('rg-App'))
    expect(owners.get('elsewhere')).toBe(setIn('rg-other'))
    expect([owners.get('named'), owners.get('hidden')]).toEqual(['', null])
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

  it('tells machines without an identity from those of which nobody told, and keeps of the agent’s settings who it signs in as', async () => {
    const { azure, simulator } = await start()
    const [any] = simulator.tenant.rows('resources')
    if (any === undefined) throw new Error('the small tenant should have resources')
    const add = (type: string, name: string, identity: Record<string, string> | null, properties: GraphRow['properties'] = {}): void =>
      simulator.tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/rg/providers/${type}/${name}`, name, type: type.toLowerCase(), subscriptionId: sandbox, identity, properties })
    const settings = { authentication: { managedIdentity: { 'identifier-name': 'mi_res_id', 'identifier-value': '/id' }, other: 'x' }, secret: 'y' }
    add('Microsoft.Compute/virtualMachines', 'bare', null)
    add('Microsoft.Compute/virtualMachines', 'own', { type: 'SystemAssigned', principalId: 'p' })
    add('Microsoft.Compute/virtualMachineScaleSets', 'set', { type: 'UserAssigned' }, { virtualMachineProfile: { extensionProfile: { extensions: [{ name: 'ama', properties: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent', settings } }] } } })
    add('Microsoft.Compute/virtualMachines/extensions', 'bare/ama', null, { publisher: 'Microsoft.Azure.Monitor', settings })
    add('Microsoft.HybridCompute/machines', 'arc', { type: 'SystemAssigned' })
    const resources = (await allPages(azure.readInventory([sandbox]))).flatMap((page) => (page.kind === 'page' ? page.resources : []))
    const propertiesOf = (name: string) => resources.find((resource) => resource.name === name)?.properties
    expect(['bare', 'own', 'set', 'arc', 'kv-0'].map((name) => propertiesOf(name)?.identity)).toEqual([{ type: 'None' }, { type: 'SystemAssigned' }, { type: 'UserAssigned' }, undefined, undefined])
    const kept = { authentication: { managedIdentity: settings.authentication.managedIdentity } }
    expect(propertiesOf('bare/ama')?.settings).toEqual(kept)
    expect(propertiesOf('set')).toMatchObject({ virtualMachineProfile: { extensionProfile: { extensions: [{ properties: { settings: kept } }] } } })
    expect(JSON.stringify(resources)).not.toMatch(/secret|"other"/)
  })

  it('tells fleets without a hub cluster from those of which nobody told', async () => {
    const { azure, simulator } = await start()
    const [any] = simulator.tenant.rows('resources')
    if (any === undefined) throw new Error('the small tenant should have resources')
    const add = (type: string, name: string, properties: GraphRow['properties']): void => simulator.tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/rg/providers/${type}/${name}`, name, type: type.toLowerCase(), subscriptionId: sandbox, properties })
    add('Microsoft.ContainerService/fleets', 'hubless', {})
    add('Microsoft.ContainerService/fleets', 'hub', { hubProfile: { fqdn: 'x', dnsPrefix: 'y' } })
    add('Microsoft.Kubernetes/connectedClusters', 'eks', { distribution: 'eks', hubProfile: { fqdn: 'x' } })
    add('Microsoft.Odd/things', 'odd', { distribution: 'x' })
    const resources = (await allPages(azure.readInventory([sandbox]))).flatMap((page) => (page.kind === 'page' ? page.resources : []))
    expect(['hubless', 'hub', 'eks', 'odd'].map((wanted) => resources.find(({ name }) => name === wanted)?.properties)).toEqual([{ hubProfile: null }, { hubProfile: {} }, { distribution: 'eks' }, {}])
  })

  it('keeps whom the firewall lets in of storage accounts alone', async () => {
    const { azure, simulator } = await start()
    const [any] = simulator.tenant.rows('resources')
    if (any === undefined) throw new Error('the small tenant should have resources')
    const firewall = { networkAcls: { defaultAction: 'Deny', bypass: 'None' }, publicNetworkAccess: 'Enabled' }
    for (const [type, name] of [['Microsoft.Storage/storageAccounts', 'st'], ['Microsoft.KeyVault/vaults', 'kv']] as const) {
      simulator.tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/rg/providers/${type}/${name}`, name, type: type.toLowerCase(), subscriptionId: sandbox, properties: { ...firewall, networkAcls: { ...firewall.networkAcls, ipRules: ['x'] } } })
    }
    const resources = (await allPages(azure.readInventory([sandbox]))).flatMap((page) => (page.kind === 'page' ? page.resources : []))
    expect(['st', 'kv'].map((wanted) => resources.find(({ name }) => name === wanted)?.properties)).toEqual([firewall, {}])
  })

  it('reads a page though one of its rows is odd', async () => {
    const { azure, simulator } = await start()
    const [any] = simulator.tenant.rows('resources')
    if (any === undefined) throw new Error('the small tenant should have resources')
    const odd: object = { id: `/subscriptions/${sandbox}/resourceGroups/rg/providers/Odd.Provider/things/odd`, name: 'odd', subscriptionId: sandbox, resourceGroup: 'rg', sku: { name: 7 }, managedBy: { id: 'x' }, tags: 'none', kind: 3 }
    simulator.tenant.addResource({ ...any, type: 'odd.provider/things', ...odd })
    const { ids, listed } = await inventoryOf(azure.readInventory([sandbox]))
    expect(listed).toEqual([{ kind: 'listed', subscriptions: [sandbox], unreadable: [] }])
    expect(ids).toHaveLength(5)
    const resources = (await allPages(azure.readInventory([sandbox]))).flatMap((page) => (page.kind === 'page' ? page.resources : []))
    expect(resources.find(({ name }) => name === 'odd')).toMatchObject({ skuName: '7', managedBy: '{"id":"x"}', kind: '3', tags: {} })
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

  it('asks again for the page that failed, and for no other', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1300) })
    simulator.addFault({ ...ofResources, after: 1, kind: 'status', status: 503, times: 4 })
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
    expect(listed).toEqual([{ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] }])
    expect([ids.length, new Set(ids).size]).toEqual([2602, 2602])
    expect(azure.counts).toMatchObject({ total: 8, retried: 4 })
  })

  it.each<[string, Fault]>([
    ['is too large', { ...ofResources, after: 1, kind: 'status', status: 400, code: 'ResponsePayloadTooLarge', envelope: 'details', times: 1 }],
    ['is too heavy', { ...ofResources, after: 1, kind: 'status', status: 500, times: 2 }],
  ])('asks for fewer rows from where a page %s, and then for more again', async (_name, fault) => {
    const { azure, simulator } = await start({ tenant: smallTenant(1300) })
    simulator.addFault(fault)
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
    expect(listed).toEqual([{ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] }])
    expect([ids.length, new Set(ids).size]).toEqual([2602, 2602])
    // The containers, the first page, the failure, four small pages and the last.
    expect(azure.counts.total - azure.counts.retried).toBe(8)
  })

  it('asks for fewer subscriptions where the smallest page is too heavy', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(60) })
    simulator.addFault({ ...ofResources, kind: 'status', status: 500, times: 6 })
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
    expect(listed).toEqual([{ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] }])
    expect([ids.length, new Set(ids).size]).toEqual([122, 122])
  })

  it('fails every subscription of a group when Resource Graph stays broken, and asks it only so often', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: 'ResourceGraph', kind: 'status', status: 500 })
    const pages = await allPages(azure.readInventory([production, sandbox]))
    expect(pages).toMatchObject([{ kind: 'listed', unreadable: [{ failure: { reason: 'api-error', status: 500 } }, { failure: { reason: 'api-error' } }] }])
    expect(simulator.requests.total).toBeLessThan(40)
  })

  describe('where rows are missing', () => {
    const losses: [string, Fault, Fault?][] = [
      ['an answer is cut and says so', { ...ofResources, kind: 'rows', keep: 700, truncated: true, total: 700 }],
      ['an answer is cut without a word', { ...ofResources, kind: 'rows', keep: 700 }],
      ['a page is missing', { ...ofResources, after: 1, kind: 'rows', keep: 0 }],
      ['a page is empty and counts nothing', { ...ofResources, after: 1, kind: 'rows', keep: 0, total: 0 }],
      ['a page comes twice', { ...ofResources, after: 1, kind: 'repeat-rows' }],
      ['there are none at all', { ...ofResources, kind: 'rows', keep: 0, total: 0 }],
      ['there are far fewer than there were', { ...ofResources, kind: 'rows', keep: 700, total: 700 }],
    ]

    it.each(losses)('lists once more when %s, and keeps nothing back', async (_name, fault) => {
      const { azure, simulator } = await start({ tenant: smallTenant(1300) })
      const sizes = await azure.countResources([production, sandbox])
      simulator.addFault({ ...fault, times: 1 })
      const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox], { sizes }))
      expect(listed.flatMap(({ subscriptions }) => subscriptions).toSorted()).toEqual([production, sandbox])
      expect(listed.flatMap(({ unreadable }) => unreadable)).toEqual([])
      expect(new Set(ids).size).toBe(2602)
    })

    it.each(losses)('says that it is unread when %s again', async (_name, fault) => {
      const { azure, simulator } = await start({ tenant: smallTenant(1300) })
      const sizes = await azure.countResources([production])
      simulator.addFault({ ...fault, after: 0 })
      const { listed } = await inventoryOf(azure.readInventory([production], { sizes }))
      expect(listed).toMatchObject([{ unreadable: [{ subscriptionId: production, failure: { reason: 'api-error', code: 'IncompleteAnswer' } }] }])
    })

    it('believes that a subscription has become empty when it is counted so', async () => {
      const { azure, simulator } = await start()
      const sizes = await azure.countResources([production, sandbox])
      for (const { id } of simulator.tenant.rows('resources').filter(({ subscriptionId }) => subscriptionId === sandbox)) simulator.tenant.removeResource(id)
      const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox], { sizes }))
      expect(listed.flatMap(({ unreadable }) => unreadable)).toEqual([])
      expect(ids).toHaveLength(4)
    })

    /** Lists 1,301 resources each of two subscriptions; some of the first page are removed as soon as it has come. */
    async function listRemoving(count: number, meanwhile: (any: GraphRow, simulator: Simulator) => void = () => undefined) {
      const { azure, simulator } = await start({ tenant: smallTenant(1300) })
      const pages: InventoryPage[] = []
      const before = simulator.tenant.rows('resources').map(({ id }) => id)
      for await (const page of azure.readInventory([production, sandbox])) {
        if (pages.push(page) > 1 || page.kind !== 'page') continue
        for (const { id } of page.resources.slice(0, count)) simulator.tenant.removeResource(id)
        const [any] = simulator.tenant.rows('resources')
        if (any !== undefined) meanwhile(any, simulator)
      }
      const ids = pages.flatMap((page) => (page.kind === 'page' ? page.resources.map(({ id }) => id) : []))
      expect(pages.at(-1)).toEqual({ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] })
      return { ids, passedOver: before.filter((id) => !ids.includes(id)), asked: simulator.requests.count('resource-graph') }
    }

    const adding = (count: number) => (any: GraphRow, { tenant }: Simulator) => {
      for (let added = 0; added < count; added += 1) tenant.addResource({ ...any, id: `/subscriptions/${sandbox}/resourceGroups/zz/providers/Microsoft.KeyVault/vaults/new-${added}`, subscriptionId: sandbox })
    }

    // Four requests: the containers and three pages. Six: a page did not meet the one before, so that it was asked for from further back.
    it.each([
      { deleted: 7, added: 0, asked: 4 },
      { deleted: 7, added: 7, asked: 4 },
      { deleted: 40, added: 40, asked: 6 },
      { deleted: 400, added: 400, asked: 6 },
      { deleted: 0, added: 40, asked: 4 },
    ])('passes nothing over when $deleted are deleted and $added added between two pages', async ({ deleted, added, asked }) => {
      const read = await listRemoving(deleted, adding(added))
      expect(read.passedOver).toEqual([])
      expect(new Set(read.ids).size).toBe(read.ids.length)
      expect(read.asked).toBe(asked)
    })

    it('lists once more when more were deleted than can be told', async () => {
      const { passedOver, asked } = await listRemoving(700, adding(700))
      expect(passedOver).toEqual([])
      expect(asked).toBeGreaterThan(7)
    })
  })

  it('passes nothing over where a token is stronger than where the page shall begin', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1500) })
    simulator.addFault({ ...ofResources, kind: 'skip-ignored' })
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
    expect(listed.flatMap(({ unreadable }) => unreadable)).toEqual([])
    expect([ids.length, new Set(ids).size]).toEqual([3002, 3002])
    // The containers, a page that did not meet the one before, and from there on no token.
    expect(simulator.requests.count('resource-graph')).toBe(6)
  })

  it.each<[string, Fault]>([
    ['counts as many rows with one page repeated', { ...ofResources, after: 1, times: 1, kind: 'repeat-rows' }],
    ['repeats its last page but one in place of the last', { ...ofResources, after: 3, times: 1, kind: 'repeat-rows' }],
  ])('lists once more when Resource Graph %s, of which nobody counted the rows before', async (_name, fault) => {
    const { azure, simulator } = await start({ tenant: smallTenant(1500) })
    simulator.addFault(fault)
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
    expect(listed.flatMap(({ unreadable }) => unreadable)).toEqual([])
    expect(new Set(ids).size).toBe(3002)
  })

  describe('without the containers', () => {
    const ofContainers = { match: 'ResourceGraph', body: 'resourcecontainers' } as const

    it('lists nothing whose owner is not known', async () => {
      const { azure, simulator } = await start()
      simulator.addFault({ ...ofContainers, kind: 'status', status: 503 })
      const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
      expect(ids).toEqual([])
      expect(listed).toMatchObject([{ unreadable: [{ subscriptionId: production, failure: { reason: 'api-error', status: 503 } }, { subscriptionId: sandbox }] }])
    })

    it('asks for them once more after a while', async () => {
      const { azure, simulator } = await start()
      simulator.addFault({ ...ofContainers, kind: 'status', status: 503, times: 6 })
      const pages = await allPages(azure.readInventory([production, sandbox]))
      expect(pages.at(-1)).toEqual({ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] })
      const disks = pages.flatMap((page) => (page.kind === 'page' ? page.resources.filter(({ type }) => type === 'microsoft.compute/disks') : []))
      expect(disks.map(({ managedBy }) => managedBy !== null)).toEqual([true, true])
    })
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

  it('lists a small subscription with a large one where this costs no page', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1200) })
    for (const { id } of simulator.tenant.rows('resources').filter(({ subscriptionId }) => subscriptionId === sandbox).slice(100)) simulator.tenant.removeResource(id)
    const sizes = await azure.countResources([production, sandbox])
    const before = simulator.requests.count('resource-graph')
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox], { sizes }))
    expect(listed).toEqual([{ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] }])
    expect(new Set(ids).size).toBe(1301)
    // The containers and two pages.
    expect(simulator.requests.count('resource-graph') - before).toBe(3)
  })

  it('is only delayed by a storm of 429s', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1300) })
    simulator.addFault({ ...ofResources, after: 1, kind: 'status', status: 429, retryAfterSeconds: 1, times: 15 })
    const { ids, listed } = await inventoryOf(azure.readInventory([production, sandbox]))
    expect(listed).toEqual([{ kind: 'listed', subscriptions: [production, sandbox], unreadable: [] }])
    expect(ids.length).toBe(2602)
  })

  it('keeps to the quota of Resource Graph', async () => {
    const { azure } = await start({ tenant: smallTenant(10), limits: { resourceGraph: { requests: 3, seconds: 5 } } })
    for (let round = 0; round < 6; round += 1) await allPages(azure.readInventory([production]))
    expect(azure.counts).toMatchObject({ total: 12, throttled: 0, retried: 0 })
  })
})

const ofResources = { match: 'ResourceGraph', method: 'POST', body: 'resources\\n| project id' } as const

/** Ids as they came, and the notes of what is listed. */
async function inventoryOf(inventory: AsyncGenerator<InventoryPage>) {
  const pages = await allPages(inventory)
  return { ids: pages.flatMap((page) => (page.kind === 'page' ? page.resources.map(({ id }) => id) : [])), listed: pages.flatMap((page) => (page.kind === 'listed' ? [page] : [])) }
}

async function allPages(inventory: AsyncGenerator<InventoryPage>): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = []
  for await (const page of inventory) pages.push(page)
  return pages
}
