import { afterEach, describe, expect, it } from 'vitest'
import { KeypointError } from '../errors'
import { parseAuditArrivals, parseMachineArrivals, parseWorkspaceQueries } from './log-queries'
import { production, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const customerId = '5a0c61a1-6d0c-4d5b-9a37-0c2f1d1a6b11'
const workspace = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.OperationalInsights/workspaces/law`

async function start(logAnalytics = true): Promise<SimulatedAzure> {
  running = await startSimulatedAzure({}, logAnalytics ? {} : { logAnalytics: undefined })
  running.simulator.tenant.addResource({
    id: workspace, name: 'law', type: 'microsoft.operationalinsights/workspaces', tenantId, kind: '', location: 'westeurope', resourceGroup: 'rg-app', subscriptionId: production,
    managedBy: '', sku: null, plan: null, properties: { customerId }, tags: null, identity: null, zones: null, extendedLocation: null,
  })
  return running
}

const tableOf = (row: unknown[]): unknown => ({ tables: [{ name: 'PrimaryResult', columns: [{ name: 'queryCount' }, { name: 'people' }, { name: 'lastAt' }], rows: [row] }] })

describe('queries on a workspace', () => {
  it('are counted over HTTP', async () => {
    const { azure, simulator } = await start()
    expect(await azure.readWorkspaceQueries(customerId)).toEqual({ ok: true, value: { queries: 0, people: 0, lastOn: null } })
    simulator.tenant.setAnswer('log-queries', workspace, { status: 200, body: tableOf([7, 2, '2026-07-01T10:00:00Z']) })
    expect(await azure.readWorkspaceQueries(customerId)).toEqual({ ok: true, value: { queries: 7, people: 2, lastOn: '2026-07-01' } })
  })

  it('are a refusal without the right, and not to be had without an endpoint', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.refuse(workspace, { kinds: ['log-queries'] })
    expect(await azure.readWorkspaceQueries(customerId)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.OperationalInsights/workspaces/query/LAQueryLogs/read' })
    expect(await azure.readWorkspaceQueries('00000000-0000-0000-0000-000000000000')).toMatchObject({ ok: false })
    await running?.close()
    expect(await (await start(false)).azure.readWorkspaceQueries(customerId)).toMatchObject({ ok: false, reason: 'unsupported' })
  })

  it('are a refusal where the identity gets no token for them', async () => {
    running = await startSimulatedAzure({}, { credential: { getToken: async () => { throw new KeypointError('unavailable', 'No consent.', 'Grant it.') } } })
    expect(await running.azure.readWorkspaceQueries(customerId)).toMatchObject({ ok: false, reason: 'permission-denied', detail: expect.stringContaining('No consent') })
  })

  it('count for nothing in part or in another shape', () => {
    const whole = tableOf([1, 1, null])
    expect(parseWorkspaceQueries(200, whole)).toMatchObject({ ok: true })
    expect(parseWorkspaceQueries(200, { ...(typeof whole === 'object' ? whole : {}), error: { code: 'PartialError' } })).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseWorkspaceQueries(200, tableOf([]))).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseWorkspaceQueries(200, { tables: [] })).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseWorkspaceQueries(400, { error: { code: 'BadArgumentError', message: 'x' } })).toMatchObject({ ok: false, reason: 'api-error' })
  })
})

describe('what arrived of machines', () => {
  const vm = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Compute/virtualMachines/vm-1`
  const arrived = (...rows: unknown[][]): unknown => ({ tables: [{ name: 'PrimaryResult', columns: [{ name: 'machine' }, { name: 'heartbeat' }, { name: 'events' }], rows }] })

  it('is asked over HTTP, and is nothing where no machine was heard of', async () => {
    const { azure, simulator } = await start()
    expect(await azure.readMachineArrivals(customerId)).toEqual({ ok: true, value: [] })
    simulator.tenant.setAnswer('log-arrivals', workspace, { status: 200, body: arrived([vm, true, false]) })
    expect(await azure.readMachineArrivals(customerId)).toEqual({ ok: true, value: [{ machine: vm.toLowerCase(), heartbeat: true, events: false }] })
    // The other query has an answer of its own.
    expect(await azure.readWorkspaceQueries(customerId)).toMatchObject({ ok: true, value: { queries: 0 } })
  })

  it('is a refusal without the right', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.refuse(workspace, { kinds: ['log-arrivals'] })
    expect(await azure.readMachineArrivals(customerId)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.OperationalInsights/workspaces/query/Heartbeat/read' })
  })

  it('takes 0 and 1 for booleans, and nothing else', () => {
    expect(parseMachineArrivals(200, arrived([vm, 1, 0]))).toMatchObject({ ok: true, value: [{ heartbeat: true, events: false }] })
    expect(parseMachineArrivals(200, arrived([vm, 'yes', true]))).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseMachineArrivals(200, arrived([null, true, true]))).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseMachineArrivals(504, {})).toMatchObject({ ok: false, reason: 'api-error' })
  })
})

describe('which audit events of managed instances arrived', () => {
  const instance = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Sql/managedInstances/mi-1`
  const arrived = (...rows: unknown[][]): unknown => ({ tables: [{ name: 'PrimaryResult', columns: [{ name: 'resource' }, { name: 'category' }, { name: 'lastAt' }], rows }] })

  it('is asked over HTTP, and is none where no audit wrote any', async () => {
    const { azure, simulator } = await start()
    expect(await azure.readAuditArrivals(customerId)).toEqual({ ok: true, value: [] })
    simulator.tenant.setAnswer('audit-arrivals', workspace, { status: 200, body: arrived([instance, 'SQLSecurityAuditEvents', '2026-07-01T10:00:00Z']) })
    expect(await azure.readAuditArrivals(customerId)).toEqual({ ok: true, value: [{ resource: instance.toLowerCase(), category: 'SQLSecurityAuditEvents', lastOn: '2026-07-01' }] })
    expect(await azure.readMachineArrivals(customerId)).toEqual({ ok: true, value: [] })
  })

  it('is a refusal without the right, and nothing in another shape', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.refuse(workspace, { kinds: ['audit-arrivals'] })
    expect(await azure.readAuditArrivals(customerId)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.OperationalInsights/workspaces/query/AzureDiagnostics/read' })
    expect(parseAuditArrivals(200, arrived([instance, 'SQLSecurityAuditEvents', null]))).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseAuditArrivals(200, arrived(['', 'SQLSecurityAuditEvents', '']))).toMatchObject({ ok: false, reason: 'api-error' })
  })
})
