import type { CheckContext, Subject } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import type { Subnet, VirtualNetwork } from '@/lib/domain/network'
import { managingService } from './managing-service'
import { unreadJudgement } from './unread'

/** Asked of a virtual network that somebody here answers for; or what to say instead. */
export type NetworkQuestion = { resource: Resource; network: VirtualNetwork } | { judgement: Judgement }

export const networkRead = 'Microsoft.Network/virtualNetworks/read'

/** The virtual network to judge; undefined for every other subject. */
export function askNetwork(subject: Subject, context: CheckContext): NetworkQuestion | undefined {
  if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.network/virtualnetworks') return undefined
  const { resource } = subject
  const owner = managingService(resource)
  if (owner !== null) {
    return { judgement: { verdict: 'not-applicable', reason: `Belongs to the managed resource group of ${owner.name} (${owner.type}), which that service runs.`, evidence: { managedBy: owner.id } } }
  }
  const read = context.estate.fact(subject.id, 'virtual-network')
  if (!read?.ok) return { judgement: unreadJudgement('The virtual network', read, networkRead) }
  return { resource, network: read.value }
}

/** Subnets whose name Azure reserves for a service of its own. */
const reservedSubnets = new Set(['gatewaysubnet', 'azurefirewallsubnet', 'azurefirewallmanagementsubnet', 'azurebastionsubnet', 'routeserversubnet'])

/**
 * Services in a delegated subnet that ask no names for their customer: databases, file shares, network appliances and
 * resolvers. Every other service runs the customer's code, which asks by the network's servers.
 */
const silentServices = new Set([
  'microsoft.network/dnsresolvers',
  'microsoft.network/virtualnetworkgateways',
  'microsoft.network/fpgainstances',
  'microsoft.dbforpostgresql/flexibleservers',
  'microsoft.dbforpostgresql/singleservers',
  'microsoft.dbforpostgresql/serversv2',
  'microsoft.dbformysql/flexibleservers',
  'microsoft.dbformysql/servers',
  'microsoft.dbformysql/serversv2',
  'microsoft.sql/managedinstances',
  'microsoft.netapp/volumes',
  'microsoft.storagepool/diskpools',
  'microsoft.azurecosmosdb/clusters',
  'microsoft.documentdb/cassandraclusters',
  'microsoft.hardwaresecuritymodules/dedicatedhsms',
  'microsoft.servicenetworking/trafficcontrollers',
  'microsoft.baremetal/azurehpc',
  'microsoft.baremetal/azurevmware',
  'paloaltonetworks.cloudngfw/firewalls',
  'nginx.nginxplus/nginxdeployments',
  'qumulo.storage/filesystems',
])

/** Whether something in the subnet may ask names by the network's DNS servers. */
export function mayResolve({ name, delegations }: Subnet): boolean {
  if (reservedSubnets.has(name.toLowerCase())) return false
  return delegations.length === 0 || delegations.some((service) => !silentServices.has(service.toLowerCase()))
}

/** Whether the subnet is neither a gateway's nor given to a service. */
export function isOrdinary({ name, delegations }: Subnet): boolean {
  return name.toLowerCase() !== 'gatewaysubnet' && delegations.length === 0
}

/** Subnets by name and what they are given to, for evidence. */
export function subnetEvidence({ subnets }: VirtualNetwork): { name: string; delegatedTo?: string[] }[] {
  return subnets.map(({ name, delegations }) => ({ name, ...(delegations.length > 0 && { delegatedTo: delegations }) }))
}
