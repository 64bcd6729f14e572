import { toResourceKey } from '@/lib/domain/arm-id'
import type { GraphRow } from '../graph-row'
import { jsonAt, type JsonObject } from '../json'
import { regions } from './company'
import type { Estate, Group, SubscriptionPlan } from './estate'

const hubName = 'vnet-hub-weu'
const firewallAddress = '10.0.1.4'
const inboundAddress = '10.0.2.4'
/** In a range that is kept for documentation: a server of a data centre. */
const onPremises = '192.0.2.53'

/** The hub: a firewall that is a DNS proxy, a private resolver, the ways in, and one DNS security policy for each region. */
export function connectivity(estate: Estate, plan: SubscriptionPlan): GraphRow[] {
  const group = estate.group(plan, 'rg-connectivity-hub-weu', plan.region)
  const hub = estate.row(group, 'Microsoft.Network/virtualNetworks', hubName, {
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [subnet('AzureFirewallSubnet'), subnet('GatewaySubnet'), subnet('snet-dns-inbound', 'Microsoft.Network/dnsResolvers'), subnet('snet-management')],
      virtualNetworkPeerings: [],
    },
  })
  const policy = estate.row(group, 'Microsoft.Network/firewallPolicies', 'afwp-hub-weu', {
    properties: { dnsSettings: { servers: [], enableProxy: true } },
  })
  const firewall = estate.row(group, 'Microsoft.Network/azureFirewalls', 'afw-hub-weu', {
    properties: {
      sku: { name: 'AZFW_VNet', tier: 'Premium' },
      firewallPolicy: { id: policy.id },
      ipConfigurations: [{ name: 'ipconfig1', properties: { privateIPAddress: firewallAddress, subnet: { id: `${hub.id}/subnets/AzureFirewallSubnet` } } }],
    },
  })
  const gateway = estate.row(group, 'Microsoft.Network/virtualNetworkGateways', 'vgw-hub-weu', {
    properties: { gatewayType: 'Vpn', vpnType: 'RouteBased' },
  })
  const bastion = estate.row(group, 'Microsoft.Network/bastionHosts', 'bas-hub-weu', { sku: { name: 'Standard' } })
  const resolver = estate.row(group, 'Microsoft.Network/dnsResolvers', 'dnspr-hub-weu', {
    properties: { virtualNetwork: { id: hub.id }, dnsResolverState: 'Connected' },
  })
  const inbound = estate.row(group, 'Microsoft.Network/dnsResolvers/inboundEndpoints', 'dnspr-hub-weu/in', {
    properties: { ipConfigurations: [{ subnet: { id: `${hub.id}/subnets/snet-dns-inbound` }, privateIpAddress: inboundAddress, privateIpAllocationMethod: 'Dynamic' }] },
  })
  const policies = regions.map((region) =>
    estate.row(group, 'Microsoft.Network/dnsResolverPolicies', `dnspol-hub-${region.short}`, { location: region.name }),
  )
  return [
    hub,
    policy,
    firewall,
    address(estate, group, 'pip-afw-hub-weu'),
    gateway,
    address(estate, group, 'pip-vgw-hub-weu'),
    bastion,
    address(estate, group, 'pip-bas-hub-weu'),
    ...policies,
    resolver,
    inbound,
  ]
}

function address(estate: Estate, group: Group, name: string): GraphRow {
  return estate.row(group, 'Microsoft.Network/publicIPAddresses', name, {
    sku: { name: 'Standard', tier: 'Regional' },
    properties: { publicIPAllocationMethod: 'Static' },
  })
}

/** A subnet, given to a service or not. */
function subnet(name: string, service?: string): JsonObject {
  return { name, properties: { delegations: service === undefined ? [] : [{ name: 'delegation', properties: { serviceName: service } }] } }
}

/** Says for each network which servers it asks for names; those that ask the hub are peered with it. */
export function joinNetworks(estate: Estate): void {
  const hub = estate.resources.find((row) => row.type === 'microsoft.network/virtualnetworks' && row.name === hubName)
  const has = (type: string): boolean => estate.resources.some((row) => row.type === type && row.resourceGroup === hub?.resourceGroup)
  const firewall = has('microsoft.network/azurefirewalls')
  const resolver = has('microsoft.network/dnsresolvers/inboundendpoints')
  const cards = Map.groupBy(
    estate.resources.filter((row) => row.type === 'microsoft.network/networkinterfaces'),
    (row) => networkOf(row),
  )
  for (const network of estate.resources) {
    if (network.type !== 'microsoft.network/virtualnetworks' || network === hub) continue
    const key = toResourceKey(network.id)
    const draw = estate.draw('dns', key)
    const [card] = cards.get(key) ?? []
    const servers = hub === undefined || !firewall ? [] : serversFor(draw, resolver, card)
    const peered = servers.some((server) => server.startsWith('10.0.'))
    network.properties = {
      ...network.properties,
      dhcpOptions: { dnsServers: servers },
      virtualNetworkPeerings: hub !== undefined && peered ? [{ name: 'to-hub', properties: { peeringState: 'Connected', remoteVirtualNetwork: { id: hub.id } } }] : [],
    }
  }
}

/** Half ask Azure, most others the hub; a few a domain controller of their own or a data centre. */
function serversFor(draw: number, resolver: boolean, card: GraphRow | undefined): string[] {
  if (draw < 0.5) return []
  if (draw < 0.7) return [firewallAddress]
  if (draw < 0.86) return resolver ? [inboundAddress] : []
  const own = jsonAt(firstConfiguration(card), 'properties', 'privateIPAddress')
  return draw < 0.93 && typeof own === 'string' ? [own] : [onPremises]
}

function firstConfiguration(card: GraphRow | undefined): unknown {
  const list = card?.properties.ipConfigurations
  return Array.isArray(list) ? list[0] : undefined
}

function networkOf(card: GraphRow): string {
  const id = jsonAt(firstConfiguration(card), 'properties', 'subnet', 'id')
  return typeof id === 'string' ? toResourceKey(id.replace(/\/subnets\/[^/]*$/, '')) : ''
}

/** The links of a policy with networks of its region: the hub's, and those of two in three others. */
export function dnsLinks(estate: Estate, policyKey: string, policy: GraphRow): JsonObject[] {
  const networks = estate.resources.filter((row) => row.type === 'microsoft.network/virtualnetworks' && row.location === policy.location)
  return networks
    .filter((network) => network.name === hubName || estate.draw('dns-link', toResourceKey(network.id)) < 0.65)
    .map((network, index) => ({
      id: `${policyKey}/virtualNetworkLinks/link-${index}`,
      name: `link-${index}`,
      type: 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks',
      location: policy.location,
      properties: { provisioningState: 'Succeeded', virtualNetwork: { id: network.id.replace('/resourceGroups/', '/resourcegroups/') } },
    }))
}
