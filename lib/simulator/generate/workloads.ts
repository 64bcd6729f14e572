import type { GraphRow } from '../graph-row'
import type { Estate, Group } from './estate'
import { machineWorkload } from './machines'
import { managedCluster, databricks } from './managed-groups'

/** Makes the rows of one workload in its resource group; `name` is unique in the tenant. */
export type Workload = (estate: Estate, group: Group, name: string) => GraphRow[]

function storageAccount(estate: Estate, group: Group, name: string, kind = 'StorageV2'): GraphRow {
  const premium = kind === 'BlockBlobStorage' || kind === 'FileStorage'
  return estate.row(group, 'Microsoft.Storage/storageAccounts', `st${name.replaceAll('-', '')}`.slice(0, 24), {
    kind,
    sku: premium ? { name: 'Premium_LRS', tier: 'Premium' } : { name: 'Standard_ZRS', tier: 'Standard' },
    properties: { accessTier: premium ? null : 'Hot', supportsHttpsTrafficOnly: true, minimumTlsVersion: 'TLS1_2' },
  })
}

function keyVault(estate: Estate, group: Group, name: string): GraphRow {
  return estate.row(group, 'Microsoft.KeyVault/vaults', `kv-${name}`.slice(0, 24), {
    properties: { sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true, enableSoftDelete: true },
  })
}

function appPlan(estate: Estate, group: Group, name: string, sku: string): GraphRow {
  return estate.row(group, 'Microsoft.Web/serverfarms', `asp-${name}`, {
    kind: sku === 'Y1' ? 'functionapp' : 'app',
    sku: { name: sku },
  })
}

function site(estate: Estate, group: Group, name: string, kind: string, planId: string): GraphRow {
  return estate.row(group, 'Microsoft.Web/sites', name, {
    kind,
    properties: { state: 'Running', httpsOnly: true, serverFarmId: planId, defaultHostName: `${name}.azurewebsites.net` },
  })
}

const webApplication: Workload = (estate, group, name) => {
  const plan = appPlan(estate, group, name, 'P1v3')
  const app = site(estate, group, `app-${name}`, 'app,linux', plan.id)
  const insights = estate.row(group, 'Microsoft.Insights/components', `appi-${name}`, {
    kind: 'web',
    properties: { Application_Type: 'web' },
  })
  const rows = [plan, app, insights, keyVault(estate, group, name), ...sqlServer(estate, group, name)]
  if (estate.draw('slot', name) < 0.3) {
    rows.push(
      estate.row(group, 'Microsoft.Web/sites/slots', `app-${name}/staging`, {
        kind: 'app,linux',
        properties: { state: 'Running', serverFarmId: plan.id },
      }),
    )
  }
  return rows
}

function sqlServer(estate: Estate, group: Group, name: string): GraphRow[] {
  const server = `sql-${name}`
  const database = (label: string, kind: string, sku: string) =>
    estate.row(group, 'Microsoft.Sql/servers/databases', `${server}/${label}`, {
      kind,
      sku: { name: sku },
      properties: { status: 'Online' },
    })
  const rows = [
    estate.row(group, 'Microsoft.Sql/servers', server, {
      kind: 'v12.0',
      properties: { state: 'Ready', version: '12.0', minimalTlsVersion: '1.2' },
    }),
    database('master', 'v12.0,system', 'System'),
    database(`sqldb-${name}`, 'v12.0,user,vcore', 'GP_S_Gen5'),
  ]
  return estate.draw('databases', name) < 0.4 ? [...rows, database(`sqldb-${name}-archive`, 'v12.0,user', 'S1')] : rows
}

const functionApplication: Workload = (estate, group, name) => {
  const plan = appPlan(estate, group, name, 'Y1')
  return [
    plan,
    site(estate, group, `func-${name}`, 'functionapp,linux', plan.id),
    storageAccount(estate, group, `${name}fn`, estate.draw('oldkind', name) < 0.3 ? 'Storage' : 'StorageV2'),
    estate.row(group, 'Microsoft.ServiceBus/namespaces', `sb-${name}`, {
      sku: { name: 'Standard' },
      properties: { status: 'Active' },
    }),
  ]
}

const integration: Workload = (estate, group, name) => [
  estate.row(group, 'Microsoft.ApiManagement/service', `apim-${name}`, { sku: { name: 'Developer', capacity: 1 } }),
  ...['intake', 'dispatch', 'nightly'].map((flow) =>
    estate.row(group, 'Microsoft.Logic/workflows', `logic-${name}-${flow}`, { properties: { state: 'Enabled' } }),
  ),
  estate.row(group, 'Microsoft.EventHub/namespaces', `evhns-${name}`, {
    sku: { name: 'Standard' },
    properties: { status: 'Active' },
  }),
  keyVault(estate, group, name),
]

const documentService: Workload = (estate, group, name) => {
  const environment = estate.row(group, 'Microsoft.App/managedEnvironments', `cae-${name}`)
  return [
    environment,
    estate.row(group, 'Microsoft.App/containerApps', `ca-${name}`, { properties: { managedEnvironmentId: environment.id } }),
    estate.row(group, 'Microsoft.DocumentDB/databaseAccounts', `cosmos-${name}`, {
      kind: 'GlobalDocumentDB',
      properties: { databaseAccountOfferType: 'Standard' },
    }),
    estate.row(group, 'Microsoft.Cache/Redis', `redis-${name}`, {
      properties: { sku: { name: 'Standard', family: 'C', capacity: 1 } },
    }),
    keyVault(estate, group, name),
  ]
}

const openSourceDatabase: Workload = (estate, group, name) => {
  const postgres = estate.draw('engine', name) < 0.65
  const server = postgres
    ? estate.row(group, 'Microsoft.DBforPostgreSQL/flexibleServers', `psql-${name}`, {
        sku: { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' },
        properties: { version: '16' },
      })
    : estate.row(group, 'Microsoft.DBforMySQL/flexibleServers', `mysql-${name}`, {
        sku: { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' },
        properties: { version: '8.0.21' },
      })
  const plan = appPlan(estate, group, name, 'B1')
  return [server, plan, site(estate, group, `app-${name}`, 'app', plan.id), keyVault(estate, group, name)]
}

const edge: Workload = (estate, group, name) => [
  estate.row(group, 'Microsoft.Network/virtualNetworks', `vnet-${name}`, {
    properties: { addressSpace: { addressPrefixes: ['10.200.0.0/22'] }, subnets: [{ name: 'gateway' }] },
  }),
  estate.row(group, 'Microsoft.Network/publicIPAddresses', `pip-agw-${name}`, { sku: { name: 'Standard', tier: 'Regional' } }),
  estate.row(group, 'Microsoft.Network/applicationGateways', `agw-${name}`, {
    properties: { sku: { name: 'WAF_v2', tier: 'WAF_v2' } },
  }),
  estate.row(group, 'Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies', `waf-${name}`),
  estate.row(group, 'Microsoft.Cdn/profiles', `afd-${name}`, {
    location: 'global',
    kind: 'frontdoor',
    sku: { name: 'Premium_AzureFrontDoor' },
  }),
]

const analytics: Workload = (estate, group, name) => [
  estate.row(group, 'Microsoft.DataFactory/factories', `adf-${name}`),
  storageAccount(estate, group, `${name}lake`),
  estate.row(group, 'Microsoft.StreamAnalytics/streamingjobs', `asa-${name}`, { properties: { jobState: 'Running' } }),
  estate.row(group, 'Microsoft.CognitiveServices/accounts', `aoai-${name}`, { kind: 'OpenAI', sku: { name: 'S0' } }),
  keyVault(estate, group, name),
]

const continuity: Workload = (estate, group, name) => [
  estate.row(group, 'Microsoft.RecoveryServices/vaults', `rsv-${name}`, { sku: { name: 'RS0', tier: 'Standard' } }),
  estate.row(group, 'Microsoft.Automation/automationAccounts', `aa-${name}`, { properties: { state: 'Ok' } }),
  storageAccount(estate, group, `${name}dr`, 'BlobStorage'),
]

/** Workloads with their share; the shares need not add up to 1. */
export const workloadShares: readonly (readonly [number, Workload])[] = [
  [26, machineWorkload],
  [18, webApplication],
  [12, functionApplication],
  [7, integration],
  [8, documentService],
  [8, openSourceDatabase],
  [5, edge],
  [6, analytics],
  [5, continuity],
  [3, managedCluster],
  [2, databricks],
]

/** Resources that stand alone; they fill what is left of a subscription to the last one. */
export const singles: readonly (readonly [number, (estate: Estate, group: Group, name: string) => GraphRow])[] = [
  [14, keyVault],
  [18, (estate, group, name) => storageAccount(estate, group, name)],
  [3, (estate, group, name) => storageAccount(estate, group, name, 'BlockBlobStorage')],
  [3, (estate, group, name) => storageAccount(estate, group, name, 'FileStorage')],
  [10, (estate, group, name) => estate.row(group, 'Microsoft.ManagedIdentity/userAssignedIdentities', `id-${name}`)],
  [
    8,
    (estate, group, name) =>
      estate.row(group, 'Microsoft.Compute/snapshots', `snap-${name}`, { properties: { diskSizeGB: 128 } }),
  ],
  [
    6,
    (estate, group, name) => estate.row(group, 'Microsoft.Network/privateDnsZones', `${name}.internal`, { location: 'global' }),
  ],
  [6, (estate, group, name) => estate.row(group, 'Microsoft.Portal/dashboards', `dash-${name}`, { tagged: false })],
  [
    5,
    (estate, group, name) =>
      estate.row(group, 'Microsoft.ContainerRegistry/registries', `cr${name.replaceAll('-', '')}`, {
        sku: { name: 'Standard', tier: 'Standard' },
      }),
  ],
  [
    5,
    (estate, group, name) =>
      estate.row(group, 'Microsoft.Network/publicIPAddresses', `pip-${name}`, { sku: { name: 'Standard', tier: 'Regional' } }),
  ],
]
