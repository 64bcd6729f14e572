import { toResourceKey, type ResourceKey } from './arm-id'
import type { ReasonCode } from './verdict'

/** Networks, what resolves names for them and what logs their traffic, as read. */

/** Azure's own resolver, and its platform, have this address inside every virtual network, though it lies in public space. */
export const azurePlatformAddress = '168.63.129.16'

export interface Subnet {
  name: string
  /** Services that the subnet is given to, for example `Microsoft.Web/serverFarms`. */
  delegations: string[]
  networkSecurityGroupId: string | null
}

/** A virtual network, beside what the inventory holds of it. */
export interface VirtualNetwork {
  /** Empty: Azure's own resolver answers. */
  dnsServers: string[]
  /** Networks that this one is peered with, where both sides agree. */
  peerIds: string[]
  subnets: Subnet[]
  /** Network interfaces in it whose own servers overrule the network's; null: they could not be read. */
  ownServers: { id: string; dnsServers: string[] }[] | null
}

/** A DNS security policy. */
export interface DnsPolicy {
  id: string
  location: string
  /** Null: they could not be read, for which there is an entry in `unread`. */
  links: { networkId: string; state: string | null }[] | null
}

export interface DnsFirewall {
  id: string
  location: string
  addresses: string[]
  networkIds: string[]
  /** The virtual hub that it secures, in place of a network. */
  hubId: string | null
  policyId: string | null
  /** `unclear`: its policy is out of sight, or leaves the word to a parent that has the proxy on. */
  proxy: 'on' | 'off' | 'unclear'
}

/** Where a private resolver takes queries. */
export interface InboundEndpoint {
  id: string
  location: string
  addresses: string[]
  networkId: string | null
}

/** Entra Domain Services. */
export interface DomainService {
  id: string
  addresses: string[]
}

/** A network interface that has an address which some network names as its DNS server. */
export interface DnsHost {
  id: string
  location: string
  address: string
  networkId: string
}

/** Something that could not be looked at, and may hold a policy or resolver that is missed. */
export interface UnreadPart {
  /** A subscription or a policy. */
  subject: string
  reason: ReasonCode
  detail: string
  action: string | null
}

/** What resolves names over every subscription in sight: a policy in one may be linked to a network in another. */
export interface NameResolution {
  policies: DnsPolicy[]
  firewalls: DnsFirewall[]
  inboundEndpoints: InboundEndpoint[]
  domainServices: DomainService[]
  hosts: DnsHost[]
  /** Regions (`westeurope`) where this cloud offers DNS security policies, none where it does not know them; null: Azure did not say. */
  policyRegions: string[] | null
  unread: UnreadPart[]
}

export interface FlowLog {
  id: string
  /** A network, a subnet, a network security group or a network interface. */
  targetId: string
  storageId: string | null
  enabled: boolean
  /** Days that the flow log keeps its blobs; 0: it never deletes. */
  retentionDays: number
  /** Which traffic alone it records, as Azure writes it; absent: all. */
  filter?: string
  /** Which states of a flow alone it records, `B,C,E,D` or some of them: begin, continue, end, denied; absent: all. */
  recordTypes?: string
  /** Null: it has none, or it is off. */
  trafficAnalytics: { workspaceId: string | null; intervalMinutes: number | null } | null
}

/** What can log DNS queries by a diagnostic setting of its own. */
export function queryLoggers({ policies, firewalls }: Pick<NameResolution, 'policies' | 'firewalls'>): ResourceKey[] {
  return [...policies, ...firewalls.filter(({ proxy }) => proxy !== 'off')].map(({ id }) => toResourceKey(id))
}
