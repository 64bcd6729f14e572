import { z } from 'zod'
import { toResourceKey, type ResourceKey } from '../domain/arm-id'
import type { DnsHost, FlowLog, VirtualNetwork } from '../domain/network'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { dnsHostsQuery, flowLogsQuery, networksQuery, ownServersQuery } from './network-queries'
import { flag, number, text, texts } from './shape'
import type { Wire } from './wire/wire'

export interface NetworkRow extends Omit<VirtualNetwork, 'ownServers'> {
  id: string
}

/** A network interface with DNS servers of its own. */
export interface OwnServersRow {
  id: string
  dnsServers: string[]
  networks: ResourceKey[]
}

const reference = z.object({ id: text }).nullish().transform((value) => value?.id ?? null)

/** Azure writes what a thing is made of under `properties`, once for each. */
function partsOf<T>(properties: z.ZodType<T>): z.ZodType<{ name: string | null; properties: T }[]> {
  return z.array(z.object({ name: text, properties })).nullish().transform((list) => list ?? [])
}

const delegation = z.object({ serviceName: text }).nullish()
const subnet = z
  .object({ delegations: partsOf(delegation), networkSecurityGroup: reference })
  .nullish()
  .transform((value) => ({
    delegations: (value?.delegations ?? []).flatMap(({ name, properties }) => properties?.serviceName ?? name ?? []),
    networkSecurityGroupId: value?.networkSecurityGroup ?? null,
  }))
const peering = z.object({ remoteVirtualNetwork: reference, peeringState: text }).nullish()

const network = z
  .object({ id: z.string().min(1), dnsServers: texts, peerings: partsOf(peering), subnets: partsOf(subnet) })
  .transform((row): NetworkRow => ({
    id: row.id,
    dnsServers: row.dnsServers,
    // One that the other side has not answered, or has taken back, carries nothing.
    peerIds: row.peerings.flatMap(({ properties }) => (properties?.peeringState?.toLowerCase() ?? 'connected') === 'connected' ? (properties?.remoteVirtualNetwork ?? []) : []),
    subnets: row.subnets.map(({ name, properties }) => ({ name: name ?? '', ...properties })),
  }))

const ipConfiguration = z.object({ privateIPAddress: text, subnet: reference }).nullish()
const networkInterface = z.object({ id: z.string().min(1), location: text, dnsServers: texts, ipConfigurations: partsOf(ipConfiguration) })

const ownServers = networkInterface.transform((row): OwnServersRow => ({
  id: row.id,
  dnsServers: row.dnsServers,
  networks: row.ipConfigurations.flatMap(({ properties }) => (properties?.subnet ? toResourceKey(networkOfSubnet(properties.subnet)) : [])),
}))

const hosts = networkInterface.transform((row): DnsHost | null => {
  const first = row.ipConfigurations[0]?.properties
  if (!first?.privateIPAddress || !first.subnet) return null
  return { id: row.id, location: row.location ?? '', address: first.privateIPAddress, networkId: networkOfSubnet(first.subnet) }
})

const flowLog = z
  .object({
    id: z.string().min(1),
    targetId: text,
    storageId: text,
    enabled: flag,
    retention: z.object({ enabled: flag, days: number }).nullish(),
    filter: text,
    recordTypes: text,
    analytics: z.object({ enabled: flag, workspaceResourceId: text, trafficAnalyticsInterval: number }).nullish(),
  })
  .transform((row): FlowLog => ({
    id: row.id,
    targetId: row.targetId ?? '',
    storageId: row.storageId,
    enabled: row.enabled === true,
    // Switched off or 0 days: the flow log deletes nothing.
    retentionDays: row.retention?.enabled === true ? (row.retention.days ?? 0) : 0,
    ...(row.filter !== null && row.filter.trim() !== '' && { filter: row.filter }),
    ...(row.recordTypes !== null && row.recordTypes.trim() !== '' && { recordTypes: row.recordTypes }),
    trafficAnalytics: row.analytics?.enabled === true ? { workspaceId: row.analytics.workspaceResourceId, intervalMinutes: row.analytics.trafficAnalyticsInterval } : null,
  }))

const networkPage = graphPageOf(network)
const ownServersPage = graphPageOf(ownServers)
const hostPage = graphPageOf(hosts)
const flowLogPage = graphPageOf(flowLog)

/** The network that a subnet's id names. */
export function networkOfSubnet(subnetId: string): string {
  return subnetId.replace(/\/subnets\/[^/]*$/i, '')
}

/** The virtual networks of some subscriptions. */
export function readNetworks(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<NetworkRow>> {
  return readGraphTable(wire, subscriptionIds, { query: networksQuery, page: networkPage, action: 'Microsoft.Network/virtualNetworks/read' })
}

/** The network interfaces that name DNS servers of their own. */
export function readOwnServers(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<OwnServersRow>> {
  return readGraphTable(wire, subscriptionIds, { query: ownServersQuery, page: ownServersPage, action: interfacesRead })
}

const interfacesRead = 'Microsoft.Network/networkInterfaces/read'
/** Addresses named in one query. */
const addressesAtOnce = 200

/**
 * The network interfaces that have one of these addresses. What is not an address is left out.
 * @param wanted whether one is kept: many networks of a large tenant may use the same few addresses.
 */
export async function readDnsHosts(wire: Wire, subscriptionIds: readonly string[], addresses: readonly string[], wanted: (host: DnsHost) => boolean): Promise<GraphTable<DnsHost>> {
  const asked = [...new Set(addresses)].filter((address) => /^[\da-f.:]+$/i.test(address)).toSorted()
  const all: GraphTable<DnsHost> = { rows: [], failures: new Map() }
  for (let at = 0; at < asked.length; at += addressesAtOnce) {
    const query = dnsHostsQuery(asked.slice(at, at + addressesAtOnce))
    const table = await readGraphTable(wire, subscriptionIds, { query, page: hostPage, action: interfacesRead, wanted: (row) => row !== null && wanted(row) })
    for (const row of table.rows) if (row !== null) all.rows.push(row)
    for (const [subscriptionId, failure] of table.failures) all.failures.set(subscriptionId, failure)
  }
  return all
}

/** The flow logs of some subscriptions, of networks and of security groups. */
export function readFlowLogs(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<FlowLog>> {
  return readGraphTable(wire, subscriptionIds, { query: flowLogsQuery, page: flowLogPage, action: 'Microsoft.Network/networkWatchers/flowLogs/read' })
}
