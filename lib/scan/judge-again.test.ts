import { afterEach, describe, expect, it } from 'vitest'
import { createScan, getScan, getTrend } from '@/lib/db'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import { generateTenant } from '@/lib/simulator'
import { judgeAgain } from './judge-again'
import { sayings, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

async function again(t: ScannedTenant, lastScanId: string, policy: Policy = defaultPolicy) {
  const { scanId } = await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'test', judgesAgain: lastScanId })
  const estate = { estateId: t.viewer.estateId, tenantId: t.simulator.tenant.tenantId, cloud: 'AzureCloud' }
  return judgeAgain({ db: t.database, estate, scanId, policy })
}

describe('judging again', () => {
  it('says the same under the same policy, lost subscriptions and refusals included, and asks Azure nothing', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 200, seed: 5 })))
    await t.scan()
    const [first] = t.simulator.tenant.subscriptions
    if (first === undefined) throw new Error('the generated tenant should have subscriptions')
    t.simulator.tenant.hideSubscription(first.subscriptionId)
    const before = await t.scan()
    const findings = await t.database.finding.count()
    const after = await again(t, before.scanId)
    expect(sayings(await t.findings(after.scanId))).toEqual(sayings(await t.findings(before.scanId)))
    expect(await t.database.finding.count()).toBe(findings)
    expect(after).toMatchObject({ status: before.status, score: before.score, coverage: before.coverage, resources: before.resources, requests: { total: 0 } })
    expect(new Set(after.subscriptions)).toEqual(new Set(before.subscriptions))
  })

  it('judges by the policy that it is given, and records its version', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 200, seed: 5 })))
    const before = await t.scan()
    const policy: Policy = {
      ...defaultPolicy, version: 7, disabledChecks: ['activity-log-export'],
      overrides: [{ scope: { kind: 'management-group', name: 'Production' }, rules: { severityByCheck: { 'resource-audit-logs': 'critical' } } }],
    }
    const after = await again(t, before.scanId, policy)
    const rows = await t.findings(after.scanId)
    expect(rows.some((row) => row.check === 'activity-log-export')).toBe(false)
    const audited = rows.filter((row) => row.check === 'resource-audit-logs')
    expect(audited.some((row) => row.severity === 'critical') && audited.some((row) => row.severity !== 'critical')).toBe(true)
    expect(await getScan(t.database, t.viewer, after.scanId)).toMatchObject({ policyVersion: 7, judgesAgain: before.scanId })
    expect((await t.findings(before.scanId)).some((row) => row.check === 'activity-log-export')).toBe(true)
  })

  it('asks of each log the days of its key point', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 200, seed: 5 })))
    const before = await t.scan()
    const verdicts = async (scanId: string, check: string) => (await t.findings(scanId)).filter((row) => row.check === check).map((row) => `${row.resourceId} ${row.verdict}`)
    const passing = (rows: string[]) => rows.filter((row) => row.endsWith(' pass')).length
    const longer = await again(t, before.scanId, { ...defaultPolicy, version: 1, retentionDays: { ...defaultPolicy.retentionDays, byKeyPoint: { 'audit-logging': 4383 } } })
    const [asBefore, now] = [await verdicts(before.scanId, 'resource-log-retention'), await verdicts(longer.scanId, 'resource-log-retention')]
    expect(passing(asBefore)).toBeGreaterThan(passing(now))
    expect(await verdicts(longer.scanId, 'activity-log-beyond-90-days')).toEqual(await verdicts(before.scanId, 'activity-log-beyond-90-days'))
    const shorter = await again(t, before.scanId, { ...defaultPolicy, version: 2, retentionDays: { ...defaultPolicy.retentionDays, byKeyPoint: { 'central-log-management': 30 } } })
    expect(await verdicts(shorter.scanId, 'resource-log-retention')).toEqual(asBefore)
  })

  it('after a scan of one subscription still speaks of all', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 200, seed: 5 })))
    const whole = await t.scan()
    const one = whole.subscriptions[1]?.subscriptionId
    if (one === undefined) throw new Error('the generated tenant should have several subscriptions')
    const part = await t.scan({ scope: { subscriptions: [one] } })
    const after = await again(t, part.scanId)
    expect(after.subscriptions.map((s) => s.subscriptionId).sort()).toEqual(whole.subscriptions.map((s) => s.subscriptionId).sort())
    expect(sayings(await t.findings(after.scanId))).toEqual(sayings(await t.findings(whole.scanId)))
    const ofOne = async (scanId: string) => sayings((await t.findings(scanId)).filter((row) => row.subscriptionId === one))
    expect(await ofOne(after.scanId)).toEqual(await ofOne(part.scanId))
  })

  it('of parts is no scan of everything: it has their scope, or that of all of them', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 40, subscriptions: 3, seed: 5 })))
    const [one, two] = t.simulator.tenant.subscriptions.map(({ subscriptionId }) => subscriptionId)
    if (one === undefined || two === undefined) throw new Error('the generated tenant should have several subscriptions')
    const scopeOf = async ({ scanId }: { scanId: string }) => (await getScan(t.database, t.viewer, scanId)).scope
    const upper = { subscriptions: [one.toUpperCase()] }
    expect(await scopeOf(await again(t, (await t.scan({ scope: upper })).scanId))).toEqual(upper)
    expect(await getTrend(t.database, t.viewer, { since: new Date(0) })).toEqual([])
    const both = await again(t, (await t.scan({ scope: { subscriptions: [two] } })).scanId)
    expect(await scopeOf(both)).toEqual({ subscriptions: [one, two].sort() })
    expect(both.subscriptions).toHaveLength(2)
    await t.scan()
    expect(await scopeOf(await again(t, (await t.scan({ scope: upper })).scanId))).toEqual({})
  })

  it('judges what a release stored that kept the management groups, too', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 40, seed: 5 })))
    const before = await t.scan()
    await t.database.$executeRaw`update scan set judging = judging - 'tenantWide' || '{"tenantScope": {"managementGroups": {"ok": true, "value": []}}}'`
    const after = await again(t, before.scanId)
    expect(sayings(await t.findings(after.scanId))).toEqual(sayings(await t.findings(before.scanId)))
  })

  it('fails with what to do where nothing was scanned', async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 60, seed: 5 })))
    await expect(again(t, '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'not-found', remedy: 'Run a scan.' })
  })
})
