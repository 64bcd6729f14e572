import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { DnsPolicy } from '../domain/network'
import { apiVersions } from './api-versions'
import { unexpectedAnswer } from './errors'
import { armPath, readPages } from './pages'
import { pageOf, parseAnswer, text, texts, type Page } from './shape'
import type { Wire } from './wire/wire'

const policy = z.object({ id: z.string().min(1), location: text }).transform(({ id, location }): DnsPolicy => ({ id, location: location ?? '', links: null }))

const link = z
  .object({ properties: z.object({ virtualNetwork: z.object({ id: z.string() }), provisioningState: text }) })
  .transform(({ properties }) => ({ networkId: properties.virtualNetwork.id, state: properties.provisioningState }))

const policyPage = pageOf(policy)
const linkPage = pageOf(link)

export function parseDnsPolicies(status: number, body: unknown): Collected<Page<DnsPolicy>> {
  return parseAnswer(status, body, policyPage)
}

export function parseDnsPolicyLinks(status: number, body: unknown): Collected<Page<{ networkId: string; state: string | null }>> {
  return parseAnswer(status, body, linkPage)
}

/** The subscription's DNS security policies, without their links. */
export async function readDnsPolicies(wire: Wire, subscriptionId: string): Promise<Collected<DnsPolicy[]>> {
  const path = armPath(`/subscriptions/${subscriptionId}/providers/Microsoft.Network/dnsResolverPolicies`)
  return readPages(wire, wire.get(`${path}?api-version=${apiVersions.dnsPolicies}`), parseDnsPolicies)
}

/** The networks that a policy is linked to. */
export async function readDnsPolicyLinks(wire: Wire, policyId: string): Promise<Collected<NonNullable<DnsPolicy['links']>>> {
  return readPages(wire, wire.get(`${armPath(`${policyId}/virtualNetworkLinks`)}?api-version=${apiVersions.dnsPolicies}`), parseDnsPolicyLinks)
}

const provider = z.object({ resourceTypes: z.array(z.object({ resourceType: z.string(), locations: texts })) })

/** `West Europe` as ids and resources write it. */
function toRegion(displayName: string): string {
  return displayName.replaceAll(/\s/g, '').toLowerCase()
}

/** The regions where the cloud offers DNS security policies; none where it does not know the type. */
export function parseDnsPolicyRegions(status: number, body: unknown): Collected<string[]> {
  const read = parseAnswer(status, body, provider)
  if (!read.ok) return read
  const type = read.value.resourceTypes.find(({ resourceType }) => resourceType.toLowerCase() === 'dnsresolverpolicies')
  if (type?.locations.length === 0) return unexpectedAnswer('Azure names no region of DNS security policies.')
  return collected((type?.locations ?? []).map(toRegion).toSorted())
}

/** Regions (`westeurope`), sorted, where Azure offers DNS security policies to a subscription; none where it does not know them. */
export async function readDnsPolicyRegions(wire: Wire, subscriptionId: string): Promise<Collected<string[]>> {
  const answer = await wire.get(`${armPath(`/subscriptions/${subscriptionId}/providers/Microsoft.Network`)}?api-version=${apiVersions.providers}`)
  return answer.ok ? parseDnsPolicyRegions(answer.value.status, answer.value.body) : answer
}
