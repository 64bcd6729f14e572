/** Virtual networks with their subnets. */
export const networksQuery = `resources
| where type == 'microsoft.network/virtualnetworks'
| project id, dnsServers = properties.dhcpOptions.dnsServers, peerings = properties.virtualNetworkPeerings, subnets = properties.subnets
| order by id asc`

/** Network interfaces whose own DNS servers overrule their network's. */
export const ownServersQuery = `resources
| where type == 'microsoft.network/networkinterfaces' and array_length(properties.dnsSettings.dnsServers) > 0
| project id, location, dnsServers = properties.dnsSettings.dnsServers, ipConfigurations = properties.ipConfigurations
| order by id asc`

/** Network interfaces that have one of these addresses first; the addresses must be addresses and nothing else. */
export function dnsHostsQuery(addresses: readonly string[]): string {
  return `resources
| where type == 'microsoft.network/networkinterfaces' and tostring(properties.ipConfigurations[0].properties.privateIPAddress) in (${addresses.map((address) => `'${address}'`).join(', ')})
| project id, location, dnsServers = properties.dnsSettings.dnsServers, ipConfigurations = properties.ipConfigurations
| order by id asc`
}

export const flowLogsQuery = `resources
| where type == 'microsoft.network/networkwatchers/flowlogs'
| project id, targetId = properties.targetResourceId, storageId = properties.storageId, enabled = properties.enabled, retention = properties.retentionPolicy, filter = properties.enabledFilteringCriteria, recordTypes = properties.recordTypes, analytics = properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration
| order by id asc`

/** Everything that answers DNS queries or logs them, in one list: there are few of each. */
export const nameResolutionQuery = `resources
| where type in~ ('microsoft.network/azurefirewalls', 'microsoft.network/firewallpolicies', 'microsoft.network/dnsresolvers', 'microsoft.network/dnsresolvers/inboundendpoints', 'microsoft.network/dnsresolverpolicies', 'microsoft.network/dnsresolverpolicies/virtualnetworklinks', 'microsoft.aad/domainservices')
| project id, type, location, state = properties.provisioningState, networkId = properties.virtualNetwork.id, ipConfigurations = properties.ipConfigurations, hubId = properties.virtualHub.id, hubAddress = properties.hubIPAddresses.privateIPAddress, policyId = properties.firewallPolicy.id, additionalProperties = properties.additionalProperties, dnsSettings = properties.dnsSettings, basePolicyId = properties.basePolicy.id, replicaSets = properties.replicaSets
| order by id asc`
