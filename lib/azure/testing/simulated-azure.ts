import { SimulatedTenant, startSimulator, type GraphRow, type Simulator, type SimulatorOptions } from '../../simulator'
import { createAzure, type Azure, type AzureOptions } from '../azure'
import { createSimulatorCredential } from '../simulator-credential'
import { FakeClock } from './fake-clock'

export const tenantId = '7c8c2db0-7b46-4fa0-a13f-266c870707dd'
export const production = '11111111-1111-4111-8111-111111111111'
export const sandbox = '22222222-2222-4222-8222-222222222222'

/** A small tenant for tests of lib/azure: two subscriptions, two groups, as many vaults in each as wanted. */
export function smallTenant(vaultsEach = 3): SimulatedTenant {
  const subscriptions = [production, sandbox].map((subscriptionId, index) => ({
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: index === 0 ? 'Production' : 'Sandbox',
    state: 'Enabled',
  }))
  const containers = [production, sandbox].flatMap((subscriptionId) => [
    row(`/subscriptions/${subscriptionId}`, 'microsoft.resources/subscriptions', subscriptionId),
    row(`/subscriptions/${subscriptionId}/resourceGroups/rg-App`, 'microsoft.resources/subscriptions/resourcegroups', subscriptionId),
    {
      ...row(`/subscriptions/${subscriptionId}/resourceGroups/MC_app`, 'microsoft.resources/subscriptions/resourcegroups', subscriptionId),
      managedBy: `/subscriptions/${subscriptionId}/resourceGroups/rg-App/providers/Microsoft.ContainerService/managedClusters/aks`,
    },
  ])
  const resources = [production, sandbox].flatMap((subscriptionId) => [
    ...Array.from({ length: vaultsEach }, (_, index) => row(vaultId(subscriptionId, index), 'microsoft.keyvault/vaults', subscriptionId)),
    row(`/subscriptions/${subscriptionId}/resourceGroups/MC_app/providers/Microsoft.Compute/disks/d`, 'microsoft.compute/disks', subscriptionId),
  ])
  return new SimulatedTenant({
    tenantId,
    displayName: 'Small',
    subscriptions,
    managementGroups: [
      { name: tenantId, displayName: 'Root', parent: null },
      { name: 'platform', displayName: 'Platform', parent: tenantId },
    ],
    placement: new Map([[production, 'platform'], [sandbox, tenantId]]),
    tables: { resources, resourcecontainers: containers },
    events: new Map(),
    facts: (kind, _subject, about) =>
      kind === 'diagnostic-settings' && about?.type !== 'microsoft.compute/disks' ? { status: 200, body: { value: [] } } : undefined,
  })
}

export function vaultId(subscriptionId: string, index: number): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg-App/providers/Microsoft.KeyVault/vaults/kv-${index}`
}

function row(id: string, type: string, subscriptionId: string): GraphRow {
  const resourceGroup = /\/resourceGroups\/([^/]+)/.exec(id)?.[1]?.toLowerCase() ?? ''
  return {
    id,
    name: id.split('/').at(-1) ?? id,
    type,
    tenantId,
    kind: '',
    location: 'westeurope',
    resourceGroup,
    subscriptionId,
    managedBy: '',
    sku: { name: 'standard' },
    plan: null,
    properties: { provisioningState: 'Succeeded', vaultUri: 'https://kv', features: { immediatePurgeDataOn30Days: true } },
    tags: { owner: 'team' },
    identity: null,
    zones: null,
    extendedLocation: null,
  }
}

export interface SimulatedAzure {
  simulator: Simulator
  azure: Azure
  close(): Promise<void>
}

/** Azure over real HTTP to a simulator of its own; both follow one clock, so that no pause takes real time. */
export async function startSimulatedAzure(
  simulated: Partial<SimulatorOptions> = {},
  options: Partial<AzureOptions> = {},
): Promise<SimulatedAzure> {
  const clock = new FakeClock()
  const simulator = await startSimulator({ tenant: smallTenant(), now: () => clock.now(), ...simulated })
  const azure = createAzure({
    endpoint: simulator.url,
    scope: `${simulator.url}/.default`,
    logAnalytics: { endpoint: simulator.url, scope: `${simulator.url}/.default` },
    credential: createSimulatorCredential(simulator.url, simulator.tenantId),
    tenantId: simulator.tenantId,
    cloud: 'AzureCloud',
    clock,
    ...options,
  })
  return {
    simulator,
    azure,
    close: async () => {
      azure.close()
      await simulator.close()
    },
  }
}
