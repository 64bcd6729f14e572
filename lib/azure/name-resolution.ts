import { z } from 'zod'
import { toResourceKey, type ResourceKey } from '../domain/arm-id'
import type { DnsFirewall, DnsPolicy, DomainService, InboundEndpoint } from '../domain/network'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { nameResolutionQuery } from './network-queries'
import { networkOfSubnet } from './networks'
import { text, texts } from './shape'
import type { Wire } from './wire/wire'

const reference = z.object({ id: text }).nullish().transform((value) => value?.id ?? null)

/** A firewall writes the address and subnet of a configuration under `properties`, a private resolver does not. */
const address = z.object({ privateIPAddress: text, privateIpAddress: text, subnet: reference })
const ipConfiguration = z
  .object({ ...address.shape, properties: address.nullish() })
  .transform(({ properties, ...own }) => properties ?? own)
  .transform((value) => ({ address: value.privateIPAddress ?? value.privateIpAddress, networkId: value.subnet === null ? null : networkOfSubnet(value.subnet) }))

const row = z.object({
  id: z.string().min(1),
  type: z.string(),
  location: text,
  state: text,
  networkId: text,
  ipConfigurations: z.array(ipConfiguration).nullish().transform((list) => list ?? []),
  hubId: text,
  hubAddress: text,
  policyId: text,
  additionalProperties: z.record(z.string(), z.unknown()).nullish(),
  dnsSettings: z.object({ enableProxy: z.boolean().nullish() }).nullish(),
  basePolicyId: text,
  replicaSets: z.array(z.object({ domainControllerIpAddress: texts })).nullish().transform((list) => list ?? []),
})

export type ResolutionRow = z.infer<typeof row>

const page = graphPageOf(row)

/** Firewalls with their policies, private resolvers, DNS security policies with their links, and Entra Domain Services. */
export function readResolutionRows(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<ResolutionRow>> {
  return readGraphTable(wire, subscriptionIds, { query: nameResolutionQuery, page, action: 'Microsoft.Network/dnsResolverPolicies/read' })
}

export interface ResolutionParts {
  /** `links` is null where Resource Graph lists none: it may not know the type. */
  policies: DnsPolicy[]
  firewalls: DnsFirewall[]
  inboundEndpoints: InboundEndpoint[]
  domainServices: DomainService[]
}

/** Puts children to their parents; sorted by id, so that the order of Resource Graph changes nothing. */
export function toResolutionParts(rows: readonly ResolutionRow[]): ResolutionParts {
  const byType = Map.groupBy([...new Map(rows.map((each) => [toResourceKey(each.id), each])).values()], ({ type }) => type.toLowerCase())
  const of = (type: string): ResolutionRow[] => (byType.get(type) ?? []).toSorted((a, b) => (toResourceKey(a.id) < toResourceKey(b.id) ? -1 : 1))
  const firewallPolicies = new Map(of('microsoft.network/firewallpolicies').map((each) => [toResourceKey(each.id), each]))
  const links = Map.groupBy(of('microsoft.network/dnsresolverpolicies/virtualnetworklinks'), ({ id }) => parentKey(id))
  const resolvers = new Map(of('microsoft.network/dnsresolvers').map((each) => [toResourceKey(each.id), each.networkId]))
  return {
    policies: of('microsoft.network/dnsresolverpolicies').map(({ id, location }) => ({
      id,
      location: location ?? '',
      links: links.get(toResourceKey(id))?.flatMap(({ networkId, state }) => (networkId === null ? [] : [{ networkId, state }])) ?? null,
    })),
    firewalls: of('microsoft.network/azurefirewalls').map((each) => toFirewall(each, firewallPolicies)),
    inboundEndpoints: of('microsoft.network/dnsresolvers/inboundendpoints').map((each) => ({
      id: each.id,
      location: each.location ?? '',
      addresses: addressesOf(each),
      networkId: each.ipConfigurations.find(({ networkId }) => networkId !== null)?.networkId ?? resolvers.get(parentKey(each.id)) ?? null,
    })),
    domainServices: of('microsoft.aad/domainservices').map(({ id, replicaSets }) => ({ id, addresses: replicaSets.flatMap((set) => set.domainControllerIpAddress) })),
  }
}

function parentKey(id: string): ResourceKey {
  return toResourceKey(id.split('/').slice(0, -2).join('/'))
}

function addressesOf({ ipConfigurations }: ResolutionRow): string[] {
  return ipConfigurations.flatMap((each) => each.address ?? [])
}

function toFirewall(each: ResolutionRow, policies: ReadonlyMap<string, ResolutionRow>): DnsFirewall {
  return {
    id: each.id,
    location: each.location ?? '',
    addresses: [...addressesOf(each), ...(each.hubAddress === null ? [] : [each.hubAddress])],
    networkIds: [...new Set(each.ipConfigurations.flatMap(({ networkId }) => networkId ?? []))],
    hubId: each.hubId,
    policyId: each.policyId,
    proxy: each.policyId === null ? classicProxy(each) : proxyOf(each.policyId, policies),
  }
}

/** A firewall without a policy keeps the setting among its additional properties, as text. */
function classicProxy({ additionalProperties }: ResolutionRow): 'on' | 'off' {
  const value = Object.entries(additionalProperties ?? {}).find(([name]) => name.toLowerCase() === 'network.dns.enableproxy')?.[1]
  return String(value).toLowerCase() === 'true' ? 'on' : 'off'
}

const parentsMax = 5

/** A policy that says nothing of DNS may take its parent's word for it, which Azure does not tell. */
function proxyOf(policyId: string, policies: ReadonlyMap<string, ResolutionRow>, depth = 0): DnsFirewall['proxy'] {
  const policy = policies.get(toResourceKey(policyId))
  if (policy === undefined || depth > parentsMax) return 'unclear'
  if (policy.dnsSettings) return policy.dnsSettings.enableProxy === true ? 'on' : 'off'
  if (policy.basePolicyId === null) return 'off'
  return proxyOf(policy.basePolicyId, policies, depth + 1) === 'off' ? 'off' : 'unclear'
}
