import { afterEach, describe, expect, it } from 'vitest'
import type { GraphRow } from '../simulator'
import { production, sandbox, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const group = '/providers/Microsoft.Management/managementGroups/platform'
const subscription = `/subscriptions/${production}`
const definition = '/providers/Microsoft.Authorization/policyDefinitions/cf820ca0-f99e-4f3e-84fb-66e913812d21'
const other = `${group}/providers/Microsoft.Authorization/policyDefinitions/own`
const set = '/providers/Microsoft.Authorization/policySetDefinitions/set'

function row(scope: string, kind: string, name: string, properties: GraphRow['properties']): GraphRow {
  return {
    id: `${scope}/providers/Microsoft.Authorization/${kind}/${name}`, name, type: `microsoft.authorization/${kind.toLowerCase()}`, tenantId, kind: '', location: '', resourceGroup: '',
    subscriptionId: /^\/subscriptions\/([^/]+)/.exec(scope)?.[1] ?? '', managedBy: '', sku: null, plan: null, properties, tags: null, identity: null, zones: null, extendedLocation: null,
  }
}

const assignments = [
  row(group, 'policyAssignments', 'one', { displayName: 'One policy', policyDefinitionId: definition }),
  row(group, 'policyAssignments', 'many', { policyDefinitionId: set.toUpperCase() }),
  row(group, 'policyAssignments', 'unknown', { policyDefinitionId: `${group}/providers/Microsoft.Authorization/policySetDefinitions/hidden` }),
  row('', 'policySetDefinitions', 'set', { policyDefinitions: [{ policyDefinitionId: definition, policyDefinitionReferenceId: 'vaults' }, { policyDefinitionId: other, policyDefinitionReferenceId: 'own' }] }),
]
const of = (assignment: string) => `${group}/providers/Microsoft.Authorization/policyAssignments/${assignment}`

async function read(exemptions: GraphRow[], subscriptions = [production, sandbox]) {
  running = await startSimulatedAzure()
  for (const one of [...assignments, ...exemptions]) running.simulator.tenant.addResource(one, 'policyresources')
  return running.azure.readPolicyExemptions(subscriptions)
}

describe('exemptions of Azure Policy', () => {
  it('are told with where they hold, until when, and who wrote into them', async () => {
    const { exemptions, failures } = await read([
      row(`${subscription}/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/KV`, 'policyExemptions', 'x', {
        displayName: 'A vault', description: 'Why.', exemptionCategory: 'Mitigated', expiresOn: '2027-01-31T10:00:00+01:00', policyAssignmentId: of('one').toUpperCase(),
        metadata: { requestedBy: 'ada', approvedBy: 7 },
      }),
    ])
    expect(failures.size).toBe(0)
    expect(exemptions).toEqual([{
      id: expect.stringMatching(/KV\/providers\/Microsoft\.Authorization\/policyExemptions\/x$/), name: 'A vault', scope: `${subscription}/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/KV`,
      category: 'mitigated', description: 'Why.', expiresAt: '2027-01-31T09:00:00.000Z', requestedBy: 'ada', approvedBy: null, definitions: [{ id: definition, reference: null }],
      assignment: 'One policy', selective: false,
    }])
  })

  it('of a management group above are told once, with the policies of the initiative that they name, or with all', async () => {
    const { exemptions } = await read([
      row(group, 'policyExemptions', 'some', { exemptionCategory: 'Waiver', policyAssignmentId: of('many'), policyDefinitionReferenceIds: ['VAULTS'] }),
      row(group, 'policyExemptions', 'all', { exemptionCategory: 'Waiver', policyAssignmentId: of('many'), expiresOn: 'soon', resourceSelectors: [{ name: 'x' }], metadata: 'odd' }),
      row(group, 'policyExemptions', 'blind', { exemptionCategory: 'Waiver', policyAssignmentId: of('unknown') }),
      row(group, 'policyExemptions', 'lost', { exemptionCategory: 'Waiver', policyAssignmentId: of('gone') }),
      row(group, 'policyExemptions', 'none', { exemptionCategory: 'Waiver', policyAssignmentId: of('many'), policyDefinitionReferenceIds: ['absent'] }),
    ])
    expect(exemptions.map(({ name, scope, definitions, selective, expiresAt, category }) => [name, scope, definitions?.map(({ reference }) => reference) ?? null, selective, expiresAt, category])).toEqual([
      ['all', group, ['vaults', 'own'], true, null, 'waived'],
      ['blind', group, null, false, null, 'waived'],
      ['lost', group, null, false, null, 'waived'],
      ['none', group, [], false, null, 'waived'],
      ['some', group, ['vaults'], false, null, 'waived'],
    ])
  })

  it.each([1, 2])('of which it cannot be read what they are from, since question %i after the first was refused, are told as such', async (after) => {
    running = await startSimulatedAzure()
    const exemption = row(subscription, 'policyExemptions', 'x', { exemptionCategory: 'Waiver', policyAssignmentId: of('many') })
    for (const one of [...assignments, exemption]) running.simulator.tenant.addResource(one, 'policyresources')
    running.simulator.addFault({ match: '/providers/microsoft.resourcegraph/', after, kind: 'status', status: 403, code: 'AuthorizationFailed' })
    const { exemptions, failures } = await running.azure.readPolicyExemptions([production, sandbox])
    expect(exemptions).toMatchObject([{ definitions: null }])
    expect([...failures.keys()].sort()).toEqual([production, sandbox].sort())
  })

  it('are none, and no more is asked, where there are none', async () => {
    const { exemptions } = await read([])
    expect(exemptions).toEqual([])
    expect(running?.azure.counts.total).toBe(1)
  })

  it('of subscriptions that cannot be read are told as such', async () => {
    running = await startSimulatedAzure()
    running.simulator.tenant.hideSubscription(production)
    const { failures } = await running.azure.readPolicyExemptions([production])
    expect(failures.get(production)).toMatchObject({ reason: 'permission-denied' })
  })
})
