import { loadCatalog } from '@/lib/catalog'
import { ok, type Answer } from '../answer'
import type { GraphRow } from '../graph-row'

const alwaysThere = [
  'AzureActivity',
  'AzureDiagnostics',
  'AzureMetrics',
  'Usage',
  'Heartbeat',
  'Operation',
  'SigninLogs',
  'AuditLogs',
  'AADNonInteractiveUserSignInLogs',
  'AADServicePrincipalSignInLogs',
  'AADManagedIdentitySignInLogs',
  'AADProvisioningLogs',
  'AADRiskyUsers',
  'AADUserRiskEvents',
  'MicrosoftGraphActivityLogs',
  'SecurityEvent',
  'SecurityAlert',
  'SecurityIncident',
  'Event',
  'WindowsEvent',
  'Syslog',
  'CommonSecurityLog',
  'NTANetAnalytics',
] as const

/** Tables with a figure of their own in the central workspace: too short, or another plan. */
const ownFigures: Record<string, { interactive: number; total: number; plan: string }> = {
  AppServiceConsoleLogs: { interactive: 30, total: 30, plan: 'Basic' },
  ContainerLogV2: { interactive: 30, total: 30, plan: 'Basic' },
  AZFWNetworkRule: { interactive: 30, total: 90, plan: 'Analytics' },
  StorageQueueLogs: { interactive: 60, total: 60, plan: 'Analytics' },
  AzureDiagnostics: { interactive: 180, total: 730, plan: 'Analytics' },
}

let names: string[] | undefined

function tableNames(): string[] {
  names ??= [
    ...new Set<string>([
      ...alwaysThere,
      ...loadCatalog()
        .types()
        .flatMap((type) => type.categories.flatMap((category) => (category.table === null ? [] : [category.table]))),
    ]),
  ].toSorted()
  return names
}

/** The tables of a workspace: most follow its own retention, a few of the central one have their own. */
export function workspaceTables(subject: string, row: GraphRow, central: boolean): Answer {
  const days = typeof row.properties.retentionInDays === 'number' ? row.properties.retentionInDays : 30
  return ok({
    value: tableNames().map((name) => {
      const own = central ? ownFigures[name] : undefined
      const interactive = own?.interactive ?? (freeFor90Days.has(name) ? Math.max(90, days) : days)
      const total = own?.total ?? interactive
      return {
        id: `${subject}/tables/${name}`,
        name,
        type: 'Microsoft.OperationalInsights/workspaces/tables',
        properties: {
          totalRetentionInDays: total,
          archiveRetentionInDays: total - interactive,
          plan: own?.plan ?? 'Analytics',
          retentionInDaysAsDefault: own === undefined,
          totalRetentionInDaysAsDefault: own === undefined,
          retentionInDays: interactive,
          provisioningState: 'Succeeded',
          schema: { name, tableType: 'Microsoft', tableSubType: 'Any', solutions: ['LogManagement'] },
        },
      }
    }),
  })
}

const freeFor90Days: ReadonlySet<string> = new Set(['AzureActivity', 'Usage'])
