import { afterEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant, type GraphRow, type SimulatedTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

async function start(simulated: SimulatedTenant): Promise<ScannedTenant> {
  tenant = await startScannedTenant(simulated)
  return tenant
}

async function findingsOf(running: ScannedTenant, scope = {}): Promise<FindingRow[]> {
  const { scanId } = await running.scan({ scope })
  return running.findings(scanId)
}

function fail(what: string): never {
  throw new Error(what)
}

const unseen = '99999999-9999-4999-8999-999999999999'
const idsOf = (simulated: SimulatedTenant, type: string): string[] => simulated.rows('resources').filter((row) => row.type === type).map((row) => row.id)
const of = (rows: readonly FindingRow[], check: string): FindingRow[] => rows.filter((row) => row.check === check)

describe('DNS queries', () => {
  it('are judged for every network, with every verdict and by every kind of resolver between them', async () => {
    const simulated = generateTenant({ resources: 1200, seed: 1 })
    const rows = of(await findingsOf(await start(simulated)), 'vnet-dns-query-logs')
    expect(new Set(rows.map((row) => toResourceKey(row.resourceId)))).toEqual(new Set(idsOf(simulated, 'microsoft.network/virtualnetworks').map(toResourceKey)))
    expect(new Set(rows.map((row) => row.verdict))).toEqual(new Set(['pass', 'fail', 'unknown', 'not-applicable']))
    for (const words of ['No DNS security policy is linked', 'of the firewall afw-hub-weu', 'DNS security policy dnspol-hub', 'a server of the customer’s', 'no firewall, private resolver or network interface in sight']) {
      expect(rows.some((row) => row.reason.includes(words)), words).toBe(true)
    }
  })

  it('are logged by a policy of another subscription, also when a scan leaves that one out', async () => {
    const simulated = generateTenant({ resources: 600, seed: 1 })
    const running = await start(simulated)
    const whole = of(await findingsOf(running), 'vnet-dns-query-logs')
    const passing = whole.find((row) => row.verdict === 'pass' && row.reason.includes('dnspol-hub') && row.subscriptionId !== simulated.subscriptions[0]?.subscriptionId)
    if (passing?.subscriptionId === undefined || passing.subscriptionId === null) throw new Error('the generated tenant should have a network that is linked to the hub’s policy')
    for (const id of idsOf(simulated, 'microsoft.network/dnsresolverpolicies')) simulated.setDiagnosticSettings(id, [])
    const scoped = of(await findingsOf(running, { subscriptions: [passing.subscriptionId] }), 'vnet-dns-query-logs')
    expect(scoped.find((row) => row.resourceId === passing.resourceId)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('there is no diagnostic setting') })
  })

  it('are unknown, not failed, where the cloud does not know DNS security policies', async () => {
    const simulated = generateTenant({ resources: 300, seed: 4 })
    for (const id of idsOf(simulated, 'microsoft.network/dnsresolverpolicies')) simulated.removeResource(id)
    for (const { id } of simulated.subscriptions) {
      simulated.setAnswer('network-provider', id, { status: 200, body: { namespace: 'Microsoft.Network', resourceTypes: [{ resourceType: 'virtualNetworks', locations: ['China East 2'] }] } })
    }
    const rows = of(await findingsOf(await start(simulated)), 'vnet-dns-query-logs').filter((row) => JSON.stringify(row.evidence).includes('policiesInSight'))
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(rows.map((row) => `${row.verdict} ${row.reasonCode ?? ''}`))).toEqual(new Set(['unknown unsupported']))
  })

  it('that go to an address which many networks use are judged by the server that is reached, and only those servers are kept', async () => {
    const simulated = generateTenant({ resources: 200, seed: 4 })
    const like = (type: string): GraphRow => simulated.rows('resources').find((row) => row.type === type) ?? fail(`the generated tenant should have ${type}`)
    const [network, card] = [like('microsoft.network/virtualnetworks'), like('microsoft.network/networkinterfaces')]
    const group = `/subscriptions/${network.subscriptionId}/resourceGroups/rg-dns/providers/Microsoft.Network`
    const networkId = (name: string) => `${group}/virtualNetworks/${name}`
    const add = (row: GraphRow, id: string, properties: GraphRow['properties']) => simulated.addResource({ ...row, id, name: id.split('/').at(-1) ?? '', subscriptionId: network.subscriptionId, resourceGroup: 'rg-dns', properties })
    const addNetwork = (name: string, dnsServers: string[], peers: string[]) => add(network, networkId(name), {
      dhcpOptions: { dnsServers }, subnets: [{ name: 'default', properties: {} }], virtualNetworkPeerings: peers.map((peer) => ({ name: peer, properties: { peeringState: 'Connected', remoteVirtualNetwork: { id: networkId(peer) } } })),
    })
    addNetwork('asker', ['192.0.2.77'], ['near'])
    addNetwork('lonely', ['192.0.2.77'], [])
    for (const name of ['far-1', 'far-2', 'far-3', 'near']) {
      if (name !== 'near') addNetwork(name, [], [])
      else addNetwork(name, [], ['asker'])
      add(card, `${group}/networkInterfaces/nic-${name}`, { ipConfigurations: [{ name: 'ip', properties: { privateIPAddress: '192.0.2.77', subnet: { id: `${networkId(name)}/subnets/default` } } }] })
    }
    const running = await start(simulated)
    const rows = of(await findingsOf(running), 'vnet-dns-query-logs')
    const reasonOf = (name: string) => rows.find((row) => row.resourceId === networkId(name))?.reason
    expect(reasonOf('asker')).toContain('a server of the customer’s in near')
    expect(reasonOf('lonely')).toContain('nic-far-1, in a network that is not peered with this one')
    const stored = await running.database.fact.findFirstOrThrow({ where: { source: 'name-resolution' } })
    const hosts = (stored.content as { hosts: { id: string; address: string }[] }).hosts.filter(({ address }) => address === '192.0.2.77')
    expect(hosts.map(({ id }) => id.split('/').at(-1))).toEqual(['nic-far-1', 'nic-near'])
  })

  it('are found by ARM where Resource Graph lists no policy', async () => {
    const simulated = generateTenant({ resources: 600, seed: 1 })
    const running = await start(simulated)
    const before = of(await findingsOf(running), 'vnet-dns-query-logs')
    const [policy] = idsOf(simulated, 'microsoft.network/dnsresolverpolicies').filter((id) => id.endsWith('-weu'))
    const row = simulated.row(policy ?? '')
    const links = simulated.read('dns-links', policy ?? '')
    if (row === undefined || links === undefined) throw new Error('the generated tenant should have a policy in westeurope')
    for (const id of idsOf(simulated, 'microsoft.network/dnsresolverpolicies')) simulated.removeResource(id)
    // Out of the table, so that only ARM knows it.
    simulated.addResource(row, 'computeresources')
    simulated.setAnswer('dns-policies', `/subscriptions/${row.subscriptionId}`, { status: 200, body: { value: [{ id: row.id, location: row.location }] } })
    simulated.setAnswer('dns-links', row.id, links)
    const after = of(await findingsOf(running), 'vnet-dns-query-logs')
    const passedBy = (rows: readonly FindingRow[]) => rows.filter((each) => each.verdict === 'pass' && each.reason.includes('dnspol-hub-weu')).map((each) => each.resourceId).sort()
    expect(passedBy(before).length).toBeGreaterThan(0)
    expect(passedBy(after)).toEqual(passedBy(before))
  })

  it('are unknown where sight of the policy’s subscription is lost', async () => {
    const simulated = generateTenant({ resources: 600, seed: 1 })
    const running = await start(simulated)
    await findingsOf(running)
    const [platform] = simulated.subscriptions
    simulated.hideSubscription(platform?.subscriptionId ?? '')
    const rows = of(await findingsOf(running), 'vnet-dns-query-logs')
    expect(rows.filter((row) => row.verdict === 'fail')).toEqual([])
    expect(rows.filter((row) => row.verdict === 'unknown').map((row) => row.reasonCode)).toContain('permission-denied')
  })
})

describe('flow logs', () => {
  it('are judged of each network, and each by itself', async () => {
    const simulated = generateTenant({ resources: 600, seed: 2, subscriptions: 12 })
    const logs = idsOf(simulated, 'microsoft.network/networkwatchers/flowlogs')
    const change = (index: number, over: GraphRow['properties']): void => {
      const id = logs[index] ?? ''
      simulated.updateResource(id, { properties: { ...simulated.row(id)?.properties, enabled: true, ...over } })
    }
    change(0, { storageId: `/subscriptions/${unseen}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st` })
    change(1, { retentionPolicy: { enabled: true, days: 7 }, flowAnalyticsConfiguration: {} })
    change(2, { enabled: false })
    change(3, { retentionPolicy: { enabled: true, days: 90 } })
    const rows = await findingsOf(await start(simulated))
    const networks = of(rows, 'vnet-flow-logs')
    expect(new Set(networks.map((row) => toResourceKey(row.resourceId)))).toEqual(new Set(idsOf(simulated, 'microsoft.network/virtualnetworks').map(toResourceKey)))
    expect(new Set(networks.map((row) => row.verdict))).toEqual(new Set(['pass', 'fail', 'unknown']))
    const verdicts = (check: string) => logs.slice(0, 4).map((id) => of(rows, check).find((row) => toResourceKey(row.resourceId) === toResourceKey(id))?.verdict)
    expect(verdicts('flow-log-retention')).toEqual(['unknown', 'fail', 'not-applicable', 'pass'])
    expect(verdicts('traffic-analytics').slice(1, 3)).toEqual(['fail', 'not-applicable'])
    expect(of(rows, 'network-watcher')).toHaveLength(simulated.subscriptions.length)
    expect(of(rows, 'log-storage-immutable').map((row) => row.verdict)).toEqual(expect.arrayContaining(['pass', 'fail']))
  })
})
