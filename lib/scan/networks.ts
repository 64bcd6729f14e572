import { toResolutionParts, type Azure, type GraphTable, type NetworkRow, type OwnServersRow, type ResolutionParts } from '@/lib/azure'
import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { collected, type Collected, type ReadFailure } from '@/lib/domain/collected'
import type { Resource } from '@/lib/domain/estate'
import { tenantSubject, type Fact, type FactSource, type FactValues } from '@/lib/domain/fact'
import type { DnsHost, FlowLog, NameResolution, UnreadPart, VirtualNetwork } from '@/lib/domain/network'
import { readDnsPolicies, subscriptionsOf, type DnsPolicies } from './dns-policies'

const queryLoggerTypes = new Set(['microsoft.network/dnsresolverpolicies', 'microsoft.network/azurefirewalls'])

export function isNetwork(type: string): boolean {
  return type === 'microsoft.network/virtualnetworks'
}

export function isFlowLog(type: string): boolean {
  return type === 'microsoft.network/networkwatchers/flowlogs'
}

/** What may log DNS queries by a diagnostic setting of its own. */
export function isQueryLogger(type: string): boolean {
  return queryLoggerTypes.has(type)
}

export interface NetworkTables {
  networks: GraphTable<NetworkRow>
  ownServers: GraphTable<OwnServersRow>
  hosts: GraphTable<DnsHost>
  flowLogs: GraphTable<FlowLog>
  resolution: { parts: ResolutionParts; failures: Map<string, ReadFailure> }
  dns: DnsPolicies
}

/**
 * What Resource Graph says of all networks at once, whatever the scan's scope: resolvers, policies and flow logs may lie in any
 * subscription in sight, and what is stored of them serves every network.
 */
export async function readNetworkTables(azure: Azure, scanned: readonly string[], visible: readonly string[]): Promise<NetworkTables> {
  const [networks, ownServers, flowLogs, resolution] = await Promise.all([
    azure.readNetworks(visible),
    azure.readOwnServers(scanned),
    azure.readFlowLogs(visible),
    azure.readResolutionRows(visible),
  ])
  const parts = toResolutionParts(resolution.rows)
  const [hosts, dns] = await Promise.all([
    readHosts(azure, visible, networks.rows, parts),
    readDnsPolicies(azure, parts.policies, subscriptionsOf(networks.rows.map(({ id }) => id)), visible.map((id) => id.toLowerCase())),
  ])
  return { networks, ownServers, hosts, flowLogs, resolution: { parts, failures: resolution.failures }, dns }
}

/** Whose network interface has an address that some network names as its server; Azure's own resolver and what is known already are not asked for. */
async function readHosts(azure: Azure, visible: readonly string[], networks: readonly NetworkRow[], parts: ResolutionParts): Promise<GraphTable<DnsHost>> {
  const known = new Set(['168.63.129.16', ...[...parts.firewalls, ...parts.inboundEndpoints, ...parts.domainServices].flatMap(({ addresses }) => addresses)])
  const asked = networks.flatMap(({ dnsServers }) => dnsServers).filter((address) => !known.has(address))
  return asked.length === 0 ? { rows: [], failures: new Map() } : azure.readDnsHosts(visible, asked)
}

export interface NetworkFactsInput {
  tables: NetworkTables
  tenantId: string
  /** The scanned networks. */
  networks: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  /** Flow logs that the inventory lists. */
  flowLogs: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  /** Subscriptions that nothing can be said of. */
  outOfSight: readonly UnreadPart[]
  readAt: string
}

/** Two facts for each network, one for each flow log, and one for all that resolves names. */
export function networkFacts({ tables, tenantId, networks, flowLogs: listed, outOfSight, readAt }: NetworkFactsInput): Fact[] {
  const facts: Fact[] = []
  const keep = <S extends FactSource>(subject: ResourceKey, source: S, read: Collected<FactValues[S]>): void =>
    void facts.push({ subject, source, subscriptionId: subscriptionIdOf(subject), read, readAt })

  const rows = new Map(tables.networks.rows.map((row) => [toResourceKey(row.id), row]))
  const ownServers = ownServersByNetwork(tables.ownServers.rows)
  const flowLogs = Map.groupBy(byId(tables.flowLogs.rows), ({ targetId }) => toResourceKey(targetId))
  for (const { id, subscriptionId } of networks) {
    const key = toResourceKey(id)
    const subscription = subscriptionId.toLowerCase()
    const row = rows.get(key)
    const failure = tables.networks.failures.get(subscription) ?? (row === undefined ? missedNetwork : undefined)
    const servers = tables.ownServers.failures.has(subscription) ? null : (ownServers.get(key) ?? [])
    keep(key, 'virtual-network', failure ?? collected(toNetwork(row, servers)))
    const logsFailure = tables.flowLogs.failures.get(subscription) ?? failure
    keep(key, 'flow-logs', logsFailure ?? collected(targetsOf(key, row).flatMap((target) => flowLogs.get(target) ?? [])))
  }
  for (const log of byId(tables.flowLogs.rows)) keep(toResourceKey(log.id), 'flow-log', collected(log))
  // What an earlier scan read of them is not what is there now.
  for (const { id, subscriptionId } of listed) {
    const failure = tables.flowLogs.failures.get(subscriptionId.toLowerCase())
    if (failure !== undefined) keep(toResourceKey(id), 'flow-log', failure)
  }
  facts.push({ subject: tenantSubject(tenantId), source: 'name-resolution', subscriptionId: null, read: collected(toNameResolution(tables, outOfSight)), readAt })
  return facts
}

const missedNetwork: ReadFailure = {
  ok: false,
  reason: 'api-error',
  detail: 'Resource Graph listed the network among the resources and not among the networks.',
  status: 200,
  code: null,
  action: null,
}

function toNetwork(row: NetworkRow | undefined, ownServers: VirtualNetwork['ownServers']): VirtualNetwork {
  return { dnsServers: row?.dnsServers ?? [], peerIds: row?.peerIds ?? [], subnets: row?.subnets ?? [], ownServers }
}

/** What a flow log may be set on to see traffic of this network: the network, its subnets and their security groups. */
function targetsOf(key: ResourceKey, row: NetworkRow | undefined): ResourceKey[] {
  const subnets = row?.subnets ?? []
  const groups = subnets.flatMap(({ networkSecurityGroupId }) => networkSecurityGroupId ?? [])
  return [...new Set([key, ...subnets.map(({ name }) => toResourceKey(`${key}/subnets/${name}`)), ...groups.map(toResourceKey)])]
}

function ownServersByNetwork(rows: readonly OwnServersRow[]): Map<ResourceKey, { id: string; dnsServers: string[] }[]> {
  const byNetwork = new Map<ResourceKey, { id: string; dnsServers: string[] }[]>()
  for (const { id, dnsServers, networks } of byId(rows)) {
    for (const network of new Set(networks)) byNetwork.set(network, [...(byNetwork.get(network) ?? []), { id, dnsServers }])
  }
  return byNetwork
}

/** Each once and sorted, since rows come in any order and can come twice. */
function byId<T extends { id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [toResourceKey(row.id), row])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function toNameResolution({ resolution, hosts, dns }: NetworkTables, outOfSight: readonly UnreadPart[]): NameResolution {
  const { firewalls, inboundEndpoints, domainServices } = resolution.parts
  const failed = [...resolution.failures].map(([id, failure]) => unreadPart(`/subscriptions/${id}`, failure))
  const unread = [...outOfSight, ...failed, ...dns.failures.map(({ subject, failure }) => unreadPart(subject, failure))]
  return {
    policies: dns.policies,
    firewalls,
    inboundEndpoints,
    domainServices,
    hosts: byId(hosts.rows),
    policyRegions: dns.regions,
    unread: [...new Map(unread.map((part) => [toResourceKey(part.subject), part])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part),
  }
}

/** Why a part is not known. */
export function unreadPart(subject: string, { reason, detail, action }: ReadFailure): UnreadPart {
  return { subject, reason, detail, action }
}

/** The subscriptions whose networks could not be read, with why. */
export function networkFailures({ networks, ownServers, hosts, flowLogs, resolution, dns }: NetworkTables): [string, ReadFailure][] {
  const asked = dns.failures.map(({ subject, failure }): [string, ReadFailure] => [subscriptionIdOf(subject) ?? '', failure])
  return [...networks.failures, ...ownServers.failures, ...hosts.failures, ...flowLogs.failures, ...resolution.failures, ...asked]
}
