import { afterEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '../domain/arm-id'
import type { GraphRow } from '../simulator'
import { production, sandbox, smallTenant, startSimulatedAzure, vaultId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const machine = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Compute/virtualMachines/VM-1`
const ruleId = `/subscriptions/${sandbox}/resourceGroups/rg-App/providers/Microsoft.Insights/dataCollectionRules/dcr`

/** The small tenant with one machine row's worth of associations and one rule. */
async function start(associations = 1): Promise<SimulatedAzure> {
  const tenant = smallTenant()
  const row = tenant.row(vaultId(production, 0))
  if (row === undefined) throw new Error('the small tenant has vaults')
  const like = (id: string, type: string, properties: GraphRow['properties'], subscriptionId: string): GraphRow =>
    ({ ...row, id, name: id.split('/').at(-1) ?? id, type, subscriptionId, properties })
  const type = 'microsoft.insights/datacollectionruleassociations'
  for (let number = 0; number < associations; number += 1) {
    tenant.addResource(like(`${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/a${number}`, type, { dataCollectionRuleId: ruleId }, production), 'insightsresources')
  }
  tenant.addResource(like(`${machine}/providers/microsoft.insights/dataCollectionRuleAssociations/configurationAccessEndpoint`, type, { dataCollectionEndpointId: '/x/dce' }, production), 'insightsresources')
  tenant.addResource(like(ruleId, 'microsoft.insights/datacollectionrules', {
    dataSources: {
      windowsEventLogs: [{ name: 's', streams: ['Microsoft-SecurityEvent'], xPathQueries: ['Security!*'] }],
      performanceCounters: [{ name: 'p', counterSpecifiers: ['\\Processor(_Total)\\% Processor Time'] }],
    },
    destinations: { logAnalytics: [{ name: 'la', workspaceResourceId: '/w' }], azureMonitorMetrics: { name: 'm' } },
    dataFlows: [{ streams: ['Microsoft-SecurityEvent'], destinations: ['la'], transformKql: 'source' }, { streams: ['Microsoft-Syslog'], destinations: ['la'], outputStream: 'Custom-Sec_CL' }],
  }, sandbox))
  running = await startSimulatedAzure({ tenant })
  return running
}

describe('associations of data collection rules', () => {
  it('are read for all machines by one query, by machine in any casing', async () => {
    const { azure, simulator } = await start()
    const { rows, failures } = await azure.readRuleAssociations([production, sandbox.toUpperCase()])
    expect(failures.size).toBe(0)
    expect(rows).toEqual([
      { machine: toResourceKey(machine), name: 'a0', ruleId, endpointId: null },
      { machine: toResourceKey(machine), name: 'configurationAccessEndpoint', ruleId: null, endpointId: '/x/dce' },
    ])
    expect(simulator.requests.count('resource-graph')).toBe(1)
  })

  it('come over pages, each once', async () => {
    const { azure } = await start(1500)
    const { rows } = await azure.readRuleAssociations([production, sandbox])
    expect(new Set(rows.map(({ name }) => name)).size).toBe(1501)
    expect(rows.length).toBe(1501)
  })

  it('are a failure for every subscription where the table is refused, and never an empty list', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: 'ResourceGraph', kind: 'status', status: 403, code: 'AccessDenied', message: 'no' })
    const { rows, failures } = await azure.readRuleAssociations([production, sandbox])
    expect(rows).toEqual([])
    expect([...failures.keys()]).toEqual([production, sandbox])
    expect(failures.get(production)).toMatchObject({ reason: 'permission-denied', action: 'Microsoft.Insights/dataCollectionRuleAssociations/read' })
  })

  it('are asked for in smaller pages when an answer is too large', async () => {
    const { azure, simulator } = await start(300)
    simulator.addFault({ match: 'ResourceGraph', kind: 'status', status: 400, code: 'ResponsePayloadTooLarge', times: 1 })
    const { rows, failures } = await azure.readRuleAssociations([production, sandbox])
    expect(failures.size).toBe(0)
    expect(rows.length).toBe(301)
  })
})

describe('data collection rules', () => {
  it('keep sources, flows and workspaces', async () => {
    const { azure } = await start()
    expect((await azure.readCollectionRules([production, sandbox])).rows).toEqual([{
      id: ruleId,
      name: 'dcr',
      kind: null,
      windowsEvents: [{ streams: ['Microsoft-SecurityEvent'], xPathQueries: ['Security!*'] }],
      syslog: [],
      logFiles: [],
      workspaces: [{ name: 'la', workspaceId: '/w' }],
      flows: [
        { streams: ['Microsoft-SecurityEvent'], destinations: ['la'], transformKql: 'source' },
        { streams: ['Microsoft-Syslog'], destinations: ['la'], transformKql: null, outputStream: 'Custom-Sec_CL' },
      ],
    }])
  })
})

describe('the inventory of machines', () => {
  it('tells the operating system, the extensions and their type, and no setting of an extension', async () => {
    const { azure, simulator } = await start()
    const row = simulator.tenant.row(vaultId(production, 0))
    if (row === undefined) throw new Error('the small tenant has vaults')
    const add = (id: string, type: string, properties: GraphRow['properties']): void =>
      simulator.tenant.addResource({ ...row, id, name: id.split('/').at(-1) ?? id, type, properties })
    add(machine, 'microsoft.compute/virtualmachines', { storageProfile: { osDisk: { osType: 'Windows', diskSizeGB: 1 } } })
    add(`${machine}/extensions/AMA`, 'microsoft.compute/virtualmachines/extensions', { publisher: 'P', type: 'AzureMonitorWindowsAgent', provisioningState: 'Succeeded', settings: { key: 'secret' } })
    add(machine.replace('virtualMachines', 'virtualMachineScaleSets'), 'microsoft.compute/virtualmachinescalesets', {
      orchestrationMode: 'Uniform',
      virtualMachineProfile: {
        storageProfile: { osDisk: { osType: 'Linux' } },
        extensionProfile: { extensions: [{ name: 'script', properties: { publisher: 'P', type: 'T', settings: { commandToExecute: 'secret' } } }] },
      },
    })
    const found = new Map<string, unknown>()
    for await (const page of azure.readInventory([production])) {
      if (page.kind === 'page') for (const resource of page.resources) found.set(resource.type, resource.properties)
    }
    expect(found.get('microsoft.compute/virtualmachines')).toEqual({ identity: { type: 'None' }, storageProfile: { osDisk: { osType: 'Windows' } } })
    expect(found.get('microsoft.compute/virtualmachines/extensions')).toEqual({ publisher: 'P', type: 'AzureMonitorWindowsAgent', provisioningState: 'Succeeded' })
    expect(found.get('microsoft.compute/virtualmachinescalesets')).toEqual({
      identity: { type: 'None' },
      orchestrationMode: 'Uniform',
      virtualMachineProfile: { storageProfile: { osDisk: { osType: 'Linux' } }, extensionProfile: { extensions: [{ name: 'script', properties: { publisher: 'P', type: 'T', settings: {} } }] } },
    })
    expect(JSON.stringify([...found])).not.toContain('secret')
  })
})
