import { afterEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '../domain/arm-id'
import type { GraphRow } from '../simulator'
import { production, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const machine = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Compute/virtualMachines/VM-1`

async function start(properties: GraphRow['properties']): Promise<SimulatedAzure> {
  const tenant = smallTenant()
  const row = tenant.row(vaultId(production, 0))
  if (row === undefined) throw new Error('the small tenant has vaults')
  const id = `${machine}/providers/Microsoft.GuestConfiguration/guestConfigurationAssignments/AzureWindowsBaseline`
  tenant.addResource({ ...row, id, name: 'AzureWindowsBaseline', type: 'microsoft.guestconfiguration/guestconfigurationassignments', properties }, 'guestconfigurationresources')
  running = await startSimulatedAzure({ tenant })
  return running
}

describe('guest assignments', () => {
  it('keep the wanted rules of a report in both spellings, and the day of the result', async () => {
    const { azure } = await start({
      guestConfiguration: { name: 'AzureWindowsBaseline' },
      complianceStatus: 'NonCompliant',
      lastComplianceStatusChecked: '2026-07-30T14:53:40.2514066Z',
      latestAssignmentReport: {
        resources: [
          { complianceStatus: 'false', properties: { ResourceId: '[Registry]Include command line in process creation events' }, reasons: [{ phrase: 'expected 1', code: 'C' }] },
          { resourceId: '[AuditPol]Audit Process Creation', complianceStatus: 'Compliant', reasons: [] },
          { resourceId: '[AuditPol]Audit Logon', complianceStatus: 'Compliant', reasons: [] },
        ],
      },
    })
    expect((await azure.readGuestAssignments([production])).rows).toEqual([{
      machine: toResourceKey(machine),
      name: 'AzureWindowsBaseline',
      configuration: 'AzureWindowsBaseline',
      status: 'NonCompliant',
      checkedOn: '2026-07-30',
      rules: [
        { id: '[Registry]Include command line in process creation events', status: 'NonCompliant', words: ['expected 1', 'C'] },
        { id: '[AuditPol]Audit Process Creation', status: 'Compliant', words: [] },
      ],
      rulesReported: 3,
    }])
  })

  it('are pending without a report', async () => {
    const { azure } = await start({ complianceStatus: 'Pending' })
    expect((await azure.readGuestAssignments([production])).rows).toMatchObject([{ status: 'Pending', checkedOn: null, rules: [], rulesReported: 0 }])
  })
})
