/**
 * Types that know both the shared AzureDiagnostics table and tables of their own: without `Dedicated` in the setting their
 * rows go to AzureDiagnostics. All other types have dedicated tables only, whatever the setting says.
 * Kept by hand from https://learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics
 */
const bothTables = new Set([
  'microsoft.apimanagement/service',
  'microsoft.automation/automationaccounts',
  'microsoft.batch/batchaccounts',
  'microsoft.cdn/profiles',
  'microsoft.cognitiveservices/accounts',
  'microsoft.containerservice/managedclusters',
  'microsoft.datafactory/factories',
  'microsoft.dbformysql/flexibleservers',
  'microsoft.dbformysql/servers',
  'microsoft.dbforpostgresql/flexibleservers',
  'microsoft.dbforpostgresql/servers',
  'microsoft.devices/iothubs',
  'microsoft.devices/provisioningservices',
  'microsoft.documentdb/databaseaccounts',
  'microsoft.eventhub/namespaces',
  'microsoft.keyvault/managedhsms',
  'microsoft.keyvault/vaults',
  'microsoft.logic/integrationaccounts',
  'microsoft.logic/workflows',
  'microsoft.network/applicationgateways',
  'microsoft.network/azurefirewalls',
  'microsoft.network/expressroutecircuits',
  'microsoft.network/frontdoors',
  'microsoft.network/networksecuritygroups',
  'microsoft.network/publicipaddresses',
  'microsoft.network/virtualnetworkgateways',
  'microsoft.network/vpngateways',
  'microsoft.network/p2svpngateways',
  'microsoft.recoveryservices/vaults',
  'microsoft.search/searchservices',
  'microsoft.servicebus/namespaces',
  'microsoft.sql/managedinstances',
  'microsoft.sql/managedinstances/databases',
  'microsoft.sql/servers/databases',
  'microsoft.streamanalytics/streamingjobs',
])

/** True for a type (in lower case) that writes to AzureDiagnostics or to tables of its own, as its setting has it. */
export function usesBothTables(type: string): boolean {
  return bothTables.has(type)
}

/** Tables of the Entra categories whose names differ from the category's. */
const entraTables: Readonly<Record<string, string>> = {
  ADFSSignInLogs: 'ADFSSignInLogs',
  AuditLogs: 'AuditLogs',
  B2CRequestLogs: 'AADB2CRequestLogs',
  ManagedIdentitySignInLogs: 'AADManagedIdentitySignInLogs',
  MicrosoftGraphActivityLogs: 'MicrosoftGraphActivityLogs',
  NonInteractiveUserSignInLogs: 'AADNonInteractiveUserSignInLogs',
  ProvisioningLogs: 'AADProvisioningLogs',
  RiskyServicePrincipals: 'AADRiskyServicePrincipals',
  RiskyUsers: 'AADRiskyUsers',
  ServicePrincipalRiskEvents: 'AADServicePrincipalRiskEvents',
  ServicePrincipalSignInLogs: 'AADServicePrincipalSignInLogs',
  SignInLogs: 'SigninLogs',
  UserRiskEvents: 'AADUserRiskEvents',
}

/** The table that an activity log or Entra category fills; null when no source says. */
export function tableOfPlatformCategory(scope: 'subscription' | 'managementGroup' | 'tenant', category: string): string | null {
  return scope === 'tenant' ? (entraTables[category] ?? null) : 'AzureActivity'
}
