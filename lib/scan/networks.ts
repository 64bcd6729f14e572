import { toResolutionParts, type Azure, type GraphTable, type NetworkRow, type OwnServersRow, type ResolutionParts } from '@/lib/azure'
import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { collected, type ReadFailure } from '@/lib/domain/collected'
import type { Resource } from '@/lib/domain/estate'
import { KeySet } from '@/lib/domain/key-set'
import { tenantSubject, type Fact } from '@/lib/domain/fact'
import { azurePlatformAddress, type DnsHost, type FlowLog, type NameResolution, type UnreadPart, type VirtualNetwork } from '@/lib/domain/network'
import { collector } from './collector'
import { readDnsPolicies, type DnsPolicies } from './dns-policies'

const queryLoggerTypes = new Set(['microsoft.network/dnsresolverpolicies', 'microsoft.network/azurefirewalls'])

export const networkType = 'microsoft.network/virtualnetworks'
export const flowLogType = 'microsoft.network/networkwatchers/flowlogs'

/** What may log DNS queries by a diagnostic setting of its own. */
export function isQueryLogger(type: string): boolean {
  return queryLoggerTypes.has(type)
}

/** What Resource Graph says of the networks of some subscriptions. */
export interface NetworkTables {
  networks: GraphTable<NetworkRow>
  ownServers: GraphTable<OwnServersRow>
}

/** What resolves names for all networks in sight. */
export interface ResolutionTables {
  hosts: GraphTable<DnsHost>
  resolution: { parts: ResolutionParts; failures: ReadonlyMap<string, ReadFailure> }
  dns: DnsPolicies
}

/** What some networks name, to be asked for when all are read. */
export class NamedByNetworks {
  /** Addresses of DNS servers. */
  readonly servers = new Set<string>()
  readonly subscriptions = new Set<string>()
  /** Each server with the networks that those who name it reach. */
  private readonly reached = new KeySet()

  /** @param ownServers of the interfaces in these networks. */
  add(rows: readonly NetworkRow[], ownServers: readonly OwnServersRow[]): void {
    const peersOf = new Map(rows.map(({ id, peerIds }) => [toResourceKey(id), peerIds]))
    for (const { id, dnsServers } of rows) {
      for (const address of dnsServers) {
        this.servers.add(address)
        this.reach(address, toResourceKey(id), peersOf)
      }
      const subscriptionId = subscriptionIdOf(id)
      if (subscriptionId !== null) this.subscriptions.add(subscriptionId)
    }
    for (const { dnsServers, networks } of ownServers) for (const address of dnsServers) for (const network of networks) this.reach(address, network, peersOf)
  }

  private reach(address: string, network: ResourceKey, peersOf: ReadonlyMap<ResourceKey, readonly string[]>): void {
    for (const key of [network, ...(peersOf.get(network) ?? [])]) this.reached.add(serverIn(key, address))
  }

  /** True for an interface that some network which names its address reaches. */
  reaches({ address, networkId }: DnsHost): boolean {
    return this.reached.has(serverIn(networkId, address))
  }
}

function serverIn(networkId: string, address: string): ResourceKey {
  return toResourceKey(`${toResourceKey(networkId)}/servers/${address}`)
}

/** Completes what Resource Graph says of resolvers and policies by what the networks name. */
export async function readResolution(azure: Azure, visible: readonly string[], { rows, failures }: Awaited<ReturnType<Azure['readResolutionRows']>>, named: NamedByNetworks): Promise<ResolutionTables> {
  const parts = toResolutionParts(rows)
  const [hosts, dns] = await Promise.all([
    readHosts(azure, visible, named, parts),
    readDnsPolicies(azure, parts.policies, [...named.subscriptions].toSorted(), visible.map((id) => id.toLowerCase())),
  ])
  return { hosts, resolution: { parts, failures }, dns }
}

/**
 * Whose network interface has an address that some network names as its server; Azure's own resolver and what is known already are not asked for. Thousands of networks
 * may use one address: kept are the interfaces that a network which names it reaches, and of each address the first besides, which shows that it is somewhere.
 */
async function readHosts(azure: Azure, visible: readonly string[], named: NamedByNetworks, parts: ResolutionParts): Promise<GraphTable<DnsHost>> {
  const known = new Set([azurePlatformAddress, ...[...parts.firewalls, ...parts.inboundEndpoints, ...parts.domainServices].flatMap(({ addresses }) => addresses)])
  const asked = [...named.servers].filter((address) => !known.has(address))
  if (asked.length === 0) return { rows: [], failures: new Map() }
  const firsts = new Map<string, DnsHost>()
  const { rows, failures } = await azure.readDnsHosts(visible, asked, (host) => {
    const first = firsts.get(host.address)
    if (first === undefined || toResourceKey(host.id) < toResourceKey(first.id)) firsts.set(host.address, host)
    return named.reaches(host)
  })
  return { rows: [...rows, ...firsts.values()], failures }
}

/** Flow logs of all subscriptions in sight, by what they are set on. */
export class FlowLogs {
  private readonly byTarget: ReadonlyMap<ResourceKey, FlowLog[]>
  readonly rows: readonly FlowLog[]
  readonly failures: ReadonlyMap<string, ReadFailure>

  constructor({ rows, failures }: GraphTable<FlowLog>) {
    this.rows = byId(rows)
    this.failures = failures
    this.byTarget = Map.groupBy(this.rows, ({ targetId }) => toResourceKey(targetId))
  }

  of(target: ResourceKey): readonly FlowLog[] {
    return this.byTarget.get(target) ?? []
  }
}

export interface NetworkFactsInput {
  tables: NetworkTables
  flowLogs: FlowLogs
  /** The scanned networks of these subscriptions. */
  networks: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  readAt: string
}

/** Two facts for each network. */
export function networkFacts({ tables, flowLogs, networks, readAt }: NetworkFactsInput): Fact[] {
  const { facts, keep } = collector(readAt)
  const rows = new Map(tables.networks.rows.map((row) => [toResourceKey(row.id), row]))
  const ownServers = ownServersByNetwork(tables.ownServers.rows)
  for (const { id, subscriptionId } of networks) {
    const key = toResourceKey(id)
    const subscription = subscriptionId.toLowerCase()
    const row = rows.get(key)
    const failure = tables.networks.failures.get(subscription) ?? (row === undefined ? missedNetwork : undefined)
    const servers = tables.ownServers.failures.has(subscription) ? null : (ownServers.get(key) ?? [])
    keep(key, 'virtual-network', failure ?? collected(toNetwork(row, servers)))
    const logsFailure = flowLogs.failures.get(subscription) ?? failure
    keep(key, 'flow-logs', logsFailure ?? collected(targetsOf(key, row).flatMap((target) => flowLogs.of(target))))
  }
  return facts
}

/**
 * One fact for each flow log.
 * @param listed flow logs that the inventory lists.
 */
export function flowLogFacts({ rows, failures }: FlowLogs, listed: readonly Pick<Resource, 'id' | 'subscriptionId'>[], readAt: string): Fact[] {
  const { facts, keep } = collector(readAt)
  for (const log of rows) keep(toResourceKey(log.id), 'flow-log', collected(log))
  // What an earlier scan read of them is not what is there now.
  for (const { id, subscriptionId } of listed) {
    const failure = failures.get(subscriptionId.toLowerCase())
    if (failure !== undefined) keep(toResourceKey(id), 'flow-log', failure)
  }
  return facts
}

/**
 * One fact for all that resolves names.
 * @param outOfSight subscriptions that nothing can be said of.
 */
export function resolutionFact(tables: ResolutionTables, tenantId: string, outOfSight: readonly UnreadPart[], readAt: string): Fact {
  return { subject: tenantSubject(tenantId), source: 'name-resolution', subscriptionId: null, read: collected(toNameResolution(tables, outOfSight)), readAt }
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

function toNameResolution({ resolution, hosts, dns }: ResolutionTables, outOfSight: readonly UnreadPart[]): NameResolution {
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

/** The subscriptions of which something that resolves names could not be read, with why. */
export function resolutionFailures({ hosts, resolution, dns }: ResolutionTables): [string, ReadFailure][] {
  const asked = dns.failures.map(({ subject, failure }): [string, ReadFailure] => [subscriptionIdOf(subject) ?? '', failure])
  return [...hosts.failures, ...resolution.failures, ...asked]
}
