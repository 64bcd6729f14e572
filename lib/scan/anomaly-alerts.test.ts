import { afterEach, describe, expect, it } from 'vitest'
import { checks } from '@/lib/checks'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant, type SimulatedTenant } from '@/lib/simulator'
import { sayings, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

async function start(subscriptions = 2): Promise<{ t: ScannedTenant; simulated: SimulatedTenant; first: string; second: string }> {
  const simulated = generateTenant({ resources: 60 * subscriptions, seed: 7, subscriptions })
  tenant = await startScannedTenant(simulated)
  const [first, second] = simulated.subscriptions.map(({ subscriptionId }) => subscriptionId)
  if (first === undefined || second === undefined) throw new Error('the generated tenant should have two subscriptions')
  return { t: tenant, simulated, first, second }
}

const own = checks.filter(({ keyPoint, asks }) => keyPoint === 'anomaly-alerts' && asks?.includes('subscription'))

async function scanned(t: ScannedTenant): Promise<FindingRow[]> {
  const { scanId } = await t.scan()
  return (await t.findings(scanId)).filter(({ check }) => own.some(({ id }) => id === check))
}

function verdict(rows: readonly FindingRow[], subscriptionId: string, check: string): string | undefined {
  return rows.find((row) => row.subscriptionId === subscriptionId && row.check === check)?.verdict
}

describe('anomaly alerts', () => {
  it('are judged by every check at every subscription, with gaps and passes, and the same in the next scan', async () => {
    const { t, simulated } = await start(8)
    const rows = await scanned(t)
    expect(rows).toHaveLength(own.length * simulated.subscriptions.length)
    expect(new Set(rows.map(({ resourceType }) => resourceType))).toEqual(new Set(['microsoft.resources/subscriptions']))
    const count = (check: RegExp, wanted: string) => rows.filter((row) => check.test(row.check) && row.verdict === wanted).length
    for (const family of [/^defender-plan-/, /^activity-alert-/, /^security-contact/, /^logging-tamper-/]) {
      expect(count(family, 'pass'), `${family} pass`).toBeGreaterThan(0)
      expect(count(family, 'fail'), `${family} fail`).toBeGreaterThan(0)
    }
    // Sentinel's rule on policy assignments leaves callers out; in one subscription it is not known where the activity log goes.
    const unknown = rows.filter((row) => row.verdict === 'unknown')
    expect(new Set(unknown.map((row) => (row.check === 'activity-alert-policy-assignment-delete' ? row.reasonCode : row.permission)))).toEqual(new Set(['unsupported', 'Microsoft.Insights/diagnosticSettings/read']))
    expect(sayings(await scanned(t))).toEqual(sayings(rows))
  })

  it('follow a rule of another subscription that is switched off, and its action group', async () => {
    const { t, simulated, first, second } = await start()
    const check = 'activity-alert-policy-assignment-write'
    expect(verdict(await scanned(t), second, check)).toBe('pass')
    const rule = simulated.rows('resources').find(({ name }) => name === 'ala-policy-write')
    const group = simulated.rows('resources').find(({ type }) => type === 'microsoft.insights/actiongroups')
    if (rule === undefined || group === undefined) throw new Error('the generated tenant should have a rule and its action group')
    expect(rule.subscriptionId).toBe(first)
    simulated.updateResource(rule.id, { properties: { ...rule.properties, enabled: false } })
    expect(verdict(await scanned(t), second, check)).toBe('fail')
    simulated.updateResource(rule.id, { properties: { ...rule.properties, enabled: true } })
    expect(verdict(await scanned(t), second, check)).toBe('pass')
    simulated.removeResource(group.id)
    expect(verdict(await scanned(t), second, check)).toBe('fail')
  })

  it('are unknown where plans and contacts are refused, and name the right', async () => {
    const { t, simulated, first } = await start()
    simulated.refuse(`/subscriptions/${first}`, { kinds: ['pricings', 'security-contacts'] })
    const { scanId, status } = await t.scan()
    expect(status).toBe('partial')
    const rows = await t.findings(scanId)
    expect(rows.find((row) => row.subscriptionId === first && row.check === 'defender-plan-arm')).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Security/pricings/read' })
    expect(rows.find((row) => row.subscriptionId === first && row.check === 'security-contact')).toMatchObject({ verdict: 'unknown', permission: 'Microsoft.Security/securityContacts/read' })
    expect(verdict(rows, first, 'activity-alert-policy-assignment-write')).toBe('pass')
  })

  it('open no gap elsewhere when the subscription of the rules is out of sight', async () => {
    const { t, simulated, first, second } = await start()
    const before = await scanned(t)
    simulated.hideSubscription(first)
    const during = await scanned(t)
    const alerts = during.filter((row) => /^(activity-alert|logging-tamper)/.test(row.check))
    expect(new Set(alerts.map((row) => row.verdict))).toEqual(new Set(['unknown']))
    expect(alerts.every((row) => row.reasonCode === 'permission-denied')).toBe(true)
    expect(verdict(during, second, 'defender-plan-arm')).toBe(verdict(before, second, 'defender-plan-arm'))
    simulated.showSubscription(first)
    expect(sayings(await scanned(t))).toEqual(sayings(before))
  })

  it('see rules of other subscriptions in a scan of one', async () => {
    const { t, second } = await start()
    const part = await t.scan({ scope: { subscriptions: [second] } })
    expect(verdict(await t.findings(part.scanId), second, 'activity-alert-policy-assignment-write')).toBe('pass')
  })

  it('follow a rule of Sentinel, and are unknown once its rules are refused', async () => {
    const { t, simulated, second } = await start(4)
    const check = 'activity-alert-network-security-group-delete'
    const found = (rows: FindingRow[]) => rows.find((row) => row.subscriptionId === second && row.check === check)
    expect(found(await scanned(t))).toMatchObject({ verdict: 'pass', reason: expect.stringContaining('the Sentinel rule Network security group deleted') })
    const workspace = simulated.rows('resources').find(({ name }) => name === 'log-central-security-weu')?.id ?? ''
    simulated.refuse(workspace, { kinds: ['sentinel-rules'] })
    expect(found(await scanned(t))).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.SecurityInsights/alertRules/read' })
    simulated.allow(workspace)
    simulated.setAnswer('sentinel-rules', workspace, { status: 200, body: { value: [] } })
    expect(found(await scanned(t))).toMatchObject({ verdict: 'fail' })
    simulated.setAnswer('sentinel-onboarding', workspace, { status: 200, body: { value: [] } })
    expect(found(await scanned(t))).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('ala-nsg-delete is switched off') })
  })
})
