/** Types that a diagnostic setting can send to, in lower case; the last six are partner solutions. */
export const destinationTypes: readonly string[] = [
  'microsoft.operationalinsights/workspaces',
  'microsoft.storage/storageaccounts',
  'microsoft.eventhub/namespaces',
  'microsoft.datadog/monitors',
  'microsoft.elastic/monitors',
  'dynatrace.observability/monitors',
  'newrelic.observability/monitors',
  'microsoft.logz/monitors',
  'microsoft.confluent/organizations',
]
