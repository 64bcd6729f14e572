import { nameOf, resourceGroupOf, subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { remediateSetting } from './diagnostic-setting'
import { azapiResource, azapiUpdate, bicepResource, Reference, type Body } from './object-text'
import { shellQuote, terraformString, workspacePlaceholder } from './quote'

const policyName = 'dnspol-keypoint'
const policyType = 'Microsoft.Network/dnsResolverPolicies@2025-05-01'
const linkType = 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks@2025-05-01'

const builtIn = {
  queries: { id: '/providers/Microsoft.Authorization/policyDefinitions/dc1b5908-da05-4eed-a988-c5e32fdb682d', displayName: 'Enable logging by category group for microsoft.network/dnsresolverpolicies to Log Analytics' },
  proxy: { id: '/providers/Microsoft.Authorization/policyDefinitions/3f84c9b0-8b64-4208-98d4-6ada96bb49c3', displayName: 'Azure Firewall Policy should have DNS Proxy Enabled' },
}

/** For a virtual network: what its failing resolver lacks. */
export function remediateQueryLogs(subject: RemediationSubject, context: RemediationContext): Remediation {
  const failing = failingResolver(subject)
  const loggedBy = textIn(failing, 'loggedBy')
  if (loggedBy !== null) {
    return remediateSetting({ ...subject, resourceId: loggedBy, resourceType: typeOf(loggedBy) ?? '', resourceName: nameOf(loggedBy), judgement: { verdict: 'fail', reason: subject.judgement.reason, evidence: failing ?? {} } }, context)
  }
  const firewall = textIn(failing, 'firewall')
  const region = textIn(failing, 'regionOfResolver')
  if (firewall !== null) return turnProxyOn(firewall, textIn(failing, 'firewallPolicy'), region ?? subject.location)
  // A policy serves networks of its own region, and what resolves names may lie in a network of another one.
  const network = textIn(failing, 'networkOfResolver') ?? (textIn(failing, 'networkInterface') === null ? null : textIn(failing, 'network'))
  return network === null ? linkPolicy(subject.resourceId, subject.location, context) : linkPolicy(network, region ?? '<region of the network>', context)
}

function failingResolver({ judgement }: RemediationSubject): Record<string, unknown> | undefined {
  const list = judgement.evidence?.resolvers
  return Array.isArray(list) ? list.filter(isRecord).find(({ verdict }) => verdict === judgement.verdict) : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textIn(record: Record<string, unknown> | undefined, name: string): string | null {
  const value = record?.[name]
  return typeof value === 'string' ? value : null
}

function groupArguments(id: string): string {
  return `--subscription ${shellQuote(subscriptionIdOf(id) ?? '')} --resource-group ${shellQuote(resourceGroupOf(id) ?? '')}`
}

/** A policy of its own beside the network; one that is there in the region serves as well. */
function linkPolicy(networkId: string, location: string, context: RemediationContext): Remediation {
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const group = groupArguments(networkId)
  const groupId = `/subscriptions/${subscriptionIdOf(networkId) ?? ''}/resourceGroups/${resourceGroupOf(networkId) ?? ''}`
  const policyId = `${groupId}/providers/Microsoft.Network/dnsResolverPolicies/${policyName}`
  const link = `link-${nameOf(networkId)}`
  const logs = '[{"category":"DnsResponse","enabled":true}]'
  return {
    summary: `Link a DNS security policy of the network’s region to ${nameOf(networkId)} and send its DnsResponse log to the central workspace. A network takes one policy; no rule is needed for the log.`,
    azureCli: [
      `az dns-resolver policy create ${group} --name ${policyName} --location ${shellQuote(location)}`,
      `az dns-resolver policy vnet-link create ${group} --policy-name ${policyName} \\`,
      `  --name ${shellQuote(link)} --location ${shellQuote(location)} --virtual-network ${shellQuote(`{"id":"${networkId}"}`)}`,
      `az monitor diagnostic-settings create --name keypoint-security \\`,
      `  --resource ${shellQuote(policyId)} --workspace ${shellQuote(workspace)} \\`,
      `  --logs ${shellQuote(logs)}`,
    ].join('\n'),
    bicep: [
      bicepResource({ symbol: 'policy', type: policyType, body: { name: policyName, location } }),
      bicepResource({
        symbol: 'link', type: linkType,
        body: { parent: new Reference('policy'), name: link, location, properties: { virtualNetwork: { id: networkId } } },
      }),
      bicepResource({
        symbol: 'setting', type: 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview',
        body: { name: 'keypoint-security', scope: new Reference('policy'), properties: { workspaceId: workspace, logs: [{ category: 'DnsResponse', enabled: true }] } },
      }),
    ].join('\n\n'),
    terraform: [
      azapiResource('dns_policy', policyType, { name: policyName, parentId: groupId, location }, {}),
      azapiResource('dns_policy_link', linkType, { name: link, parentId: new Reference('azapi_resource.dns_policy.id'), location }, { virtualNetwork: { id: networkId } }),
      [
        'resource "azurerm_monitor_diagnostic_setting" "dns_policy" {',
        '  name                       = "keypoint-security"',
        '  target_resource_id         = azapi_resource.dns_policy.id',
        `  log_analytics_workspace_id = ${terraformString(workspace)}`,
        '',
        '  enabled_log {',
        '    category = "DnsResponse"',
        '  }',
        '}',
      ].join('\n'),
    ].join('\n\n'),
    policy: builtIn.queries,
    portal: 'Open DNS Security Policies, Create, Virtual network links; then Monitoring, Diagnostic settings of the policy.',
  }
}

/** A firewall without a policy keeps its DNS settings itself; a policy may lie in another region than its firewall. */
function turnProxyOn(firewallId: string, policyId: string | null, region: string): Remediation {
  const location = policyId === null ? region : '<region of the policy>'
  const owner = policyId ?? firewallId
  const type = policyId === null ? 'Microsoft.Network/azureFirewalls@2023-09-01' : 'Microsoft.Network/firewallPolicies@2023-09-01'
  const settings: { [name: string]: Body } = policyId === null ? { additionalProperties: { 'Network.DNS.EnableProxy': 'true' } } : { dnsSettings: { enableProxy: true } }
  const command = policyId === null ? 'az network firewall update' : 'az network firewall policy update'
  return {
    summary: `Turn on the DNS proxy ${policyId === null ? '' : 'in the policy '}of the firewall ${nameOf(firewallId)} and send AZFWDnsQuery to the central workspace; or let the network ask Azure’s resolver.`,
    azureCli: `${command} ${groupArguments(owner)} --name ${shellQuote(nameOf(owner))} --enable-dns-proxy true`,
    bicep: [`// In the ${policyId === null ? 'firewall' : 'policy'} as it is, beside what it has:`, bicepResource({ symbol: 'dns', type, body: { name: nameOf(owner), location, properties: settings } })].join('\n'),
    terraform: azapiUpdate('dns_proxy', type, owner, settings),
    policy: builtIn.proxy,
    portal: 'Open the firewall policy, Settings, DNS, Enabled, DNS Proxy.',
  }
}
