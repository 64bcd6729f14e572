import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { DnsFirewall, DnsHost, DnsPolicy, DomainService, InboundEndpoint, NameResolution } from '@/lib/domain/network'
import { unreadJudgement } from '../unread'
import { dnsPermissions } from './mappings'

/** Who answers on an address. */
export type Answerer =
  | { kind: 'firewall'; firewall: DnsFirewall; networks: readonly ResourceKey[] }
  | { kind: 'endpoint'; endpoint: InboundEndpoint; networks: readonly ResourceKey[] }
  | { kind: 'domain-service'; service: DomainService; networks: readonly ResourceKey[] }
  | { kind: 'host'; host: DnsHost; networks: readonly ResourceKey[] }

export interface Resolvers {
  resolution: NameResolution
  /** By network. A network has one policy at most. */
  links: ReadonlyMap<ResourceKey, { policy: DnsPolicy; state: string | null }>
  policies: ReadonlyMap<ResourceKey, DnsPolicy>
  firewalls: ReadonlyMap<ResourceKey, DnsFirewall>
  /** In the order in which they are asked. Networks that are not joined may use one address twice. */
  byAddress: ReadonlyMap<string, readonly Answerer[]>
}

/** One index for the whole scan: every part of the estate is judged by the same read. */
const indexes = new WeakMap<NameResolution, Resolvers>()

/** What resolves names over the whole tenant; or why that is not known. */
export function resolversOf(context: CheckContext): Resolvers | { judgement: ReturnType<typeof unreadJudgement> } {
  const read = context.estate.fact(`/tenants/${context.estate.tenantId}`, 'name-resolution')
  if (!read?.ok) return { judgement: unreadJudgement('What resolves names in the tenant', read, dnsPermissions.policies) }
  const known = indexes.get(read.value)
  if (known) return known
  const made = toIndex(read.value)
  indexes.set(read.value, made)
  return made
}

function toIndex(resolution: NameResolution): Resolvers {
  const { policies, firewalls } = resolution
  const links = new Map<ResourceKey, { policy: DnsPolicy; state: string | null }>()
  for (const policy of policies) {
    for (const { networkId, state } of policy.links ?? []) if (state?.toLowerCase() !== 'deleting') links.set(toResourceKey(networkId), { policy, state })
  }
  const byAddress = new Map<string, Answerer[]>()
  for (const [address, answerer] of answerers(resolution)) {
    const known = byAddress.get(address)
    if (known === undefined) byAddress.set(address, [answerer])
    else known.push(answerer)
  }
  return {
    resolution,
    links,
    policies: new Map(policies.map((policy) => [toResourceKey(policy.id), policy])),
    firewalls: new Map(firewalls.map((firewall) => [toResourceKey(firewall.id), firewall])),
    byAddress,
  }
}

function answerers({ firewalls, inboundEndpoints, domainServices, hosts }: NameResolution): [string, Answerer][] {
  const keys = (ids: readonly (string | null)[]): ResourceKey[] => ids.flatMap((id) => (id === null ? [] : toResourceKey(id)))
  return [
    ...firewalls.flatMap((firewall) => firewall.addresses.map((address): [string, Answerer] => [address, { kind: 'firewall', firewall, networks: keys(firewall.networkIds) }])),
    ...inboundEndpoints.flatMap((endpoint) => endpoint.addresses.map((address): [string, Answerer] => [address, { kind: 'endpoint', endpoint, networks: keys([endpoint.networkId]) }])),
    ...domainServices.flatMap((service) => service.addresses.map((address): [string, Answerer] => [address, { kind: 'domain-service', service, networks: [] }])),
    ...hosts.map((host): [string, Answerer] => [host.address, { kind: 'host', host, networks: keys([host.networkId]) }]),
  ]
}
