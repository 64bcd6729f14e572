import { afterEach, describe, expect, it } from 'vitest'
import { createScan } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import { generateTenant } from '@/lib/simulator'
import { judgeAgain } from './judge-again'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

const options = ['platform-default-time', 'storage-malware-scan', 'sql-devops-audit']

describe('options', () => {
  it('ask workspaces what arrived of machines only where the policy has that check on', async () => {
    const running = (tenant = await startScannedTenant(generateTenant({ resources: 300, seed: 1 })))
    await running.scan()
    expect(running.simulator.requests.count('log-queries')).toBe(0)
    const check = 'machine-events-arrive'
    const { scanId } = await running.scan({ policy: { ...defaultPolicy, overrides: [{ scope: { kind: 'management-group', name: 'Production' }, rules: { enabledChecks: [check] } }] } })
    expect(running.simulator.requests.count('log-queries')).toBeGreaterThan(0)
    const rows = (await running.findings(scanId)).filter((row) => row.check === check)
    expect([...new Set(rows.map((row) => row.verdict))]).toEqual(expect.arrayContaining(['pass', 'unknown']))
  })

  it('ask workspaces for the audit of managed instances only where the policy has that check on, and believe what this scan was told', async () => {
    const simulated = generateTenant({ resources: 120, seed: 1, subscriptions: 2 })
    const workspace = simulated.rows('resources').find(({ type }) => type === 'microsoft.operationalinsights/workspaces')
    if (workspace === undefined) throw new Error('the generated tenant should have a workspace')
    const id = `/subscriptions/${workspace.subscriptionId}/resourceGroups/rg-sql/providers/Microsoft.Sql/managedInstances/mi-1`
    simulated.addResource({ ...workspace, id, name: 'mi-1', type: 'microsoft.sql/managedinstances', resourceGroup: 'rg-sql', properties: {} })
    simulated.setDiagnosticSettings(id, [{ name: 'audit', workspaceId: workspace.id, logs: [{ category: 'SQLSecurityAuditEvents', enabled: true }, { category: 'DevOpsOperationsAudit', enabled: true }] }])
    const running = (tenant = await startScannedTenant(simulated))
    const policyWith = (enabledChecks: string[]) => ({ ...defaultPolicy, enabledChecks })
    let last = ''
    const scanned = async (enabledChecks: string[]) => {
      last = (await running.scan({ policy: policyWith(enabledChecks) })).scanId
      return verdictsOf(last)
    }
    const judgedAgain = async (enabledChecks: string[]) => {
      const { estateId } = running.viewer
      const { scanId } = await createScan(running.database, estateId, { scope: {}, mode: 'full', requestedBy: 'test', judgesAgain: last })
      await judgeAgain({ db: running.database, estate: { estateId, tenantId: simulated.tenantId, cloud: 'AzureCloud' }, scanId, policy: policyWith(enabledChecks) })
      return verdictsOf(scanId)
    }
    const verdictsOf = async (scanId: string) => {
      const own = (await running.findings(scanId)).filter(({ resourceId, check }) => resourceId === id && /^(resource-audit-logs|audit-events-arrive)$/.test(check))
      return Object.fromEntries(own.map(({ check, verdict, reasonCode }) => [check, [verdict, reasonCode]]))
    }
    expect(await scanned([])).toEqual({ 'resource-audit-logs': ['unknown', 'unsupported'] })
    expect(running.simulator.requests.count('log-queries')).toBe(0)
    expect(await scanned(['audit-events-arrive'])).toEqual({ 'resource-audit-logs': ['unknown', 'not-onboarded'], 'audit-events-arrive': ['unknown', 'not-onboarded'] })
    expect(running.simulator.requests.count('log-queries')).toBe(1)
    expect(await scanned([]), 'that nothing arrived was said for an earlier scan').toEqual({ 'resource-audit-logs': ['unknown', 'unsupported'] })
    expect(running.simulator.requests.count('log-queries')).toBe(1)
    const rows = [[id.toLowerCase(), 'SQLSecurityAuditEvents', new Date().toISOString()]]
    simulated.setAnswer('audit-arrivals', workspace.id, { status: 200, body: { tables: [{ name: 'PrimaryResult', columns: [{ name: 'resource' }, { name: 'category' }, { name: 'lastAt' }], rows }] } })
    expect(await scanned(['audit-events-arrive'])).toEqual({ 'resource-audit-logs': ['pass', null], 'audit-events-arrive': ['pass', null] })
    expect(await judgedAgain(['audit-events-arrive']), 'what the last scan was told is judged again').toEqual({ 'resource-audit-logs': ['pass', null], 'audit-events-arrive': ['pass', null] })
    await scanned([])
    expect(await judgedAgain(['audit-events-arrive']), 'the last scan did not ask').toEqual({ 'resource-audit-logs': ['unknown', 'unsupported'], 'audit-events-arrive': ['unknown', 'unsupported'] })
  })

  it('are judged where the policy has them on, from what every scan reads', async () => {
    const running = (tenant = await startScannedTenant(generateTenant({ resources: 500, seed: 1 })))
    const { scanId } = await running.scan({ policy: { ...defaultPolicy, enabledChecks: options } })
    const on = Map.groupBy((await running.findings(scanId)).filter((row) => options.includes(row.check)), (row) => row.check)
    const seen = (check: string) => new Set(on.get(check)?.map((row) => row.verdict))
    expect([...seen('platform-default-time')]).toContain('pass')
    expect([...seen('storage-malware-scan')]).toEqual(expect.arrayContaining(['pass', 'fail', 'not-applicable']))
    expect([...seen('sql-devops-audit')]).toEqual(expect.arrayContaining(['pass', 'fail']))
  })
})
