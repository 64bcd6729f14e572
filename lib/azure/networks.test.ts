import { afterEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '../domain/arm-id'
import type { GraphRow, SimulatedTenant } from '../simulator'
import { parseDnsPolicyRegions } from './dns-policies'
import { toResolutionParts, type ResolutionParts } from './name-resolution'
import { production, sandbox, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const base = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Network`
const vnet = `${base}/virtualNetworks/VNet-1`
const hub = `${base}/virtualNetworks/hub`

function add(tenant: SimulatedTenant, id: string, type: string, properties: GraphRow['properties']): void {
  const like = tenant.row(vaultId(production, 0))
  if (like === undefined) throw new Error('the small tenant has vaults')
  tenant.addResource({ ...like, id, name: id.split('/').at(-1) ?? id, type, properties })
}

async function start(rows: [id: string, type: string, properties: GraphRow['properties']][]): Promise<SimulatedAzure> {
  const tenant = smallTenant()
  for (const row of rows) add(tenant, ...row)
  running = await startSimulatedAzure({ tenant })
  return running
}

async function partsOf(rows: [id: string, type: string, properties: GraphRow['properties']][]): Promise<ResolutionParts> {
  const { azure } = await start(rows)
  return toResolutionParts((await azure.readResolutionRows([production, sandbox])).rows)
}

describe('networks', () => {
  it('come with servers, peers and subnets, and without what is not asked for', async () => {
    const { azure } = await start([
      [vnet, 'microsoft.network/virtualnetworks', {
        dhcpOptions: { dnsServers: ['10.0.1.4'] },
        virtualNetworkPeerings: [{ name: 'to-hub', properties: { peeringState: 'Connected', remoteVirtualNetwork: { id: hub } } }, { name: 'half', properties: { peeringState: 'Initiated', remoteVirtualNetwork: { id: `${base}/virtualNetworks/half` } } }],
        subnets: [
          { name: 'default', properties: { delegations: [], networkSecurityGroup: { id: `${base}/networkSecurityGroups/nsg` }, ipConfigurations: [{ id: '/x' }] } },
          { name: 'web', properties: { delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.Web/serverFarms' } }] } },
          { name: 'bare' },
        ],
      }],
      [hub, 'microsoft.network/virtualnetworks', { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } }],
    ])
    expect((await azure.readNetworks([production])).rows).toEqual([
      {
        id: vnet,
        dnsServers: ['10.0.1.4'],
        peerIds: [hub],
        subnets: [
          { name: 'default', delegations: [], networkSecurityGroupId: `${base}/networkSecurityGroups/nsg` },
          { name: 'web', delegations: ['Microsoft.Web/serverFarms'], networkSecurityGroupId: null },
          { name: 'bare', delegations: [], networkSecurityGroupId: null },
        ],
      },
      { id: hub, dnsServers: [], peerIds: [], subnets: [] },
    ])
  })

  it('are told from interfaces with servers of their own, and from those that have an address asked for', async () => {
    const card = (name: string, address: string, dnsServers: string[]): [string, string, GraphRow['properties']] => [
      `${base}/networkInterfaces/${name}`, 'microsoft.network/networkinterfaces',
      { dnsSettings: { dnsServers }, ipConfigurations: [{ name: 'ip', properties: { privateIPAddress: address, subnet: { id: `${vnet}/subnets/default` } } }] },
    ]
    const { azure } = await start([card('plain', '10.1.0.4', []), card('own', '10.1.0.5', ['9.9.9.9'])])
    expect((await azure.readOwnServers([production])).rows).toEqual([{ id: `${base}/networkInterfaces/own`, dnsServers: ['9.9.9.9'], networks: [toResourceKey(vnet)] }])
    expect((await azure.readDnsHosts([production], ['10.1.0.4', '10.1.0.5'], ({ address }) => address !== '10.1.0.4')).rows.map(({ address }) => address)).toEqual(['10.1.0.5'])
    expect((await azure.readDnsHosts([production], ['10.1.0.4', '10.1.0.4', `x'); drop`], () => true)).rows).toEqual([
      { id: `${base}/networkInterfaces/plain`, location: 'westeurope', address: '10.1.0.4', networkId: vnet },
    ])
  })
})

describe('flow logs', () => {
  it('keep retention and traffic analytics only where they are on', async () => {
    const log = (name: string, more: GraphRow['properties']): [string, string, GraphRow['properties']] =>
      [`${base}/networkWatchers/nw/flowLogs/${name}`, 'microsoft.network/networkwatchers/flowlogs', { targetResourceId: vnet, storageId: '/st', enabled: true, ...more }]
    const analytics = { enabled: true, workspaceResourceId: '/ws', trafficAnalyticsInterval: 10 }
    const { azure } = await start([
      log('a', { retentionPolicy: { enabled: true, days: 90 }, flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: analytics } }),
      log('b', { retentionPolicy: { enabled: false, days: 7 }, flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: { ...analytics, enabled: false } } }),
      log('c', { enabled: false, enabledFilteringCriteria: '' }),
      log('d', { enabledFilteringCriteria: 'Action=Deny', recordTypes: '' }),
      log('e', { recordTypes: 'B,E' }),
    ])
    expect((await azure.readFlowLogs([production])).rows.map(({ enabled, retentionDays, trafficAnalytics, filter, recordTypes }) => [enabled, retentionDays, trafficAnalytics, filter, recordTypes])).toEqual([
      [true, 90, { workspaceId: '/ws', intervalMinutes: 10 }, undefined, undefined],
      [true, 0, null, undefined, undefined],
      [false, 0, null, undefined, undefined],
      [true, 0, null, 'Action=Deny', undefined],
      [true, 0, null, undefined, 'B,E'],
    ])
  })
})

describe('what resolves names', () => {
  it('is a firewall whose proxy its policy tells, or its own properties, or nobody', async () => {
    const firewall = (name: string, properties: GraphRow['properties']): [string, string, GraphRow['properties']] => [`${base}/azureFirewalls/${name}`, 'microsoft.network/azurefirewalls', properties]
    const policy = (name: string, properties: GraphRow['properties']): [string, string, GraphRow['properties']] => [`${base}/firewallPolicies/${name}`, 'microsoft.network/firewallpolicies', properties]
    const withPolicy = (name: string): GraphRow['properties'] => ({ firewallPolicy: { id: `${base}/firewallPolicies/${name}`.toUpperCase() } })
    const { firewalls } = await partsOf([
      policy('on', { dnsSettings: { enableProxy: true } }),
      policy('silent', {}),
      policy('child', { basePolicy: { id: `${base}/firewallPolicies/on` } }),
      policy('child-of-silent', { basePolicy: { id: `${base}/firewallPolicies/silent` } }),
      firewall('a', { ...withPolicy('on'), ipConfigurations: [{ name: 'ip', properties: { privateIPAddress: '10.0.1.4', subnet: { id: `${hub}/subnets/AzureFirewallSubnet` } } }] }),
      firewall('b', withPolicy('silent')),
      firewall('c', withPolicy('child')),
      firewall('d', withPolicy('child-of-silent')),
      firewall('e', withPolicy('not-there')),
      firewall('f', { additionalProperties: { 'Network.DNS.EnableProxy': 'true' } }),
      firewall('g', { hubIPAddresses: { privateIPAddress: '10.8.0.4' }, virtualHub: { id: `${base}/virtualHubs/h` } }),
    ])
    expect(firewalls.map(({ proxy }) => proxy)).toEqual(['on', 'off', 'unclear', 'off', 'unclear', 'on', 'off'])
    expect(firewalls[0]).toMatchObject({ addresses: ['10.0.1.4'], networkIds: [hub] })
    expect(firewalls.at(-1)).toMatchObject({ addresses: ['10.8.0.4'], networkIds: [], hubId: `${base}/virtualHubs/h` })
  })

  it('is a private resolver, Entra Domain Services, and policies with those links that Resource Graph lists', async () => {
    const parts = await partsOf([
      [`${base}/dnsResolvers/pr`, 'microsoft.network/dnsresolvers', { virtualNetwork: { id: hub } }],
      [`${base}/dnsResolvers/pr/inboundEndpoints/in`, 'microsoft.network/dnsresolvers/inboundendpoints', { ipConfigurations: [{ privateIpAddress: '10.0.2.4', subnet: { id: `${hub}/subnets/in` } }] }],
      [`${base}/dnsResolvers/pr/inboundEndpoints/bare`, 'microsoft.network/dnsresolvers/inboundendpoints', { ipConfigurations: [{ privateIpAddress: '10.0.2.5' }] }],
      [`/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.AAD/domainServices/corp`, 'microsoft.aad/domainservices', { replicaSets: [{ domainControllerIpAddress: ['10.0.4.4', '10.0.4.5'] }] }],
      [`${base}/dnsResolverPolicies/linked`, 'microsoft.network/dnsresolverpolicies', {}],
      [`${base}/dnsResolverPolicies/linked/virtualNetworkLinks/l`, 'microsoft.network/dnsresolverpolicies/virtualnetworklinks', { virtualNetwork: { id: vnet }, provisioningState: 'Succeeded' }],
      [`${base}/dnsResolverPolicies/bare`, 'microsoft.network/dnsresolverpolicies', {}],
    ])
    expect(parts.inboundEndpoints.map(({ addresses, networkId }) => [addresses, networkId])).toEqual([[['10.0.2.5'], hub], [['10.0.2.4'], hub]])
    expect(parts.domainServices.map(({ addresses }) => addresses)).toEqual([['10.0.4.4', '10.0.4.5']])
    expect(parts.policies.map(({ links }) => links)).toEqual([null, [{ networkId: vnet, state: 'Succeeded' }]])
  })
})

describe('DNS security policies by ARM', () => {
  it('are listed with their links, and with the regions that have them', async () => {
    const { azure, simulator } = await start([[`${base}/dnsResolverPolicies/p`, 'microsoft.network/dnsresolverpolicies', {}]])
    const policy = { id: `${base}/dnsResolverPolicies/p`, location: 'westeurope' }
    simulator.tenant.setAnswer('dns-policies', `/subscriptions/${production}`, { status: 200, body: { value: [policy] } })
    simulator.tenant.setAnswer('dns-links', policy.id, { status: 200, body: { value: [{ properties: { virtualNetwork: { id: vnet }, provisioningState: 'Succeeded' } }] } })
    expect(await azure.readDnsPolicies(production)).toEqual({ ok: true, value: [{ ...policy, links: null }] })
    expect(await azure.readDnsPolicyLinks(policy.id)).toEqual({ ok: true, value: [{ networkId: vnet, state: 'Succeeded' }] })
    expect(await azure.readDnsPolicyRegions(production)).toMatchObject({ ok: true, value: expect.arrayContaining(['westeurope', 'eastus2']) })
  })

  it('are of no region where the cloud does not know the type, and of unknown ones where it names none', () => {
    const types = (resourceTypes: unknown[]) => parseDnsPolicyRegions(200, { namespace: 'Microsoft.Network', resourceTypes })
    expect(types([{ resourceType: 'virtualNetworks', locations: ['China East'] }])).toEqual({ ok: true, value: [] })
    expect(types([{ resourceType: 'dnsResolverPolicies' }])).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseDnsPolicyRegions(403, { error: { code: 'AuthorizationFailed', message: 'no' } })).toMatchObject({ ok: false, reason: 'permission-denied' })
  })
})
