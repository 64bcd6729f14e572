import { nameOf, resourceGroupOf, subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { remediateSetting } from './diagnostic-setting'
import { bicepString, shellQuote, workspacePlaceholder } from './quote'

const policyName = 'dnspol-keypoint'

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
  if (firewall !== null) return turnProxyOn(firewall)
  return linkPolicy(textIn(failing, 'networkOfResolver') ?? subject.resourceId, subject.location, context)
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
  const policyId = `/subscriptions/${subscriptionIdOf(networkId) ?? ''}/resourceGroups/${resourceGroupOf(networkId) ?? ''}/providers/Microsoft.Network/dnsResolverPolicies/${policyName}`
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
      "resource policy 'Microsoft.Network/dnsResolverPolicies@2025-05-01' = {",
      `  name: '${policyName}'`,
      `  location: ${bicepString(location)}`,
      '}',
      '',
      "resource link 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks@2025-05-01' = {",
      '  parent: policy',
      `  name: ${bicepString(link)}`,
      `  location: ${bicepString(location)}`,
      '  properties: {',
      `    virtualNetwork: { id: ${bicepString(networkId)} }`,
      '  }',
      '}',
      '',
      "resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {",
      "  name: 'keypoint-security'",
      '  scope: policy',
      '  properties: {',
      `    workspaceId: ${bicepString(workspace)}`,
      '    logs: [',
      "      { category: 'DnsResponse', enabled: true }",
      '    ]',
      '  }',
      '}',
    ].join('\n'),
    policy: builtIn.queries,
    portal: 'Open DNS Security Policies, Create, Virtual network links; then Monitoring, Diagnostic settings of the policy.',
  }
}

function turnProxyOn(firewallId: string): Remediation {
  return {
    summary: `Turn on the DNS proxy in the policy of the firewall ${nameOf(firewallId)} and send AZFWDnsQuery to the central workspace; or let the network ask Azure’s resolver.`,
    azureCli: `az network firewall policy update ${groupArguments(firewallId)} --name '<firewall policy>' --enable-dns-proxy true`,
    policy: builtIn.proxy,
    portal: 'Open the firewall policy, Settings, DNS, Enabled, DNS Proxy.',
  }
}
