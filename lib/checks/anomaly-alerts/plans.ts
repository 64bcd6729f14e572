import type { ResourceKind } from '@/lib/domain/check'
import type { Severity } from '@/lib/domain/verdict'
import type { CisControls } from './mappings'

/** A Defender for Cloud plan as this product asks for it. */
export interface AskedPlan {
  /** As Azure names it. */
  name: string
  slug: string
  /** What the plan watches, in the plural. */
  watches: string
  severity: Severity
  /** Types of resource that it watches; null: whatever a subscription holds. */
  types: readonly string[] | null
  /** Narrows a type further. */
  only?: (resource: ResourceKind) => boolean
  cis: CisControls
  policy: { id: string; displayName: string }
}

function definition(id: string, displayName: string): AskedPlan['policy'] {
  return { id: `/providers/Microsoft.Authorization/policyDefinitions/${id}`, displayName }
}

const aiKinds = ['openai', 'aiservices']

/** CIS numbers of versions after 3.0 are left out where no source names them. */
export const askedPlans: readonly AskedPlan[] = [
  {
    name: 'VirtualMachines', slug: 'virtual-machines', watches: 'servers', severity: 'high',
    types: ['microsoft.compute/virtualmachines', 'microsoft.compute/virtualmachinescalesets', 'microsoft.hybridcompute/machines'],
    cis: { '2.0': '2.1.1', '2.1': '2.1.1', '3.0': '3.1.3.1', '4.0': '9.1.3.1', '5.0': '8.1.3.1' },
    policy: definition('4da35fc9-c9e7-4960-aec9-797fe7d9051d', 'Azure Defender for servers should be enabled'),
  },
  {
    name: 'SqlServers', slug: 'sql-servers', watches: 'Azure SQL servers', severity: 'high',
    types: ['microsoft.sql/servers', 'microsoft.sql/managedinstances', 'microsoft.synapse/workspaces'],
    cis: { '2.0': '2.1.4' },
    policy: definition('7fe3b40f-802b-4cdd-8bd4-fd799c948cc2', 'Azure Defender for Azure SQL Database servers should be enabled'),
  },
  {
    name: 'SqlServerVirtualMachines', slug: 'sql-server-virtual-machines', watches: 'SQL servers on machines', severity: 'medium',
    types: ['microsoft.sqlvirtualmachine/sqlvirtualmachines', 'microsoft.azurearcdata/sqlserverinstances'],
    cis: { '2.0': '2.1.5', '3.0': '3.1.7.4' },
    policy: definition('6581d072-105e-4418-827f-bd446d56421b', 'Azure Defender for SQL servers on machines should be enabled'),
  },
  {
    name: 'OpenSourceRelationalDatabases', slug: 'open-source-relational-databases', watches: 'PostgreSQL, MySQL and MariaDB servers', severity: 'medium',
    types: [
      'microsoft.dbforpostgresql/servers', 'microsoft.dbforpostgresql/flexibleservers', 'microsoft.dbformysql/servers',
      'microsoft.dbformysql/flexibleservers', 'microsoft.dbformariadb/servers',
    ],
    cis: { '2.0': '2.1.6', '3.0': '3.1.7.2' },
    policy: definition('0a9fbe0d-c5c4-4da8-87d8-f4fd77338835', 'Azure Defender for open-source relational databases should be enabled'),
  },
  {
    name: 'CosmosDbs', slug: 'cosmos-dbs', watches: 'Cosmos DB accounts', severity: 'medium',
    types: ['microsoft.documentdb/databaseaccounts'],
    cis: { '2.0': '2.1.9', '3.0': '3.1.7.1' },
    policy: definition('adbe85b5-83e6-4350-ab58-bf3a4f736e5e', 'Microsoft Defender for Azure Cosmos DB should be enabled'),
  },
  {
    name: 'StorageAccounts', slug: 'storage-accounts', watches: 'storage accounts', severity: 'high',
    types: ['microsoft.storage/storageaccounts'],
    cis: { '2.0': '2.1.7' },
    policy: definition('640d2586-54d2-465f-877f-9ffc1d2109f4', 'Microsoft Defender for Storage should be enabled'),
  },
  {
    name: 'Containers', slug: 'containers', watches: 'container registries and Kubernetes clusters', severity: 'high',
    types: ['microsoft.containerservice/managedclusters', 'microsoft.containerregistry/registries', 'microsoft.kubernetes/connectedclusters'],
    cis: { '2.0': '2.1.8', '3.0': '3.1.4.1' },
    policy: definition('1c988dd6-ade4-430f-a608-2a3e5b0a6d38', 'Microsoft Defender for Containers should be enabled'),
  },
  {
    name: 'KeyVaults', slug: 'key-vaults', watches: 'key vaults', severity: 'high',
    types: ['microsoft.keyvault/vaults'],
    cis: { '2.0': '2.1.10', '3.0': '3.1.8.1' },
    policy: definition('0e6763cc-5078-4e64-889d-ff4d9a839047', 'Azure Defender for Key Vault should be enabled'),
  },
  {
    name: 'AppServices', slug: 'app-services', watches: 'web and function apps', severity: 'medium',
    types: ['microsoft.web/sites'],
    cis: { '2.0': '2.1.2', '3.0': '3.1.6.1' },
    policy: definition('2913021d-f2fd-4f3d-b958-22354e2bdbcb', 'Azure Defender for App Service should be enabled'),
  },
  {
    name: 'Arm', slug: 'arm', watches: 'operations of Azure Resource Manager', severity: 'high',
    types: null,
    cis: { '2.0': '2.1.12', '3.0': '3.1.9.1' },
    policy: definition('c3d20c29-b36d-48fe-808b-99a87530ad99', 'Azure Defender for Resource Manager should be enabled'),
  },
  {
    name: 'Api', slug: 'api', watches: 'APIs in API Management', severity: 'medium',
    types: ['microsoft.apimanagement/service'],
    cis: {},
    policy: definition('7926a6d1-b268-4586-8197-e8ae90c877d7', 'Microsoft Defender for APIs should be enabled'),
  },
  {
    name: 'AI', slug: 'ai', watches: 'Azure OpenAI and AI services', severity: 'medium',
    types: ['microsoft.cognitiveservices/accounts'],
    only: ({ kind }) => kind === null || aiKinds.includes(kind.toLowerCase()),
    cis: {},
    policy: definition('c2c0c6d8-007b-4a48-8d9b-3539bddd8e87', 'Microsoft Defender for AI Services should be enabled'),
  },
  {
    name: 'CloudPosture', slug: 'cloud-posture', watches: 'attack paths and posture', severity: 'low',
    types: null,
    cis: {},
    policy: definition('1f90fc71-a595-4066-8974-d4d0802e8ef0', 'Microsoft Defender CSPM should be enabled'),
  },
]
