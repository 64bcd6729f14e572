import { nameOf, subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { azurePlatformAddress, type DnsFirewall } from '@/lib/domain/network'
import { dnsPermissions } from './mappings'
import { queryLogs } from './query-logs'
import type { Answerer, Resolvers } from './resolvers'

/** A network as far as its queries depend on it. */
export interface Asker {
  key: ResourceKey
  name: string
  location: string
  /** Networks that its machines reach: itself and those that it is peered with. */
  reach: ReadonlySet<ResourceKey>
}

type Unknown = Extract<Judgement, { verdict: 'unknown' }>

/** Whether what a network asks of one DNS server is logged. */
export function judgeServer(server: string, asker: Asker, resolvers: Resolvers, context: CheckContext): Judgement {
  if (server === azurePlatformAddress) return byAzure(asker, resolvers, context)
  const known = resolvers.byAddress.get(server) ?? []
  const near = known.find(({ kind, networks }) => kind === 'domain-service' || networks.some((key) => asker.reach.has(key)))
  if (near !== undefined) return byAnswerer(server, near, resolvers, context)
  for (const answerer of known) {
    const hub = answerer.kind === 'firewall' ? answerer.firewall.hubId : null
    if (hub === null) continue
    return unsupported(`${server} is the address of ${nameIn(answerer)} in the virtual hub ${nameOf(hub)}: whether this network is connected to the hub cannot be told.`, { address: server, perhaps: idIn(answerer), virtualHub: hub })
  }
  const [far] = known
  if (far !== undefined) {
    return unsupported(`${server} is the address of ${nameIn(far)}, in a network that is not peered with this one: whether its queries get there cannot be told.`, { address: server, perhaps: idIn(far) })
  }
  const [unread] = resolvers.resolution.unread
  if (unread !== undefined) {
    return {
      verdict: 'unknown', reasonCode: unread.reason, evidence: { address: server, unread: unread.subject },
      reason: `No firewall, private resolver or network interface in sight has the address ${server}, and ${unread.subject} could not be read.`,
      ...(unread.reason === 'permission-denied' && { permission: unread.action ?? dnsPermissions.firewalls }),
    }
  }
  return unsupported(`${server} is no firewall, private resolver or network interface in sight: whether what answers there logs queries cannot be seen.`, { address: server })
}

/** Azure's own resolver logs by the DNS security policy that is linked to the network. */
function byAzure(asker: Pick<Asker, 'key' | 'name' | 'location'>, resolvers: Resolvers, context: CheckContext): Judgement {
  const link = resolvers.links.get(asker.key)
  if (link === undefined) return notLinked(asker, resolvers, context)
  if (link.state?.toLowerCase() === 'failed') {
    return unsupported(`The link of the DNS security policy ${nameOf(link.policy.id)} to ${asker.name} failed to be made: whether it works cannot be told.`, { policy: link.policy.id, linkState: link.state })
  }
  return queryLogs({ kind: 'policy', id: link.policy.id, location: link.policy.location }, context)
}

function notLinked({ key, name, location }: Pick<Asker, 'key' | 'name' | 'location'>, { resolution }: Resolvers, context: CheckContext): Judgement {
  const { policyRegions, policies, unread } = resolution
  const evidence = { network: key, policiesInSight: policies.length }
  if (policies.length === 0 && (policyRegions?.length === 0 || (policyRegions === null && context.estate.cloud !== 'AzureCloud'))) {
    return unsupported('This cloud does not offer DNS security policies, so that Azure’s resolver cannot log.', evidence)
  }
  const region = regionOf(location)
  // A policy that is there says more than a list that lags behind.
  if (policyRegions !== null && !policyRegions.includes(region) && !policies.some((policy) => regionOf(policy.location) === region)) {
    return unsupported(`DNS security policies are not offered in ${region}, so that Azure’s resolver cannot log.`, evidence)
  }
  const [hidden] = unread
  if (hidden !== undefined) {
    return {
      verdict: 'unknown', reasonCode: hidden.reason, evidence: { ...evidence, unread: unread.slice(0, 10).map(({ subject }) => subject) },
      reason: `No DNS security policy in sight is linked to ${name}, and one may be in ${hidden.subject}, which could not be read.`,
      ...(hidden.reason === 'permission-denied' && { permission: hidden.action ?? dnsPermissions.policies }),
    }
  }
  return { verdict: 'fail', reason: `No DNS security policy is linked to ${name}, so that nothing logs what Azure’s resolver is asked.`, evidence }
}

function regionOf(location: string): string {
  return location.replaceAll(' ', '').toLowerCase()
}

function byAnswerer(server: string, answerer: Answerer, resolvers: Resolvers, context: CheckContext): Judgement {
  switch (answerer.kind) {
    case 'firewall':
      return byFirewall(server, answerer.firewall, context)
    case 'endpoint': {
      const { endpoint } = answerer
      const evidence = { address: server, inboundEndpoint: endpoint.id, networkOfResolver: endpoint.networkId, regionOfResolver: endpoint.location }
      if (endpoint.networkId === null) return unsupported(`${server} is the inbound endpoint ${nameOf(endpoint.id)} of a private resolver, whose network Azure does not name.`, evidence)
      const network = { key: toResourceKey(endpoint.networkId), name: `${nameOf(endpoint.networkId)}, the network of the private resolver`, location: endpoint.location }
      return withEvidence(byAzure(network, resolvers, context), evidence)
    }
    case 'domain-service':
      return unsupported(`${server} is a domain controller of the Entra Domain Services ${nameOf(answerer.service.id)}: they log changes to the DNS server, and no queries.`, { address: server, domainServices: answerer.service.id })
    case 'host': {
      const { host } = answerer
      const network = { key: toResourceKey(host.networkId), name: nameOf(host.networkId), location: host.location }
      const forwarded = byAzure(network, resolvers, context)
      const rest = forwarded.verdict === 'pass'
        ? 'what it forwards to Azure’s resolver is logged, with the server in place of the machine that asked'
        : `and what it forwards is not known to be logged either`
      return unsupported(`${server} is a server of the customer’s in ${network.name}, whose own query log cannot be seen; ${rest}.`, {
        address: server, networkInterface: host.id, network: host.networkId, regionOfResolver: host.location, forwarded: forwarded.verdict,
      })
    }
  }
}

function byFirewall(server: string, firewall: DnsFirewall, context: CheckContext): Judgement {
  const evidence = { address: server, firewall: firewall.id, regionOfResolver: firewall.location, ...(firewall.policyId !== null && { firewallPolicy: firewall.policyId }), dnsProxy: firewall.proxy }
  const name = `the firewall ${nameOf(firewall.id)}`
  if (firewall.proxy === 'off') {
    return { verdict: 'fail', reason: `${server} is ${name}, whose DNS proxy is off: it logs no queries.`, evidence }
  }
  const logs = withEvidence(queryLogs({ kind: 'firewall', id: firewall.id, location: firewall.location }, context), evidence)
  // Without the log it does not matter whether the proxy is on.
  return firewall.proxy === 'on' || logs.verdict !== 'pass' ? logs : unclearProxy(firewall, evidence)
}

/** The verdict where a firewall sends the log and nobody tells whether there is anything in it. */
export function unclearProxy(firewall: DnsFirewall, evidence: Evidence): Unknown {
  const policy = firewall.policyId ?? firewall.id
  return unsupported(`Whether the DNS proxy of the firewall ${nameOf(firewall.id)} is on cannot be told: its policy ${nameOf(policy)} leaves it to a parent, or is not in sight.`, { ...evidence, policy, subscription: subscriptionIdOf(policy) })
}

function unsupported(reason: string, evidence: Evidence): Unknown {
  return { verdict: 'unknown', reasonCode: 'unsupported', reason, evidence }
}

function withEvidence(judgement: Judgement, evidence: Evidence): Judgement {
  return { ...judgement, evidence: { ...evidence, ...judgement.evidence } }
}

function idIn(answerer: Answerer): string {
  switch (answerer.kind) {
    case 'firewall':
      return answerer.firewall.id
    case 'endpoint':
      return answerer.endpoint.id
    case 'domain-service':
      return answerer.service.id
    case 'host':
      return answerer.host.id
  }
}

const kindWords: Record<Answerer['kind'], string> = { firewall: 'the firewall', endpoint: 'the inbound endpoint', 'domain-service': 'the Entra Domain Services', host: 'the network interface' }

function nameIn(answerer: Answerer): string {
  return `${kindWords[answerer.kind]} ${nameOf(idIn(answerer))}`
}
