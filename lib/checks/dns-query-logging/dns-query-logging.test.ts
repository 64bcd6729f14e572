import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { NameResolution } from '@/lib/domain/network'
import { defaultPolicy } from '@/lib/domain/policy'
import { findCheck } from '../list'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, idOf, liveOf, notSupported, refused, settingOf, tenantSubjectId, throttled, unseen, workspaceId, type SettingLiteral } from '../testing/literals'
import { judgedCases, judgementOf, type JudgedCase } from '../testing/judged-cases'
import { dnsPolicyResource, elsewhere, firewallOf, firewallResource, hubNetworkId, network, networkOf, policyOf, resolutionOf, resolving, subnetOf } from '../testing/network-estate'

const vnet = network.id
const policyId = dnsPolicyResource.id
const firewallId = firewallResource.id
const central = workspaceId('central')
const peered = { peerIds: [hubNetworkId] }

const toCentral = (...logs: string[]): SettingLiteral[] => [{ logs, workspace: central }]
const set = (id: string, settings: readonly SettingLiteral[]): EstateLiteral => ({ settings: { [id]: settings.map(settingOf) } })

/** `vnet-app` asks Azure's resolver and is linked to the policy `dnspol`, which has these settings. */
const linked = (settings: SettingLiteral[], more: EstateLiteral = {}): EstateLiteral => resolving({}, { policies: [policyOf('dnspol', [vnet])] }, { ...set(policyId, settings), ...more })
/** `vnet-app` asks the firewall of the hub. */
const behindFirewall = (over: Parameters<typeof firewallOf>[0], settings: SettingLiteral[], own = {}): EstateLiteral =>
  resolving({ dnsServers: ['10.0.1.4'], ...peered, ...own }, { firewalls: [firewallOf(over)] }, set(firewallId, settings))
const endpoint = { id: idOf('Microsoft.Network/dnsResolvers/inboundEndpoints', 'dnspr/in'), location: 'westeurope', addresses: ['10.0.2.4'], networkId: hubNetworkId }
/** `vnet-app` asks the private resolver of the hub. */
const behindEndpoint = (resolution: Partial<NameResolution>, more: EstateLiteral = {}, own = {}): EstateLiteral =>
  resolving({ dnsServers: ['10.0.2.4'], ...peered, ...own }, { inboundEndpoints: [endpoint], ...resolution }, more)
const host = { id: idOf('Microsoft.Network/networkInterfaces', 'dc-01-nic'), location: 'westeurope', address: '10.0.3.4', networkId: hubNetworkId }
const inElsewhere = idOf('Microsoft.Network/dnsResolverPolicies', 'dnspol', elsewhere, 'rg-dns')
const hiddenPart = { subject: `/subscriptions/${unseen}`, reason: 'permission-denied', detail: 'The subscription is not visible to the scanning identity.', action: 'Microsoft.Resources/subscriptions/read' } as const

const azureCases: JudgedCase[] = [
  { because: 'the linked policy sends DnsResponse', estate: linked(toCentral('DnsResponse')), of: vnet, verdict: 'pass', severity: 'medium', says: 'the DNS security policy dnspol' },
  { because: 'allLogs holds DnsResponse', estate: linked(toCentral('group:allLogs')), of: vnet, verdict: 'pass' },
  { because: 'a category is the same in any casing', estate: linked(toCentral('dnsresponse')), of: vnet, verdict: 'pass' },
  { because: 'a storage account that exists is a destination', estate: linked([{ logs: ['DnsResponse'], storage: idOf('Microsoft.Storage/storageAccounts', 'logs') }], { exists: [idOf('Microsoft.Storage/storageAccounts', 'logs')] }), of: vnet, verdict: 'pass' },
  { because: 'the link spells the network in another casing', estate: resolving({}, { policies: [policyOf('dnspol', [vnet.toUpperCase()])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'pass' },
  { because: '168.63.129.16 is Azure’s resolver by address', estate: resolving({ dnsServers: ['168.63.129.16'] }, { policies: [policyOf('dnspol', [vnet])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'pass' },
  { because: 'blank servers are none', estate: resolving({ dnsServers: [' '] }, { policies: [policyOf('dnspol', [vnet])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'pass' },
  { because: 'the policy lies in another subscription', estate: resolving({}, { policies: [policyOf('dnspol', [vnet], { id: inElsewhere })] }, { alsoSeen: [elsewhere], ...set(inElsewhere, toCentral('group:allLogs')) }), of: vnet, verdict: 'pass' },
  { because: 'one of two settings reaches a destination that exists', estate: linked([{ name: 'old', logs: ['DnsResponse'], workspace: workspaceId('old') }, { name: 'new', logs: ['DnsResponse'], workspace: central }]), of: vnet, verdict: 'pass' },
  { because: 'no policy is linked', estate: resolving({}, {}), of: vnet, verdict: 'fail', says: 'No DNS security policy is linked' },
  { because: 'the policy is linked to another network', estate: resolving({}, { policies: [policyOf('dnspol', [hubNetworkId])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'fail', says: 'No DNS security policy is linked' },
  { because: 'the link is being deleted', estate: resolving({}, { policies: [policyOf('dnspol', [], { links: [{ networkId: vnet, state: 'Deleting' }] })] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'fail' },
  { because: 'the link failed to be made', estate: resolving({}, { policies: [policyOf('dnspol', [], { links: [{ networkId: vnet, state: 'Failed' }] })] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the policy has no setting', estate: linked([]), of: vnet, verdict: 'fail', says: 'there is no diagnostic setting' },
  { because: 'the category is switched off', estate: linked(toCentral('-DnsResponse')), of: vnet, verdict: 'fail', says: 'switched off' },
  { because: 'metrics are no queries', estate: linked([{ metrics: 1, workspace: central }]), of: vnet, verdict: 'fail', says: 'metrics alone' },
  { because: 'the workspace is deleted', estate: linked([{ logs: ['DnsResponse'], workspace: workspaceId('old') }]), of: vnet, verdict: 'fail', says: 'no longer exists' },
  { because: 'the workspace is out of sight', estate: linked([{ logs: ['DnsResponse'], workspace: workspaceId('soc', unseen) }]), of: vnet, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the user vouches for a destination out of sight', estate: linked([{ logs: ['DnsResponse'], workspace: workspaceId('soc', unseen) }], { policy: { approvedDestinations: [workspaceId('soc', unseen)] } }), of: vnet, verdict: 'pass' },
  { because: 'the settings of the policy were refused', estate: linked([], { settings: { [policyId]: refused } }), of: vnet, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/diagnosticSettings/read' },
  { because: 'the settings of the policy were never read', estate: linked([], { settings: {} }), of: vnet, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the policy’s subscription is out of sight, so its stored settings are of an earlier scan', estate: resolving({}, { policies: [policyOf('dnspol', [vnet], { id: inElsewhere })] }, set(inElsewhere, toCentral('DnsResponse'))), of: vnet, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the region has no DNS security policies', estate: resolving({}, { policyRegions: ['northeurope'] }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'not offered in westeurope' },
  { because: 'the cloud has no DNS security policies', estate: resolving({}, { policyRegions: [] }, { cloud: 'AzureChinaCloud' }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'This cloud' },
  { because: 'a sovereign cloud does not say whether it has them', estate: resolving({}, { policyRegions: null }, { cloud: 'AzureUSGovernment' }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the public cloud has them in any case', estate: resolving({}, { policyRegions: null }), of: vnet, verdict: 'fail' },
  { because: 'a policy works where the list of regions lags behind', estate: resolving({}, { policyRegions: [], policies: [policyOf('dnspol', [vnet])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'pass' },
  { because: 'a policy may be in a subscription out of sight', estate: resolving({}, { unread: [hiddenPart] }), of: vnet, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Resources/subscriptions/read' },
  { because: 'the links of a policy were throttled', estate: resolving({}, { policies: [policyOf('dnspol', [], { links: null })], unread: [{ subject: policyId, reason: 'throttled', detail: 'Too many requests.', action: null }] }), of: vnet, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'a linked policy is proof enough whatever else is out of sight', estate: resolving({}, { policies: [policyOf('dnspol', [vnet])], unread: [hiddenPart] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'pass' },
  { because: 'what resolves names was never read', estate: { resources: [network], networks: { [vnet]: networkOf() } }, of: vnet, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the network was refused', estate: { resources: [network], networks: { [vnet]: refused }, resolution: { [tenantSubjectId]: resolutionOf() } }, of: vnet, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'Resource Graph failed', estate: { resources: [network], networks: { [vnet]: broken }, resolution: { [tenantSubjectId]: resolutionOf() } }, of: vnet, verdict: 'unknown', reasonCode: 'api-error' },
]

const otherServerCases: JudgedCase[] = [
  { because: 'the firewall logs as a DNS proxy', estate: behindFirewall({}, toCentral('AZFWDnsQuery')), of: vnet, verdict: 'pass', says: 'the firewall afw' },
  { because: 'the older category is as good', estate: behindFirewall({}, toCentral('AzureFirewallDnsProxy')), of: vnet, verdict: 'pass' },
  { because: 'the firewall is in the network itself', estate: behindFirewall({ networkIds: [vnet] }, toCentral('AZFWDnsQuery'), { peerIds: [] }), of: vnet, verdict: 'pass' },
  { because: 'the peering spells the hub in another casing', estate: behindFirewall({}, toCentral('AZFWDnsQuery'), { peerIds: [hubNetworkId.toUpperCase()] }), of: vnet, verdict: 'pass' },
  { because: 'the firewall logs other things alone', estate: behindFirewall({}, toCentral('AZFWNetworkRule', 'AZFWThreatIntel')), of: vnet, verdict: 'fail', says: 'AzureFirewallDnsProxy or AZFWDnsQuery' },
  { because: 'the DNS proxy of the firewall is off', estate: behindFirewall({ proxy: 'off' }, toCentral('AZFWDnsQuery')), of: vnet, verdict: 'fail', says: 'whose DNS proxy is off' },
  { because: 'nobody tells whether the DNS proxy is on', estate: behindFirewall({ proxy: 'unclear' }, toCentral('AZFWDnsQuery')), of: vnet, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'without the log it does not matter whether the proxy is on', estate: behindFirewall({ proxy: 'unclear' }, []), of: vnet, verdict: 'fail' },
  { because: 'the firewall’s network is not peered', estate: behindFirewall({}, toCentral('AZFWDnsQuery'), { peerIds: [] }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'not peered' },
  { because: 'a firewall secures a virtual hub, whose networks Azure does not name', estate: behindFirewall({ networkIds: [], hubId: idOf('Microsoft.Network/virtualHubs', 'hub') }, toCentral('AZFWDnsQuery')), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'in the virtual hub hub: whether this network is connected' },
  {
    because: 'of two that have the address, the one in reach answers',
    estate: resolving({ dnsServers: ['10.0.1.4'], ...peered }, { firewalls: [firewallOf({ id: idOf('Microsoft.Network/azureFirewalls', 'far'), networkIds: [idOf('Microsoft.Network/virtualNetworks', 'vnet-far')] }), firewallOf()] }, set(firewallId, toCentral('AZFWDnsQuery'))),
    of: vnet,
    verdict: 'pass',
  },
  { because: 'the settings of the firewall were refused', estate: { ...behindFirewall({}, []), settings: { [firewallId]: refused } }, of: vnet, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the network of the private resolver logs', estate: behindEndpoint({ policies: [policyOf('dnspol', [hubNetworkId])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'pass' },
  { because: 'the network of the private resolver is not linked', estate: behindEndpoint({}), of: vnet, verdict: 'fail', says: 'vnet-hub, the network of the private resolver' },
  { because: 'a policy of its own does not see what goes to the private resolver', estate: behindEndpoint({ policies: [policyOf('dnspol', [vnet])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'fail' },
  { because: 'the policy of the resolver’s network is not logged', estate: behindEndpoint({ policies: [policyOf('dnspol', [hubNetworkId])] }, set(policyId, [])), of: vnet, verdict: 'fail' },
  { because: 'the region of the resolver has no policies', estate: behindEndpoint({ policyRegions: ['northeurope'] }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the network of the resolver is not told', estate: behindEndpoint({ inboundEndpoints: [{ ...endpoint, networkId: null }] }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'Entra Domain Services log no queries', estate: resolving({ dnsServers: ['10.0.4.4', '10.0.4.5'] }, { domainServices: [{ id: idOf('Microsoft.AAD/domainServices', 'corp.example'), addresses: ['10.0.4.4', '10.0.4.5'] }] }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'Entra Domain Services' },
  { because: 'a domain controller’s own log cannot be seen', estate: resolving({ dnsServers: ['10.0.3.4'], ...peered }, { hosts: [host] }), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'not known to be logged either' },
  { because: 'what a domain controller forwards is logged with it as the client, which is a part alone', estate: resolving({ dnsServers: ['10.0.3.4'], ...peered }, { hosts: [host], policies: [policyOf('dnspol', [hubNetworkId])] }, set(policyId, toCentral('DnsResponse'))), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'in place of the machine that asked' },
  { because: 'a server outside Azure cannot be seen', estate: resolving({ dnsServers: ['192.0.2.53'] }, {}), of: vnet, verdict: 'unknown', reasonCode: 'unsupported', says: 'no firewall, private resolver or network interface in sight' },
  { because: 'the server may be in a subscription out of sight', estate: resolving({ dnsServers: ['10.9.9.9'] }, { unread: [hiddenPart] }), of: vnet, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'one of two servers does not log', estate: resolving({ dnsServers: ['10.0.1.4', '168.63.129.16'], ...peered }, { firewalls: [firewallOf()] }, set(firewallId, toCentral('AZFWDnsQuery'))), of: vnet, verdict: 'fail', says: 'No DNS security policy' },
  { because: 'one of two servers cannot be judged', estate: resolving({ dnsServers: ['10.0.1.4', '192.0.2.53'], ...peered }, { firewalls: [firewallOf()] }, set(firewallId, toCentral('AZFWDnsQuery'))), of: vnet, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'both servers log', estate: resolving({ dnsServers: ['10.0.1.4', '168.63.129.16'], ...peered }, { firewalls: [firewallOf()], policies: [policyOf('dnspol', [vnet])] }, { settings: { [firewallId]: toCentral('AZFWDnsQuery').map(settingOf), [policyId]: toCentral('DnsResponse').map(settingOf) } }), of: vnet, verdict: 'pass', says: 'All 2 DNS servers' },
]

const subnetCases: JudgedCase[] = [
  { because: 'without subnets nothing asks', estate: resolving({ subnets: [] }, {}), of: vnet, verdict: 'not-applicable' },
  { because: 'gateways, firewalls and Bastion are Azure’s', estate: resolving({ subnets: ['GatewaySubnet', 'AzureFirewallSubnet', 'azurebastionsubnet'].map((name) => subnetOf(name)) }, {}), of: vnet, verdict: 'not-applicable' },
  { because: 'databases and resolvers ask no names for their customer', estate: resolving({ subnets: [subnetOf('pg>Microsoft.DBforPostgreSQL/flexibleServers'), subnetOf('in>Microsoft.Network/dnsResolvers'), subnetOf('GatewaySubnet')] }, {}), of: vnet, verdict: 'not-applicable' },
  { because: 'web apps run the customer’s code', estate: resolving({ subnets: [subnetOf('web>Microsoft.Web/serverFarms')] }, {}), of: vnet, verdict: 'fail' },
  { because: 'one ordinary subnet is enough to ask', estate: resolving({ subnets: [subnetOf('GatewaySubnet'), subnetOf('default')] }, {}), of: vnet, verdict: 'fail' },
  { because: 'a service manages the network', estate: { ...resolving({}, {}), resources: [{ ...network, resourceGroup: 'managed', managedBy: idOf('Microsoft.Databricks/workspaces', 'dbw') }] }, of: vnet, verdict: 'not-applicable' },
  { because: 'other resources are not asked', estate: { resources: [dnsPolicyResource] }, of: policyId, verdict: 'none' },
]

const asks = (over: Parameters<typeof firewallOf>[0], settings: SettingLiteral[], more: EstateLiteral = {}): EstateLiteral =>
  ({ resources: [firewallResource], resolution: { [tenantSubjectId]: resolutionOf({ firewalls: [firewallOf(over)] }) }, ...set(firewallId, settings), ...more })

const firewallCases: JudgedCase[] = [
  { because: 'the query log is sent', estate: asks({}, toCentral('AZFWDnsQuery')), of: firewallId, verdict: 'pass', severity: 'medium' },
  { because: 'the older category is sent, switched off beside a newer one', estate: asks({}, toCentral('-AZFWDnsQuery', 'AzureFirewallDnsProxy')), of: firewallId, verdict: 'pass' },
  { because: 'allLogs by Azure’s word holds it', estate: asks({}, toCentral('group:allLogs'), { live: { [firewallResource.type]: liveOf(firewallResource.type, { AZFWDnsQuery: ['allLogs'], AZFWNetworkRule: ['allLogs'] }) } }), of: firewallId, verdict: 'pass' },
  { because: 'rules are logged and queries are not', estate: asks({}, toCentral('AZFWNetworkRule')), of: firewallId, verdict: 'fail' },
  { because: 'the proxy is off', estate: asks({ proxy: 'off' }, []), of: firewallId, verdict: 'not-applicable' },
  { because: 'nobody tells whether the proxy is on, and there is no log', estate: asks({ proxy: 'unclear' }, []), of: firewallId, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'with the log it is enough', estate: asks({ proxy: 'unclear' }, toCentral('AZFWDnsQuery')), of: firewallId, verdict: 'pass' },
  { because: 'the settings were throttled', estate: asks({}, [], { settings: { [firewallId]: throttled } }), of: firewallId, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'sight of the firewall is lost', estate: { resources: [firewallResource], resolution: { [tenantSubjectId]: resolutionOf() }, settings: { [firewallId]: refused } }, of: firewallId, verdict: 'unknown', reasonCode: 'permission-denied' },
]

const ofPolicy = (links: string[] | null, settings: SettingLiteral[], over: Partial<NameResolution> = {}): EstateLiteral => ({
  resources: [dnsPolicyResource],
  resolution: { [tenantSubjectId]: resolutionOf({ policies: [policyOf('dnspol', links ?? [], links === null ? { links } : {})], ...over }) },
  ...set(policyId, settings),
})

const policyCases: JudgedCase[] = [
  { because: 'DnsResponse is sent', estate: ofPolicy([vnet], toCentral('DnsResponse')), of: policyId, verdict: 'pass', severity: 'medium' },
  { because: 'nothing is sent', estate: ofPolicy([vnet], []), of: policyId, verdict: 'fail' },
  { because: 'it is linked to nothing', estate: ofPolicy([], toCentral('DnsResponse')), of: policyId, verdict: 'not-applicable' },
  { because: 'its links were refused', estate: ofPolicy(null, [], { unread: [{ subject: policyId, reason: 'permission-denied', detail: 'No right.', action: 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks/read' }] }), of: policyId, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks/read' },
  { because: 'Azure says that its type takes no settings', estate: { ...ofPolicy([vnet], []), settings: { [policyId]: notSupported } }, of: policyId, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the policy was made after the resolvers were read', estate: ofPolicy([vnet], toCentral('DnsResponse'), { policies: [] }), of: policyId, verdict: 'unknown', reasonCode: 'api-error' },
]

describe('vnet-dns-query-logs by Azure’s resolver', () => judgedCases('vnet-dns-query-logs', azureCases))
describe('vnet-dns-query-logs by other servers', () => judgedCases('vnet-dns-query-logs', otherServerCases))
describe('vnet-dns-query-logs by subnets', () => judgedCases('vnet-dns-query-logs', subnetCases))
describe('firewall-dns-logs', () => judgedCases('firewall-dns-logs', firewallCases))
describe('dns-resolver-policy-logs', () => judgedCases('dns-resolver-policy-logs', policyCases))

describe('evidence of vnet-dns-query-logs', () => {
  it('names the interfaces that ask others, and counts them beyond ten', () => {
    const ownServers = Array.from({ length: 12 }, (_, index) => ({ id: idOf('Microsoft.Network/networkInterfaces', `nic-${index}`), dnsServers: ['8.8.8.8'] }))
    const { judgement } = judgementOf('vnet-dns-query-logs', resolving({ ownServers }, {}), vnet) ?? {}
    expect(judgement?.evidence).toMatchObject({ moreInterfaces: 2, interfacesWithOwnServers: expect.arrayContaining([{ networkInterface: 'nic-0', dnsServers: ['8.8.8.8'] }]) })
  })
})

describe('remediation of vnet-dns-query-logs', () => {
  const remedy = (estate: EstateLiteral) => {
    const judgement = judgementOf('vnet-dns-query-logs', estate, vnet)?.judgement
    if (judgement === undefined) throw new Error('no finding')
    return findCheck('vnet-dns-query-logs')?.remediate(
      { resourceId: vnet, resourceType: network.type, resourceName: network.name, location: 'westeurope', judgement },
      { centralWorkspaceIds: [central], policy: defaultPolicy, catalog: loadCatalog() },
    )
  }
  it('links a policy where none is linked', () => {
    const { azureCli = '', bicep = '' } = remedy(resolving({}, {})) ?? {}
    expect(azureCli).toContain(`--virtual-network '{"id":"${vnet}"}'`)
    expect(bicep).toContain('Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks@2025-05-01')
  })
  it('links it to the network of the private resolver', () => {
    expect(remedy(behindEndpoint({}))?.azureCli).toContain(`--virtual-network '{"id":"${hubNetworkId}"}'`)
  })
  it('sets the log of a policy or firewall that has none', () => {
    expect(remedy(linked([]))?.azureCli).toContain(`--resource '${policyId}'`)
    const { azureCli = '' } = remedy(behindFirewall({}, [])) ?? {}
    expect(azureCli).toContain(`--resource '${firewallId}'`)
    expect(azureCli).toContain('AZFWDnsQuery')
  })
  it('turns the DNS proxy on', () => {
    expect(remedy(behindFirewall({ proxy: 'off' }, []))?.azureCli).toContain('--enable-dns-proxy true')
  })
})
