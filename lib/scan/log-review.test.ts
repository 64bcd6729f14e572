import { afterEach, describe, expect, it } from 'vitest'
import { checks } from '@/lib/checks'
import { defaultPolicy } from '@/lib/domain/policy'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant, type SimulatedTenant } from '@/lib/simulator'
import { sayings, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

async function start(subscriptions: number, resources = 60 * subscriptions): Promise<{ t: ScannedTenant; simulated: SimulatedTenant; workspace: string }> {
  const simulated = generateTenant({ resources, seed: 1, subscriptions })
  tenant = await startScannedTenant(simulated)
  const workspace = simulated.rows('resources').find(({ name }) => name === 'log-central-security-weu')?.id
  if (workspace === undefined) throw new Error('the generated tenant should have a central workspace')
  return { t: tenant, simulated, workspace }
}

const own = checks.filter(({ keyPoint, optional }) => keyPoint === 'log-review' && optional !== true)

/** Checks of other key points that ask what Defender and Sentinel raise. */
const others = ['defender-alerts-exported', 'antimalware-events-central', 'sentinel-anomaly-rules']

async function scanned(t: ScannedTenant): Promise<FindingRow[]> {
  const { scanId } = await t.scan()
  return (await t.findings(scanId)).filter(({ keyPoint, check }) => keyPoint === 'log-review' || others.includes(check))
}

const of = (rows: readonly FindingRow[], check: string): FindingRow[] => rows.filter((row) => row.check === check)

describe('what Defender and Sentinel raise', () => {
  it('is unknown once the connectors are refused, but where an export works', async () => {
    const { t, simulated, workspace } = await start(3)
    const exported = async () => of(await t.findings((await t.scan()).scanId), 'defender-alerts-exported')
    const [platform, connected] = simulated.subscriptions.map(({ subscriptionId }) => subscriptionId)
    const at = (rows: FindingRow[], subscriptionId?: string) => rows.find((row) => row.subscriptionId === subscriptionId)
    const before = await exported()
    expect(at(before, platform)).toMatchObject({ verdict: 'pass', reason: expect.stringContaining('the export exportToWorkspace') })
    const automation = simulated.rows('resources').find((row) => row.type === 'microsoft.security/automations' && row.subscriptionId === connected)
    simulated.removeResource(automation?.id ?? '')
    expect(at(await exported(), connected)).toMatchObject({ verdict: 'pass', reason: expect.stringContaining('connector on log-central-security-weu') })
    simulated.refuse(workspace, { kinds: ['sentinel-connectors'] })
    const during = await exported()
    expect(at(during, connected)).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.SecurityInsights/dataConnectors/read' })
    expect(at(during, platform)).toMatchObject({ verdict: 'pass' })
  })
})

describe('the review of logs', () => {
  it('is judged by every check, with passes, gaps and doubts, and the same in the next scan', async () => {
    const { t, simulated, workspace } = await start(8)
    const rows = await scanned(t)
    const verdicts = (check: string): Set<string> => new Set(of(rows, check).map(({ verdict }) => verdict))
    expect(new Set(rows.map(({ check }) => check))).toEqual(new Set([...own.map(({ id }) => id), ...others]))
    expect(verdicts('defender-alerts-exported')).toEqual(new Set(['pass', 'fail', 'not-applicable']))
    expect(verdicts('antimalware-events-central')).toEqual(new Set(['pass', 'fail', 'unknown', 'not-applicable']))
    expect(of(rows, 'sentinel-anomaly-rules').filter(({ verdict }) => verdict === 'pass')).toHaveLength(1)
    expect(verdicts('sentinel-anomaly-rules')).toContain('not-applicable')
    expect(of(rows, 'siem-in-place')).toMatchObject([{ verdict: 'pass', resourceId: `/tenants/${simulated.tenantId}` }])
    expect(of(rows, 'detections-on')).toMatchObject([{ verdict: 'pass', resourceId: workspace }])
    expect(of(rows, 'log-access-audited')).toHaveLength(1)
    expect(of(rows, 'alerts-handled')).toHaveLength(simulated.subscriptions.length)
    expect(verdicts('alerts-handled')).toEqual(new Set(['pass', 'fail', 'not-applicable']))
    expect(verdicts('traffic-analytics')).toEqual(new Set(['pass', 'fail', 'unknown', 'not-applicable']))
    expect(sayings(await scanned(t))).toEqual(sayings(rows))
  })

  it('costs one query over all alerts, and Sentinel is asked where it is alone', async () => {
    const { t } = await start(4)
    await scanned(t)
    const { requests } = t.simulator
    expect([requests.count('sentinel-rules'), requests.count('sentinel-connectors'), requests.count('sentinel-incidents')]).toEqual([1, 1, 1])
  })

  it('follows an alert that somebody takes up, and a Sentinel that is taken away', async () => {
    const { t, simulated, workspace } = await start(3)
    const [, second, third] = simulated.subscriptions.map(({ subscriptionId }) => subscriptionId)
    const handled = async (subscriptionId?: string) => of(await scanned(t), 'alerts-handled').find((row) => row.subscriptionId === subscriptionId)
    const alert = simulated.rows('securityresources').find((row) => row.subscriptionId === second && row.properties.Status === 'InProgress')
    if (alert === undefined) throw new Error('the generated tenant should have an alert that somebody works on')
    expect(await handled(second)).toMatchObject({ verdict: 'pass' })
    simulated.updateResource(alert.id, { properties: { ...alert.properties, Status: 'Active' } })
    expect(await handled(second)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('1 active alert of severity High') })
    expect(await handled(third)).toMatchObject({ verdict: 'fail' })

    simulated.setAnswer('sentinel-onboarding', workspace, { status: 200, body: { value: [] } })
    const without = await scanned(t)
    expect(of(without, 'siem-in-place')).toMatchObject([{ verdict: 'fail', reason: expect.stringContaining('Sentinel is not on log-central-security-weu') }])
    expect(of(without, 'detections-on')).toMatchObject([{ verdict: 'fail', reason: expect.stringContaining('Sentinel is not there') }])
  })

  it('is unknown where Sentinel is refused, and names the rights', async () => {
    const { t, simulated, workspace } = await start(2)
    simulated.refuse(workspace, { kinds: ['sentinel-rules', 'sentinel-incidents'] })
    const rows = await scanned(t)
    expect(of(rows, 'siem-in-place')).toMatchObject([{ verdict: 'pass' }])
    expect(of(rows, 'detections-on')).toMatchObject([{ verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.SecurityInsights/alertRules/read' }])
    expect(of(rows, 'alerts-handled').find((row) => row.verdict === 'unknown')).toMatchObject({ permission: 'Microsoft.SecurityInsights/incidents/read' })
    simulated.refuse(workspace, { kinds: ['sentinel-onboarding'] })
    const blind = await scanned(t)
    for (const check of ['siem-in-place', 'detections-on']) expect(of(blind, check), check).toMatchObject([{ verdict: 'unknown', permission: 'Microsoft.SecurityInsights/onboardingStates/read' }])
  })

  it('is unknown where the cloud does not know the version of Sentinel that is asked', async () => {
    const { t } = await start(2)
    const message = "No registered resource provider found for API version '2024-03-01'. The supported api-versions are '2021-10-01'."
    t.simulator.addFault({ match: 'onboardingStates', kind: 'status', status: 400, code: 'NoRegisteredProviderFound', message })
    const rows = await scanned(t)
    for (const check of ['siem-in-place', 'detections-on', 'sentinel-anomaly-rules']) {
      expect(new Set(of(rows, check).map(({ verdict, reasonCode }) => `${verdict} ${reasonCode}`)), check).toEqual(new Set(['unknown unsupported']))
    }
  })

  it('asks who queries the logs only where the policy has that check on, and without a right says so', async () => {
    const { t, simulated, workspace } = await start(2)
    simulated.setDiagnosticSettings(workspace, [{ name: 'audit', workspaceId: workspace, logs: [{ category: 'Audit', enabled: true }] }])
    const queried = async () => of(await t.findings((await t.scan({ policy: { ...defaultPolicy, enabledChecks: ['logs-queried'] } })).scanId), 'logs-queried')
    expect(of(await scanned(t), 'logs-queried')).toEqual([])
    expect(t.simulator.requests.count('log-queries')).toBe(0)
    expect(await queried()).toMatchObject([{ verdict: 'pass', reason: '6 people queried the workspace in the last 30 days.' }])
    simulated.refuse(workspace, { kinds: ['log-queries'] })
    expect(await queried()).toMatchObject([{ verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.OperationalInsights/workspaces/query/LAQueryLogs/read' }])
  })

  it('asks a workspace that the policy names though nothing is sent to it', async () => {
    const { t, simulated } = await start(2, 200)
    const second = simulated.rows('resources').find(({ name }) => name === 'log-central-security-neu')?.id ?? ''
    simulated.setAnswer('sentinel-onboarding', second, { status: 200, body: { value: [{ name: 'default' }] } })
    simulated.setAnswer('sentinel-rules', second, { status: 200, body: { value: [] } })
    const { scanId } = await t.scan({ policy: { ...defaultPolicy, approvedWorkspaces: [second.toUpperCase()] } })
    const rows = await t.findings(scanId)
    expect(of(rows, 'siem-in-place')).toMatchObject([{ verdict: 'pass', reason: 'Sentinel is on LOG-CENTRAL-SECURITY-NEU.' }])
    expect(rows.find((row) => row.check === 'detections-on' && row.resourceId === second)).toMatchObject({ verdict: 'fail' })
  })
})
