import { afterEach, describe, expect, it } from 'vitest'
import type { GraphRow } from '../simulator'
import { toAlertExport, automation } from './alert-exports'
import { production, sandbox, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined
afterEach(async () => {
  await running?.close()
  running = undefined
})

function alert(name: string, properties: GraphRow['properties'], subscriptionId = production): GraphRow {
  return {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.Security/locations/westeurope/alerts/${name}`, name, type: 'microsoft.security/locations/alerts', tenantId, kind: '', location: 'westeurope',
    resourceGroup: '', subscriptionId, managedBy: '', sku: null, plan: null, properties, tags: null, identity: null, zones: null, extendedLocation: null,
  }
}

describe('alerts of Defender for Cloud', () => {
  it('are those of all subscriptions that are open and grave, in whatever casing, without what they say', async () => {
    running = await startSimulatedAzure()
    const { azure, simulator } = running
    for (const row of [
      alert('a', { Severity: 'High', Status: 'Active', TimeGeneratedUtc: '2026-01-01T00:00:00Z', AlertDisplayName: 'j.doe signed in' }),
      alert('b', { severity: 'medium', status: 'InProgress', startTimeUtc: '2026-02-01T10:00:00.123Z' }, sandbox),
      alert('c', { Severity: 'High', Status: 'Resolved' }),
      alert('d', { Severity: 'Low', Status: 'Active' }),
      alert('e', { severity: 'informational', status: 'active' }),
      alert('f', { Severity: 'Medium', Status: 'dismissed' }),
      alert('g', { Severity: 'Medium', Status: 'Active', TimeGeneratedUtc: 'soon' }),
    ]) simulator.tenant.addResource(row, 'securityresources')
    const table = await azure.readDefenderAlerts([production, sandbox])
    expect(table.rows.map(({ id, ...row }) => ({ name: id.at(-1), ...row }))).toEqual([
      { name: 'a', subscriptionId: production, severity: 'High', status: 'Active', raisedAt: '2026-01-01T00:00:00.000Z' },
      { name: 'g', subscriptionId: production, severity: 'Medium', status: 'Active', raisedAt: null },
      { name: 'b', subscriptionId: sandbox, severity: 'Medium', status: 'InProgress', raisedAt: '2026-02-01T10:00:00.123Z' },
    ])
    expect(table.failures.size).toBe(0)
    expect(JSON.stringify(table)).not.toContain('j.doe')
  })

  it('cannot be told where one has no status or severity', async () => {
    running = await startSimulatedAzure()
    running.simulator.tenant.addResource(alert('a', { Severity: 'High' }), 'securityresources')
    const { failures } = await running.azure.readDefenderAlerts([production])
    expect(failures.get(production)).toMatchObject({ reason: 'api-error' })
  })

  it('are refused with the action', async () => {
    running = await startSimulatedAzure()
    running.simulator.tenant.hideSubscription(production)
    const { failures } = await running.azure.readDefenderAlerts([production])
    expect(failures.get(production)).toMatchObject({ reason: 'permission-denied', action: 'Microsoft.Security/alerts/read' })
  })
})

describe('continuous export', () => {
  const severity = (value: string): unknown => ({ rules: [{ propertyJPath: 'properties.metadata.severity', propertyType: 'String', expectedValue: value, operator: 'Equals' }] })
  const read = (properties: unknown) => toAlertExport('/a', automation.parse(properties))

  it('tells severities, scopes and where alerts go', () => {
    expect(read({
      isEnabled: true,
      scopes: [{ scopePath: '/subscriptions/s' }],
      sources: [{ eventSource: 'Alerts', ruleSets: [severity('High'), severity('medium')] }, { eventSource: 'Assessments', ruleSets: [] }],
      actions: [{ actionType: 'Workspace', workspaceResourceId: '/w' }, { actionType: 'EventHub', eventHubResourceId: '/h' }, { actionType: 'LogicApp', logicAppResourceId: '/l' }],
    })).toEqual({ id: '/a', enabled: true, scopes: ['/subscriptions/s'], severities: ['high', 'medium'], workspaceIds: ['/w'], eventHubIds: ['/h'] })
  })

  it('takes all severities without rules, and none of a rule that asks for more', () => {
    expect(read({ sources: [{ eventSource: 'alerts' }] })?.severities).toBeNull()
    expect(read({ sources: [{ eventSource: 'Alerts', ruleSets: [{ rules: [{ propertyJPath: 'Severity', operator: 'Equals', expectedValue: 'high' }, { propertyJPath: 'x', operator: 'Contains', expectedValue: 'y' }] }] }] })?.severities).toEqual([])
    expect(read({ sources: [{ eventSource: 'Alerts', ruleSets: [{ rules: [{ propertyJPath: 'AlertDisplayName', operator: 'Contains', expectedValue: 'y' }] }] }] })?.severities).toEqual([])
  })

  it('of other things is none', () => {
    expect(read({ sources: [{ eventSource: 'SecureScores' }] })).toBeNull()
    expect(read({})).toBeNull()
  })
})
