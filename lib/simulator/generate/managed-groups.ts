import type { GraphRow } from '../graph-row'
import { guid } from '../random'
import type { Estate, Group } from './estate'

/** A cluster with its registry, and the nodes that the service keeps in a group of its own. */
export function managedCluster(estate: Estate, group: Group, name: string): GraphRow[] {
  const nodeGroupName = `MC_${group.name}_aks-${name}_${group.region.name}`
  const cluster = estate.row(group, 'Microsoft.ContainerService/managedClusters', `aks-${name}`, {
    sku: { name: 'Base', tier: 'Standard' },
    properties: {
      kubernetesVersion: '1.31.2',
      nodeResourceGroup: nodeGroupName,
      aadProfile: estate.draw('entra', name) < 0.7 ? { managed: true, enableAzureRBAC: true } : null,
    },
  })
  const nodes = estate.group(group.plan, nodeGroupName, group.region, cluster.id)
  const suffix = guid(estate.seed, 'nodes', name).slice(0, 8)
  return [
    cluster,
    estate.row(group, 'Microsoft.ContainerRegistry/registries', `cr${name.replaceAll('-', '')}`, {
      sku: { name: 'Premium', tier: 'Premium' },
    }),
    estate.row(nodes, 'Microsoft.Compute/virtualMachineScaleSets', `aks-system-${suffix}-vmss`, {
      sku: { name: 'Standard_D4s_v5', capacity: 3 },
      properties: { orchestrationMode: 'Uniform' },
    }),
    estate.row(nodes, 'Microsoft.Network/loadBalancers', `kubernetes-${suffix}`, { sku: { name: 'Standard', tier: 'Regional' } }),
    estate.row(nodes, 'Microsoft.Network/publicIPAddresses', `${guid(estate.seed, 'ip', name)}`, {
      sku: { name: 'Standard', tier: 'Regional' },
    }),
    estate.row(nodes, 'Microsoft.Network/networkSecurityGroups', `aks-agentpool-${suffix}-nsg`),
    estate.row(nodes, 'Microsoft.ManagedIdentity/userAssignedIdentities', `aks-${name}-agentpool`),
  ]
}

/** A Databricks workspace; what it keeps in its managed group is closed by a deny assignment of the service. */
export function databricks(estate: Estate, group: Group, name: string): GraphRow[] {
  const managedName = `databricks-rg-dbw-${name}`
  const workspace = estate.row(group, 'Microsoft.Databricks/workspaces', `dbw-${name}`, {
    sku: { name: 'premium' },
    properties: { managedResourceGroupId: `/subscriptions/${group.plan.subscriptionId}/resourceGroups/${managedName}` },
  })
  const managed = estate.group(group.plan, managedName, group.region, workspace.id)
  return [
    workspace,
    estate.row(managed, 'Microsoft.Storage/storageAccounts', `dbstorage${guid(estate.seed, 'dbfs', name).slice(0, 8)}`, {
      kind: 'BlobStorage',
      sku: { name: 'Standard_GRS', tier: 'Standard' },
      tagged: false,
    }),
    estate.row(managed, 'Microsoft.Network/networkSecurityGroups', 'workers-sg'),
    estate.row(managed, 'Microsoft.Network/virtualNetworks', 'workers-vnet', {
      properties: { addressSpace: { addressPrefixes: ['10.139.0.0/16'] } },
    }),
  ]
}
