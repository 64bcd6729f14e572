/** A service or log source that Microsoft's guide to logging and auditing names, and how the product looks at it. */
export interface NamedSource {
  name: string
  /** Resource types, platform scopes or machine sources whose reach is counted together. */
  sources: readonly string[]
  /** Checks that judge it where its logs are no diagnostic settings. */
  checks?: readonly string[]
  /** What a reader should know, in a sentence. */
  note?: string
}

const storageServices = ['blobservices', 'fileservices', 'queueservices', 'tableservices'].map((service) => `microsoft.storage/storageaccounts/${service}`)

/** In the guide's order: kinds of logs first, then services. Source: learn.microsoft.com/azure/security/fundamentals/log-audit. */
export const namedSources: readonly NamedSource[] = [
  { name: 'Activity log', sources: ['microsoft.resources/subscriptions', 'microsoft.management/managementgroups'] },
  { name: 'Entra ID logs', sources: ['microsoft.aadiam/tenants'] },
  { name: 'Virtual machines: Windows security events', sources: ['windows-security-events'], checks: ['machine-security-events'] },
  { name: 'Virtual machines: Linux syslog', sources: ['linux-syslog'], checks: ['machine-security-events'] },
  { name: 'Cloud services (classic)', sources: ['microsoft.classiccompute/domainnames', 'microsoft.compute/cloudservices'], note: 'Retired on 31 August 2024 (classic): they have no diagnostic settings. Move what is left.' },
  { name: 'Storage analytics', sources: storageServices, note: 'Classic analytics wrote to $logs of the account itself. The logs of the four services by diagnostic settings replace it.' },
  { name: 'Flow logs', sources: ['microsoft.network/networkwatchers/flowlogs'], checks: ['vnet-flow-logs', 'traffic-analytics'], note: 'Flow logs go to a storage account, and by traffic analytics to a workspace. Those of network security groups are retiring in favour of virtual networks.' },
  { name: 'Application Insights', sources: ['microsoft.insights/components'], checks: ['application-insights-workspace'] },
  { name: 'Defender for Cloud alerts', sources: [], checks: ['defender-alerts-exported'], note: 'Alerts leave by continuous export, not by a diagnostic setting.' },
  { name: 'Load Balancer', sources: ['microsoft.network/loadbalancers'] },
  { name: 'Network security groups', sources: ['microsoft.network/networksecuritygroups'] },
  { name: 'Application Gateway', sources: ['microsoft.network/applicationgateways'] },
  { name: 'Key Vault', sources: ['microsoft.keyvault/vaults', 'microsoft.keyvault/managedhsms'] },
  { name: 'AI Search', sources: ['microsoft.search/searchservices'] },
  { name: 'Data Lake Store', sources: ['microsoft.datalakestore/accounts'], note: 'Gen1 was retired on 29 February 2024. Gen2 is a storage account.' },
  { name: 'Data Lake Analytics', sources: ['microsoft.datalakeanalytics/accounts'], note: 'Retired on 29 February 2024.' },
  { name: 'Logic Apps', sources: ['microsoft.logic/workflows', 'microsoft.logic/integrationaccounts'] },
  { name: 'Batch', sources: ['microsoft.batch/batchaccounts'] },
  { name: 'Automation', sources: ['microsoft.automation/automationaccounts'] },
  { name: 'Event Hubs', sources: ['microsoft.eventhub/namespaces'] },
  { name: 'Stream Analytics', sources: ['microsoft.streamanalytics/streamingjobs'] },
  { name: 'Service Bus', sources: ['microsoft.servicebus/namespaces'] },
  { name: 'AI services (Cognitive Services)', sources: ['microsoft.cognitiveservices/accounts'] },
  { name: 'IoT Hub', sources: ['microsoft.devices/iothubs'] },
  { name: 'Recovery Services vaults', sources: ['microsoft.recoveryservices/vaults'] },
  { name: 'SQL servers', sources: [], checks: ['sql-server-auditing', 'sql-audit-actions'], note: 'A server has no log categories of its own: its audit leaves by the setting on master.' },
  { name: 'SQL databases', sources: ['microsoft.sql/servers/databases', 'microsoft.sql/managedinstances', 'microsoft.sql/managedinstances/databases'] },
  { name: 'SQL elastic pools', sources: ['microsoft.sql/servers/elasticpools'], note: 'Pools have metrics only: the databases in them carry the logs.' },
  { name: 'Storage', sources: storageServices },
  { name: 'Virtual machines and scale sets', sources: ['microsoft.compute/virtualmachines', 'microsoft.compute/virtualmachinescalesets'], checks: ['machine-log-agent'], note: 'What runs inside is collected by data collection rules, above.' },
  { name: 'App Service plans', sources: ['microsoft.web/serverfarms'] },
  { name: 'App Service apps and slots', sources: ['microsoft.web/sites', 'microsoft.web/sites/slots'] },
  { name: 'Service Fabric', sources: ['microsoft.servicefabric/clusters', 'microsoft.servicefabric/managedclusters'], note: 'Clusters have no diagnostic settings: their events are collected from the nodes.' },
]
