import type { GraphRow } from '../graph-row'
import type { JsonObject } from '../json'
import type { Estate, SubscriptionPlan } from './estate'

const definitions = '/providers/Microsoft.Authorization/policyDefinitions'
const keyVaultLogs = `${definitions}/cf820ca0-f99e-4f3e-84fb-66e913812d21`
const windowsAgent = `${definitions}/c02729e5-e5e7-4458-97fa-2b5ad0661f28`
const secureTransfer = `${definitions}/404c3081-a854-4457-ae30-26a93ef643f9`
const benchmark = '/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8'

/** What Azure Policy says of exemptions: two that a check knows, one of a policy that none knows, and one that is narrowed further. */
export function policyExemptions(estate: Estate, plans: readonly SubscriptionPlan[]): GraphRow[] {
  const weak = plans.find((plan) => plan.discipline === 'weak') ?? plans.at(-1)
  const other = plans.find((plan) => plan !== weak) ?? weak
  if (weak === undefined || other === undefined) return []
  const root = `/providers/Microsoft.Management/managementGroups/${estate.tenantId}`
  const assigned = (name: string) => `${root}/providers/Microsoft.Authorization/policyAssignments/${name}`
  const row = (scope: string, kind: string, name: string, properties: JsonObject, subscriptionId = ''): GraphRow => ({
    id: `${scope}/providers/Microsoft.Authorization/${kind}/${name}`, name, type: `microsoft.authorization/${kind.toLowerCase()}`, tenantId: estate.tenantId, kind: '', location: '',
    resourceGroup: '', subscriptionId, managedBy: '', sku: null, plan: null, properties, tags: null, identity: null, zones: null, extendedLocation: null,
  })
  const exemption = (plan: SubscriptionPlan, name: string, properties: JsonObject): GraphRow =>
    row(`/subscriptions/${plan.subscriptionId}`, 'policyExemptions', name, properties, plan.subscriptionId)
  return [
    row(root, 'policyAssignments', 'mcsb', { displayName: 'Microsoft cloud security benchmark', policyDefinitionId: benchmark }),
    row(root, 'policyAssignments', 'monitor-agent', { displayName: 'Windows machines have the Azure Monitor Agent', policyDefinitionId: windowsAgent }),
    row('', 'policySetDefinitions', '1f3afdf9-d0c9-4c3d-847f-89da613e70a8', {
      displayName: 'Microsoft cloud security benchmark', policyType: 'BuiltIn',
      policyDefinitions: [
        { policyDefinitionReferenceId: 'diagnosticsLogsInKeyVaultMonitoring', policyDefinitionId: keyVaultLogs },
        { policyDefinitionReferenceId: 'secureTransferToStorageAccountMonitoring', policyDefinitionId: secureTransfer },
      ],
    }),
    exemption(weak, 'vaults-of-a-sandbox', {
      displayName: 'Vaults of a sandbox', description: 'They hold nothing but test keys.', exemptionCategory: 'Waiver', expiresOn: '2034-01-31T00:00:00Z',
      policyAssignmentId: assigned('mcsb'), policyDefinitionReferenceIds: ['diagnosticsLogsInKeyVaultMonitoring'], metadata: { requestedBy: 'Sandbox team', approvedBy: 'Security' },
    }),
    exemption(other, 'other-agent', {
      displayName: 'Another agent collects', description: 'The machines report to the agent of the managed service.', exemptionCategory: 'Mitigated', policyAssignmentId: assigned('monitor-agent'),
    }),
    exemption(other, 'plain-http', {
      displayName: 'Plain HTTP for an old client', exemptionCategory: 'Waiver', expiresOn: '2034-06-30T00:00:00Z', policyAssignmentId: assigned('mcsb'),
      policyDefinitionReferenceIds: ['secureTransferToStorageAccountMonitoring'],
    }),
    exemption(weak, 'one-region', {
      displayName: 'One region', exemptionCategory: 'Waiver', policyAssignmentId: assigned('mcsb'), policyDefinitionReferenceIds: [],
      resourceSelectors: [{ name: 'regions', selectors: [{ kind: 'resourceLocation', in: ['westeurope'] }] }],
    }),
  ]
}
