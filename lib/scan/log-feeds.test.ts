import { afterEach, describe, expect, it } from 'vitest'
import { generateTenant } from '@/lib/simulator'
import type { JsonObject } from '@/lib/simulator/json'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

describe('environments of container apps', () => {
  it('are followed to the workspace that they send to by themselves, and their keys are not kept', async () => {
    const simulated = generateTenant({ resources: 60, seed: 1, subscriptions: 1 })
    const known = simulated.rows('resources').find(({ type }) => type === 'microsoft.operationalinsights/workspaces')
    if (known === undefined) throw new Error('the generated tenant should have a workspace')
    const customerId = '0F3C6A52-9B1E-4C7B-8D5A-2E1F00000001'
    const workspace = { ...known, id: known.id.replace(/[^/]+$/, 'law-apps'), name: 'law-apps', properties: { ...known.properties, customerId: customerId.toLowerCase() } }
    simulated.addResource(workspace)
    const environment = (name: string, appLogsConfiguration: JsonObject) =>
      simulated.addResource({ ...known, id: `/subscriptions/${known.subscriptionId}/resourceGroups/rg-apps/providers/Microsoft.App/managedEnvironments/${name}`, name, type: 'microsoft.app/managedenvironments', resourceGroup: 'rg-apps', properties: { appLogsConfiguration } })
    environment('cae-direct', { destination: 'log-analytics', logAnalyticsConfiguration: { customerId, sharedKey: 'a secret' } })
    environment('cae-none', { destination: null, logAnalyticsConfiguration: null })
    const running = (tenant = await startScannedTenant(simulated))
    const { scanId } = await running.scan()
    const found = await running.findings(scanId)
    const of = (name: string, check: string) => found.find((row) => row.resourceName === name && row.check === check)
    expect(of('cae-direct', 'resource-audit-logs')).toMatchObject({ verdict: 'pass', evidence: { logsGoTo: { id: workspace.id, state: 'live' } } })
    expect(of('cae-direct', 'resource-log-retention')?.reasonCode).toBeNull()
    expect(of('cae-none', 'resource-audit-logs')).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('log destination is none') })
    const stored = await running.database.resource.findMany({ where: { type: 'microsoft.app/managedenvironments' }, select: { properties: true } })
    expect(JSON.stringify(stored)).not.toContain('secret')
  })
})

describe('the audit of Synapse', () => {
  it('is read of workspaces and pools, over the wire', async () => {
    const simulated = generateTenant({ resources: 60, seed: 1, subscriptions: 1 })
    const known = simulated.rows('resources').find(({ type }) => type === 'microsoft.operationalinsights/workspaces')
    if (known === undefined) throw new Error('the generated tenant should have a workspace')
    const id = `/subscriptions/${known.subscriptionId}/resourceGroups/rg-syn/providers/Microsoft.Synapse/workspaces/syn`
    simulated.addResource({ ...known, id, name: 'syn', type: 'microsoft.synapse/workspaces', resourceGroup: 'rg-syn', properties: {} })
    simulated.addResource({ ...known, id: `${id}/sqlPools/dw`, name: 'syn/dw', type: 'microsoft.synapse/workspaces/sqlpools', resourceGroup: 'rg-syn', properties: {} })
    simulated.setDiagnosticSettings(id, [{ name: 'audit', workspaceId: known.id, logs: [{ category: 'SQLSecurityAuditEvents', enabled: true }] }])
    const auditing = (subject: string, state: string, isAzureMonitorTargetEnabled: boolean) =>
      simulated.setAnswer('sql-auditing', subject, { status: 200, body: { properties: { state, isAzureMonitorTargetEnabled, retentionDays: 0, auditActionsAndGroups: [] } } })
    auditing(id, 'Disabled', false)
    auditing(`${id}/sqlPools/dw`, 'Disabled', false)
    const running = (tenant = await startScannedTenant(simulated))
    const verdicts = async (): Promise<(string | null)[]> => {
      const { scanId } = await running.scan()
      return (await running.findings(scanId)).filter(({ check, resourceType }) => check === 'resource-audit-logs' && resourceType.startsWith('microsoft.synapse/')).map(({ verdict }) => verdict)
    }
    expect(await verdicts()).toEqual(['fail', 'fail'])
    auditing(id, 'Enabled', true)
    expect(await verdicts()).toEqual(['pass', 'pass'])
  })
})
