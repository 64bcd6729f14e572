/** Every api-version that lib/azure sends by itself; the SDK packages pin those of their own operations. */
export const apiVersions = {
  subscriptions: '2022-12-01',
  activityLog: '2015-04-01',
  diagnosticSettings: '2021-05-01-preview',
  managementGroups: '2023-04-01',
  entraDiagnosticSettings: '2017-04-01',
  sqlAuditing: '2021-11-01',
  workspaceTables: '2022-10-01',
  sentinelOnboarding: '2024-03-01',
  // Stable versions leave near-real-time rules out without a word.
  sentinelRules: '2024-01-01-preview',
  sentinelConnectors: '2024-01-01-preview',
  sentinelIncidents: '2024-03-01',
  storageLifecycle: '2023-05-01',
  defenderPlans: '2024-01-01',
  securityContacts: '2023-12-01-preview',
  storageContainers: '2023-05-01',
  postgresParameters: '2022-12-01',
  mysqlParameters: '2022-01-01',
  dnsPolicies: '2025-05-01',
  providers: '2021-04-01',
  permissions: '2022-04-01',
} as const
