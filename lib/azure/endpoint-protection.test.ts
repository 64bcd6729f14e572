import { afterEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '../domain/arm-id'
import type { GraphRow } from '../simulator'
import { production, sandbox, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const machine = `/subscriptions/${production}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`

function row(scope: string, type: 'assessments' | 'pricings', name: string, properties: GraphRow['properties']): GraphRow {
  return {
    id: `${scope}/providers/Microsoft.Security/${type}/${name}`, name, type: `microsoft.security/${type}`, tenantId, kind: '', location: '', resourceGroup: '', subscriptionId: /[0-9a-f-]{36}/.exec(scope)?.[0] ?? '',
    managedBy: '', sku: null, plan: null, properties, tags: null, identity: null, zones: null, extendedLocation: null,
  }
}
const assessment = (name: string, displayName: string, code = 'Healthy') => row(machine, 'assessments', name, { displayName, status: { code }, resourceDetails: { Source: 'Azure', Id: machine.toUpperCase() } })

describe('what Defender for Cloud says of endpoint protection', () => {
  it('are the recommendations on products, by key or by words, and no others', async () => {
    running = await startSimulatedAzure()
    for (const one of [
      assessment('06E3A6DB-6c0c-4ad9-943f-31d9d73ecf6c', 'A product should be installed', 'Unhealthy'),
      assessment('dc5357d0-3858-4d17-a1a3-072840bff5be', 'EDR configuration issues should be resolved on virtual machines'),
      assessment('a', 'Anti-Virus component in your EDR is off or partially configured'),
      assessment('b', 'Endpoint protection should be installed on machines'),
      assessment('c', 'Credread should be turned off'),
      assessment('d', 'Machines should be configured securely'),
    ]) running.simulator.tenant.addResource(one, 'securityresources')
    const { rows } = await running.azure.readEndpointProtection([production])
    const found = rows.flatMap((each) => (each.kind === 'recommendation' && each.machine === toResourceKey(machine) ? [`${each.status} ${each.name}`] : []))
    expect(found.toSorted()).toEqual([
      'Healthy Anti-Virus component in your EDR is off or partially configured',
      'Healthy EDR configuration issues should be resolved on virtual machines',
      'Healthy Endpoint protection should be installed on machines',
      'Unhealthy A product should be installed',
    ])
  })

  it('tells the plan of the subscription from that of a single machine', async () => {
    running = await startSimulatedAzure()
    const standard = { pricingTier: 'Standard' }
    running.simulator.tenant.addResource(row(machine, 'pricings', 'VirtualMachines', standard), 'securityresources')
    running.simulator.tenant.addResource(row(`/subscriptions/${sandbox}`, 'pricings', 'virtualmachines', standard), 'securityresources')
    const { rows } = await running.azure.readEndpointProtection([production, sandbox])
    expect(rows.filter((each) => each.kind === 'plan' && each.on)).toEqual([
      { kind: 'plan', subscriptionId: production, machine: toResourceKey(machine), on: true }, { kind: 'plan', subscriptionId: sandbox, machine: null, on: true },
    ])
  })
})
