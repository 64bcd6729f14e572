import type { BenchmarkMapping, CheckSource } from '@/lib/domain/check'

export const dnsMappings: readonly BenchmarkMapping[] = [
  { framework: 'ASB v1', controls: ['2.9'] },
  { framework: 'MCSB v1', controls: ['LT-4'] },
  { framework: 'NIST SP 800-53', controls: ['AU-3', 'AU-6', 'AU-12', 'SI-4'] },
]

export const dnsPolicySource: CheckSource = { title: 'DNS security policy', url: 'https://learn.microsoft.com/azure/dns/dns-security-policy' }
export const dnsLogSource: CheckSource = { title: 'Secure and view DNS traffic', url: 'https://learn.microsoft.com/azure/dns/dns-traffic-log-how-to' }
export const firewallDnsSource: CheckSource = { title: 'Azure Firewall DNS settings', url: 'https://learn.microsoft.com/azure/firewall/dns-settings' }
export const resolverSource: CheckSource = { title: 'Azure DNS Private Resolver endpoints and rulesets', url: 'https://learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets' }

export const dnsPermissions = {
  policies: 'Microsoft.Network/dnsResolverPolicies/read',
  links: 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks/read',
  firewalls: 'Microsoft.Network/azureFirewalls/read',
  firewallPolicies: 'Microsoft.Network/firewallPolicies/read',
  endpoints: 'Microsoft.Network/dnsResolvers/inboundEndpoints/read',
} as const
