import { afterEach, describe, expect, it } from 'vitest'
import type { FactKind } from '../simulator'
import { parseNewIncidents, parseSentinelConnectors, parseSentinelRules } from './sentinel'
import { production, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

const workspace = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.OperationalInsights/workspaces/law`

async function startWith(kind: FactKind, value: unknown[], pageSize?: number): Promise<SimulatedAzure> {
  running = await startSimulatedAzure({ ...(pageSize !== undefined && { pageSize }) })
  const { tenant } = running.simulator
  tenant.addResource({
    id: workspace, name: 'law', type: 'microsoft.operationalinsights/workspaces', tenantId, kind: '', location: 'westeurope', resourceGroup: 'rg-app', subscriptionId: production,
    managedBy: '', sku: null, plan: null, properties: {}, tags: null, identity: null, zones: null, extendedLocation: null,
  })
  tenant.setAnswer(kind, workspace, { status: 200, body: { value } })
  return running
}

function rule(name: string, kind: string, properties: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: `${workspace}/providers/Microsoft.SecurityInsights/alertRules/${name}`, name, kind, properties: { displayName: `Rule ${name}`, enabled: true, ...properties } }
}
const incident = (severity: string, status: string, createdTimeUtc: string | null): unknown => ({ id: `/i/${severity}-${status}`, properties: { severity, status, createdTimeUtc, title: 'Signed in as j.doe', owner: { email: 'j.doe@contoso.example' } } })

describe('analytics rules of Sentinel', () => {
  it('come over many pages, sorted, with the queries that read the activity log alone', async () => {
    const query = 'AzureActivity | where OperationNameValue endswith "/delete"'
    const { azure, simulator } = await startWith('sentinel-rules', [
      rule('c', 'Scheduled', { query, triggerOperator: 'GreaterThan', triggerThreshold: 0 }),
      rule('b', 'NRT', { query, incidentConfiguration: { createIncident: false } }),
      rule('a', 'Fusion', { enabled: false }),
      rule('d', 'Scheduled', { query: 'SigninLogs | where UserPrincipalName == "j.doe"', triggerOperator: 'GreaterThan', triggerThreshold: 5 }),
      rule('e', 'Scheduled', { query, triggerOperator: 'GreaterThan', triggerThreshold: 5 }),
      rule('f', 'Scheduled', { query, triggerOperator: 'NotEqual', triggerThreshold: 0 }),
      rule('g', 'SomethingNew', { enabled: null, displayName: null }),
    ], 2)
    const read = await azure.readSentinelRules(workspace)
    const known = { enabled: true, createsIncidents: true, activityQuery: null }
    expect(read.ok && read.value.map(({ id, ...rest }) => ({ last: id.at(-1), ...rest }))).toEqual([
      { last: 'a', name: 'Rule a', kind: 'Fusion', ...known, enabled: false },
      { last: 'b', name: 'Rule b', kind: 'NRT', ...known, createsIncidents: false, activityQuery: { text: query, onAny: true } },
      { last: 'c', name: 'Rule c', kind: 'Scheduled', ...known, activityQuery: { text: query, onAny: true } },
      { last: 'd', name: 'Rule d', kind: 'Scheduled', ...known },
      { last: 'e', name: 'Rule e', kind: 'Scheduled', ...known, activityQuery: { text: query, onAny: false } },
      { last: 'f', name: 'Rule f', kind: 'Scheduled', ...known, activityQuery: { text: query, onAny: true } },
      { last: 'g', name: 'g', kind: 'SomethingNew', ...known },
    ])
    expect(JSON.stringify(read)).not.toContain('j.doe')
    expect(simulator.requests.count('sentinel-rules')).toBe(4)
  })

  it('are a refusal that names the action', async () => {
    const { azure, simulator } = await startWith('sentinel-rules', [])
    simulator.tenant.refuse(workspace, { kinds: ['sentinel-rules', 'sentinel-connectors', 'sentinel-incidents'] })
    expect(await azure.readSentinelRules(workspace)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.SecurityInsights/alertRules/read' })
    expect(await azure.readSentinelConnectors(workspace)).toMatchObject({ ok: false, action: 'Microsoft.SecurityInsights/dataConnectors/read' })
    expect(await azure.readNewIncidents(workspace)).toMatchObject({ ok: false, action: 'Microsoft.SecurityInsights/incidents/read' })
  })

  it('cannot be told where their shape is unknown', () => {
    expect(parseSentinelRules(200, { value: [{ id: '/x', properties: {} }] })).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseSentinelRules(200, {})).toMatchObject({ ok: false, reason: 'api-error' })
    expect(parseSentinelRules(404, { error: { code: 'ResourceNotFound', message: '' } })).toMatchObject({ ok: false, reason: 'gone' })
  })
})

describe('connectors of Sentinel', () => {
  it('tell whose data of which type they bring', async () => {
    const connector = (name: string, kind: string, properties: unknown): unknown => ({ id: `/c/${name}`, name, kind, properties })
    const { azure } = await startWith('sentinel-connectors', [
      connector('b', 'MicrosoftThreatProtection', { tenantId, dataTypes: { incidents: { state: 'enabled' }, alerts: { state: 'Disabled' } } }),
      connector('a', 'AzureSecurityCenter', { subscriptionId: production.toUpperCase(), dataTypes: { alerts: { state: 'Enabled' } } }),
      connector('c', 'GenericUI', { connectorUiConfig: { title: 'x' }, dataTypes: [{ name: 'x' }] }),
      connector('d', 'RestApiPoller', undefined),
    ])
    expect(await azure.readSentinelConnectors(workspace)).toEqual({
      ok: true,
      value: [
        { id: '/c/a', kind: 'AzureSecurityCenter', subscriptionId: production, dataTypes: ['alerts'] },
        { id: '/c/b', kind: 'MicrosoftThreatProtection', subscriptionId: null, dataTypes: ['incidents'] },
        { id: '/c/c', kind: 'GenericUI', subscriptionId: null, dataTypes: [] },
        { id: '/c/d', kind: 'RestApiPoller', subscriptionId: null, dataTypes: [] },
      ],
    })
  })

  it('cannot be told where their shape is unknown', () => {
    expect(parseSentinelConnectors(200, { value: [{ kind: 'x' }] })).toMatchObject({ ok: false, reason: 'api-error' })
  })
})

describe('incidents of Sentinel', () => {
  it('are those that are new and grave, the oldest first, without what they say', async () => {
    const { azure } = await startWith('sentinel-incidents', [
      incident('Medium', 'New', '2026-02-01T00:00:00Z'), incident('High', 'new', '2026-01-01T00:00:00Z'), incident('High', 'Closed', '2025-01-01T00:00:00Z'),
      incident('Low', 'New', '2025-01-01T00:00:00Z'), incident('High', 'Active', '2025-01-01T00:00:00Z'), incident('High', 'New', null),
    ])
    const read = await azure.readNewIncidents(workspace)
    expect(read).toEqual({ ok: true, value: [{ id: '/i/High-new', severity: 'High', createdAt: '2026-01-01T00:00:00Z' }, { id: '/i/Medium-New', severity: 'Medium', createdAt: '2026-02-01T00:00:00Z' }] })
  })

  it('cannot be told where their shape is unknown', () => {
    expect(parseNewIncidents(200, { value: [{ name: 'x' }] })).toMatchObject({ ok: false, reason: 'api-error' })
  })
})
