import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { azurePlatformAddress, type VirtualNetwork } from '@/lib/domain/network'
import { destinationPermissions } from '../destination'
import { remediateQueryLogs } from '../remediation/dns'
import { settingsRead } from '../resource-logging'
import { askNetwork, mayResolve, networkRead, subnetEvidence } from '../virtual-network'
import { judgeServer, type Asker } from './judge-server'
import { dnsLogSource, dnsMappings, dnsPermissions, dnsPolicySource, firewallDnsSource, resolverSource } from './mappings'
import { resolversOf } from './resolvers'

/** Network interfaces in evidence: enough to see which they are. */
const interfacesShown = 10

export const vnetDnsQueryLogs: Check = {
  id: 'vnet-dns-query-logs',
  version: 5,
  keyPoint: 'dns-query-logging',
  title: 'DNS queries of the network are logged',
  question: 'Does whatever resolves names for this virtual network log the queries and send them to a destination that exists?',
  why: 'Malware finds its masters by names, and data leaves inside queries. Without a log of queries nobody can tell which machine asked for a name that turned out to be hostile.',
  severity: 'medium',
  rules: {
    pass: 'Every DNS server of the network logs: Azure’s resolver by a linked DNS security policy that sends DnsResponse; an Azure Firewall with its DNS proxy on that sends AZFWDnsQuery or AzureFirewallDnsProxy; the inbound endpoint of a private resolver by the policy of the resolver’s network.',
    fail: 'One of them does not: no policy is linked, the policy or firewall sends the log nowhere, or the DNS proxy of the firewall is off.',
    notApplicable: 'The network has no subnet, or only subnets of gateways, firewalls, Bastion and services that ask no names for their customer; or a service manages it.',
    unknown: 'A server answers whose log Azure does not show (a machine of the customer’s, Entra Domain Services, something outside Azure), the firewall of a virtual hub answers, whose networks Azure does not name, this cloud or region has no DNS security policies, a subscription that may hold the policy is out of sight, or settings could not be read.',
  },
  sources: [dnsPolicySource, dnsLogSource, firewallDnsSource, resolverSource],
  mappings: dnsMappings,
  permissions: [networkRead, ...Object.values(dnsPermissions), settingsRead, 'Microsoft.Resources/subscriptions/read', ...destinationPermissions],
  asks: ['microsoft.network/virtualnetworks'],

  evaluate(subject, context) {
    const asked = askNetwork(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    return judge(asked.resource, asked.network, context)
  },

  remediate: remediateQueryLogs,
}

function judge(resource: Resource, network: VirtualNetwork, context: CheckContext): Judgement {
  if (network.subnets.length === 0) return { verdict: 'not-applicable', reason: 'The network has no subnet, so nothing in it asks for names.' }
  if (!network.subnets.some(mayResolve)) {
    return { verdict: 'not-applicable', reason: 'Its subnets belong to gateways and services that ask no names for their customer.', evidence: { subnets: subnetEvidence(network) } }
  }
  const resolvers = resolversOf(context)
  if ('judgement' in resolvers) return resolvers.judgement
  const servers = [...new Set(network.dnsServers.map((server) => server.trim()).filter((server) => server !== ''))]
  const asker: Asker = {
    key: toResourceKey(resource.id),
    name: resource.name,
    location: resource.location,
    reach: new Set([resource.id, ...network.peerIds].map(toResourceKey)),
  }
  const judged = (servers.length === 0 ? [azurePlatformAddress] : servers).map((server) => ({ server, judgement: judgeServer(server, asker, resolvers, context) }))
  const evidence = {
    dnsServers: servers.length === 0 ? 'Azure’s resolver' : servers,
    resolvers: judged.map(({ server, judgement }) => ({ server, verdict: judgement.verdict, ...judgement.evidence })),
    ...ownServersEvidence(network),
  }
  const worst = judged.find(({ judgement }) => judgement.verdict === 'fail') ?? judged.find(({ judgement }) => judgement.verdict === 'unknown')
  if (worst !== undefined) return { ...worst.judgement, evidence }
  const [first] = judged
  const reason = judged.length === 1 && first !== undefined ? first.judgement.reason : `All ${judged.length} DNS servers of the network log their queries to destinations that exist.`
  return { verdict: 'pass', reason, evidence }
}

/** Machines that ask others than the network says: the verdict does not hold for them. */
function ownServersEvidence({ ownServers }: VirtualNetwork): Evidence {
  if (ownServers === null) return { interfacesWithOwnServers: 'unread' }
  if (ownServers.length === 0) return {}
  const shown = ownServers.slice(0, interfacesShown).map(({ id, dnsServers }) => ({ networkInterface: nameOf(id), dnsServers }))
  return { interfacesWithOwnServers: shown, ...(ownServers.length > interfacesShown && { moreInterfaces: ownServers.length - interfacesShown }) }
}
