import type { Resource } from '@/lib/domain/estate'
import type { DnsFirewall, DnsPolicy, NameResolution, Subnet, VirtualNetwork } from '@/lib/domain/network'
import type { EstateLiteral } from './estate-builder'
import { idOf, resourceOf, tenantSubjectId } from './literals'

/** A network for tests of checks, its neighbours, and what resolves names for them. */

export const network = resourceOf('Microsoft.Network/virtualNetworks', 'vnet-app')
export const hubNetworkId = idOf('Microsoft.Network/virtualNetworks', 'vnet-hub')
/** A subscription in sight that is not the network's. */
export const elsewhere = '33333333-3333-4333-8333-333333333333'

/** `default`, or `name>Microsoft.Web/serverFarms` for one that is given to a service. */
export function subnetOf(text: string, networkSecurityGroupId: string | null = null): Subnet {
  const [name = '', service] = text.split('>')
  return { name, delegations: service === undefined ? [] : [service], networkSecurityGroupId }
}

export function networkOf(over: Partial<VirtualNetwork> = {}): VirtualNetwork {
  return { dnsServers: [], peerIds: [], subnets: [subnetOf('default')], ownServers: [], ...over }
}

export function policyOf(name: string, linked: readonly string[], over: Partial<DnsPolicy> = {}): DnsPolicy {
  return { id: idOf('Microsoft.Network/dnsResolverPolicies', name), location: 'westeurope', links: linked.map((networkId) => ({ networkId, state: 'Succeeded' })), ...over }
}

export function firewallOf(over: Partial<DnsFirewall> = {}): DnsFirewall {
  return {
    id: idOf('Microsoft.Network/azureFirewalls', 'afw'),
    location: 'westeurope',
    addresses: ['10.0.1.4'],
    networkIds: [hubNetworkId],
    hubId: null,
    policyId: idOf('Microsoft.Network/firewallPolicies', 'afwp'),
    proxy: 'on',
    ...over,
  }
}

export function resolutionOf(over: Partial<NameResolution> = {}): NameResolution {
  return { policies: [], firewalls: [], inboundEndpoints: [], domainServices: [], hosts: [], policyRegions: ['northeurope', 'westeurope'], unread: [], ...over }
}

/** The network `vnet-app`, what resolves names in the tenant, and whatever else. */
export function resolving(own: Partial<VirtualNetwork>, resolution: Partial<NameResolution>, more: EstateLiteral = {}): EstateLiteral {
  return {
    resources: [network],
    networks: { [network.id]: networkOf(own) },
    resolution: { [tenantSubjectId]: resolutionOf(resolution) },
    ...more,
  }
}

export const dnsPolicyResource: Resource = resourceOf('Microsoft.Network/dnsResolverPolicies', 'dnspol')
export const firewallResource: Resource = resourceOf('Microsoft.Network/azureFirewalls', 'afw')
