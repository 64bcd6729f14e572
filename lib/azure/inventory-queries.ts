import { destinationTypes } from '../domain/destination-types'

/** Kept of storage accounts alone. */
export const storageFirewallPaths = ['networkAcls.defaultAction', 'networkAcls.bypass', 'networkAcls.resourceAccessRules', 'publicNetworkAccess'] as const

/**
 * The properties that checks need, by path. Every one is a column of its own, so that a page stays small whatever a
 * resource carries; a row has null for the paths that its type does not know.
 */
export const propertyPaths = [
  'provisioningState',
  'state',
  'status',
  'retentionInDays',
  'customerId',
  'workspaceCapping',
  'defaultDataCollectionRuleResourceId',
  'features.immediatePurgeDataOn30Days',
  'immutableStorageWithVersioning',
  'primaryEndpoints.blob',
  // Whom the firewall of a storage account lets in; other types have these, too, and nobody asks.
  ...storageFirewallPaths,
  'aadProfile',
  // Of an application gateway and a firewall, which keep it there.
  'sku.tier',
  // Of a namespace of event hubs in a dedicated cluster.
  'clusterArmId',
  // Of a cluster of DocumentDB.
  'compute.tier',
  // Of a cluster that Azure Arc connects, and of a fleet of clusters.
  'distribution',
  'hubProfile',
  // Of an environment of container apps.
  'appLogsConfiguration',
  // Of an Application Insights component, in its own casing.
  'WorkspaceResourceId',
  'IngestionMode',
  // Machines and their extensions.
  'osType',
  'lastStatusChange',
  'storageProfile.osDisk.osType',
  'storageProfile.imageReference',
  'virtualMachineScaleSet.id',
  'orchestrationMode',
  'virtualMachineProfile.storageProfile.osDisk.osType',
  'virtualMachineProfile.extensionProfile.extensions',
  'publisher',
  'type',
  'settings.RealtimeProtectionEnabled',
  // Of the Azure Monitor agent: the identity that it is told to sign in with.
  'settings.authentication.managedIdentity',
] as const

/** Types whose managed identity is asked for, which stands beside their properties. */
export const identityTypes: readonly string[] = ['microsoft.compute/virtualmachines', 'microsoft.compute/virtualmachinescalesets']

/** `features.x` as a column name: `features_x`. An extension's own `type` must not take the place of the resource's. */
export function columnOf(path: string): string {
  return path === 'type' ? 'properties_type' : path.replaceAll('.', '_')
}

const propertyColumns = propertyPaths.map((path) => `${columnOf(path)} = properties.${path}`).join(', ')

const columns = `id, name, type, kind, location, resourceGroup, subscriptionId, managedBy, tags, skuName = sku.name, identityType = identity.type, ${propertyColumns}`

/** All resources of the scope; ordered by a unique key, without which Resource Graph repeats and loses rows between pages. */
export const resourcesQuery = `resources
| project ${columns}
| order by id asc`

/**
 * How many resources (of some types) each subscription has.
 * @param kinds further columns by name, each of which counts the resources of some types.
 */
export function sizesQueryOf(types?: readonly string[], kinds: Readonly<Record<string, readonly string[]>> = {}): string {
  const ofTypes = types === undefined ? '' : `\n| where ${isOneOf(types)}`
  const columns = Object.entries(kinds).map(([kind, of]) => `, ${kind} = countif(${isOneOf(of)})`).join('')
  return `resources${ofTypes}
| summarize count = count()${columns} by subscriptionId
| order by subscriptionId asc`
}

function isOneOf(types: readonly string[]): string {
  return `type in~ (${types.map((type) => `'${type}'`).join(', ')})`
}

/** Log destinations alone, for subscriptions that a scan does not read. */
export const destinationsQuery = `resources
| where ${isOneOf(destinationTypes)}
| project ${columns}
| order by id asc`

/**
 * The subscriptions that Resource Graph really covers, the resource groups that belong to another service, and those whose names are of AKS and
 * Databricks: what is not among them was not shown, and its owner is not known.
 */
export const containersQuery = `resourcecontainers
| where type == 'microsoft.resources/subscriptions' or (type == 'microsoft.resources/subscriptions/resourcegroups' and (managedBy != '' or name startswith 'mc_' or name startswith 'databricks-rg-'))
| project id, name, type, subscriptionId, managedBy
| order by id asc`

/** Alert rules, what they call, what suppresses them, and what exports alerts. These tables are small, so their rows come whole. */
export const alertingQuery = `resources
| where type in~ ('microsoft.insights/activitylogalerts', 'microsoft.insights/scheduledqueryrules', 'microsoft.insights/actiongroups', 'microsoft.alertsmanagement/actionrules', 'microsoft.security/automations')
| project id, type, properties
| order by id asc`
