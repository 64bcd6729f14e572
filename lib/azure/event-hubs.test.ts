import { afterEach, describe, expect, it } from 'vitest'
import type { Fault, SimulatedTenant } from '../simulator'
import { production, smallTenant, startSimulatedAzure, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const id = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.EventHub/namespaces/Siem`
type Body = Exclude<Parameters<SimulatedTenant['setAnswer']>[2]['body'], undefined>

/** What is read of a namespace of which ARM answers this. */
async function read(answers: Partial<Record<'event-hubs' | 'hub-rules' | 'hub-firewall', Body>> = {}, fault?: Fault) {
  await running?.close()
  running = await startSimulatedAzure({ tenant: smallTenant() })
  const { tenant } = running.simulator
  const [any] = tenant.rows('resources')
  if (any === undefined) throw new Error('the small tenant should have resources')
  tenant.addResource({ ...any, id, name: 'Siem', type: 'microsoft.eventhub/namespaces', subscriptionId: production, resourceGroup: 'rg-app' })
  for (const [kind, body] of Object.entries(answers)) tenant.setAnswer(kind as keyof typeof answers, id, { status: 200, body })
  if (fault) running.simulator.addFault(fault)
  return await running.azure.readEventHubNamespace(id)
}

const open = { denies: false, trustsServices: false, publicNetworkAccess: 'Enabled', rules: 0 }

describe('a namespace of event hubs', () => {
  it('tells its firewall, its hubs and its rules', async () => {
    expect(await read()).toEqual({ ok: true, value: { firewall: open, eventHubs: ['insights-logs'], authorizationRules: ['rootmanagesharedaccesskey'] } })
    const properties = { defaultAction: 'Deny', trustedServiceAccessEnabled: true, publicNetworkAccess: 'Enabled', virtualNetworkRules: [{ subnet: { id: 'x' } }], ipRules: [{ ipMask: '1.2.3.4' }, { ipMask: '1.2.3.5' }] }
    expect(await read({ 'hub-firewall': { properties }, 'event-hubs': { value: [{ name: 'A' }, { name: 'b' }] }, 'hub-rules': { value: [] } })).toEqual({
      ok: true, value: { firewall: { denies: true, trustsServices: true, publicNetworkAccess: 'Enabled', rules: 3 }, eventHubs: ['a', 'b'], authorizationRules: [] },
    })
  })

  it('may have no set of rules, and leave out what is empty', async () => {
    expect(await read({}, { match: 'networkRuleSets', kind: 'status', status: 404, code: 'ResourceNotFound' })).toMatchObject({ ok: true, value: { firewall: { denies: false, rules: 0 } } })
    expect(await read({ 'hub-firewall': { properties: {} } })).toMatchObject({ ok: true, value: { firewall: { denies: false, trustsServices: false, publicNetworkAccess: null, rules: 0 } } })
  })

  it.each(['eventhubs?', 'authorizationRules', 'networkRuleSets'])('is unread where %s is refused', async (part) => {
    expect(await read({}, { match: part, kind: 'refuse', action: 'Microsoft.EventHub/namespaces/x/read' })).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.EventHub/namespaces/x/read' })
  })

  it('is gone where its hubs are', async () => {
    expect(await read({}, { match: 'eventhubs?', kind: 'status', status: 404, code: 'ResourceNotFound' })).toMatchObject({ ok: false, reason: 'gone' })
  })
})
