import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { graphPageOf } from './graph'
import { readGraphTable } from './graph-table'
import { policyInitiativesQuery } from './policy-exemptions'
import { createSimulatorCredential } from './simulator-credential'
import { production, sandbox, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'
import { systemClock } from './wire/clock'
import { defaultLimits } from './wire/limits'
import { Wire } from './wire/wire'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

describe('a table of Resource Graph', () => {
  it('holds what lies above the subscriptions once, though each group of them has it', async () => {
    running = await startSimulatedAzure()
    const { simulator } = running
    const id = '/providers/Microsoft.Authorization/policySetDefinitions/set'
    simulator.tenant.addResource({
      id, name: 'set', type: 'microsoft.authorization/policysetdefinitions', tenantId, kind: '', location: '', resourceGroup: '', subscriptionId: '', managedBy: '', sku: null, plan: null,
      properties: { policyDefinitions: [] }, tags: null, identity: null, zones: null, extendedLocation: null,
    }, 'policyresources')
    // The first group has one in sight, the last another.
    const ids = [production, ...Array.from({ length: 149 }, (_, index) => `20000000-0000-4000-8000-${String(index).padStart(12, '0')}`), sandbox]
    const wire = new Wire({
      endpoint: simulator.url, scope: `${simulator.url}/.default`, credential: createSimulatorCredential(simulator.url, tenantId), limits: defaultLimits, clock: systemClock,
      counts: { total: 0, throttled: 0, retried: 0 },
    })
    const question = { query: policyInitiativesQuery, page: graphPageOf(z.object({ id: z.string() })), action: 'x', authorizationScopeFilter: 'AtScopeAboveAndBelow' } as const
    const rows = async (keyOf?: (row: { id: string }) => string) => (await readGraphTable(wire, ids, { ...question, keyOf })).rows
    expect(await rows()).toEqual([{ id }, { id }])
    expect(await rows((row) => row.id)).toEqual([{ id }])
    wire.close()
  })
})
