import { afterEach, describe, expect, it } from 'vitest'
import { createScan, getScan } from '@/lib/db'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant } from '@/lib/simulator'
import { sayings, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

/** A demo tenant of some size without any refusal, so that a scan can succeed. */
async function readableTenant(resources = 120): Promise<ScannedTenant> {
  const simulated = generateTenant({ resources, seed: 7 })
  tenant = await startScannedTenant(simulated)
  const first = await tenant.scan()
  for (const part of first.subscriptions) simulated.allow(`/subscriptions/${part.subscriptionId}`)
  const rows = await tenant.findings(first.scanId)
  for (const row of rows) if (row.reasonCode === 'permission-denied') simulated.allow(row.resourceId)
  return tenant
}

function of(rows: readonly FindingRow[], resourceId: string, check: string): FindingRow | undefined {
  return rows.find((row) => row.resourceId.toLowerCase() === resourceId.toLowerCase() && row.check === check)
}

describe('a scan', () => {
  it('gives every verdict its evidence or its reason, and a summary that adds up', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 300, seed: 1 }))
    const summary = await tenant.scan()
    const rows = await tenant.findings(summary.scanId)
    expect(summary.resources).toBe(300)
    expect(summary.requests.total).toBeGreaterThan(300)
    for (const row of rows) {
      if (row.verdict === 'unknown') expect(row.reasonCode, row.reason).not.toBeNull()
      else expect(row.reasonCode).toBeNull()
      if (row.verdict === 'pass' || row.verdict === 'fail') expect(Object.keys(row.evidence).length, `${row.check} of ${row.resourceId}`).toBeGreaterThan(0)
      if (row.reasonCode === 'permission-denied') expect(row.permission, row.reason).toMatch(/\/read$/i)
    }
    for (const keyPoint of summary.keyPoints) {
      const here = rows.filter((row) => row.keyPoint === keyPoint.keyPoint)
      expect(keyPoint).toMatchObject({
        pass: here.filter((r) => r.verdict === 'pass').length,
        fail: here.filter((r) => r.verdict === 'fail').length,
        unknown: here.filter((r) => r.verdict === 'unknown').length,
        notApplicable: here.filter((r) => r.verdict === 'not-applicable').length,
      })
    }
    expect(summary.score).not.toBeNull()
  })

  it('adds no finding when nothing changed', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 120, seed: 3 }))
    const first = await tenant.scan()
    const before = await tenant.database.finding.count()
    const second = await tenant.scan()
    expect(await tenant.database.finding.count()).toBe(before)
    expect(sayings(await tenant.findings(second.scanId))).toEqual(sayings(await tenant.findings(first.scanId)))
    expect(second.score).toBe(first.score)
  })

  it('that waited while a newer one ran finds what there is by then', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 40, seed: 3 }))
    const { scanId: waiting } = await createScan(tenant.database, tenant.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'Ada' })
    const newer = await tenant.scan()
    const vault = (await tenant.findings(newer.scanId)).find((row) => row.resourceType === 'microsoft.keyvault/vaults')
    if (vault === undefined) throw new Error('the generated tenant should have a vault')
    tenant.simulator.tenant.removeResource(vault.resourceId)
    await tenant.scan({ resume: waiting })
    const isOfVault = (row: FindingRow) => row.resourceId === vault.resourceId
    expect((await tenant.findings(waiting)).filter(isOfVault)).toEqual([])
    expect((await tenant.findings(newer.scanId)).filter(isOfVault)).not.toEqual([])
  })

  it('closes a gap when its setting comes, and keeps what an earlier scan said', async () => {
    const t = await readableTenant()
    const before = await t.scan()
    const gap = (await t.findings(before.scanId)).find((r) => r.check === 'resource-audit-logs' && r.verdict === 'fail' && !r.resourceType.startsWith('microsoft.sql/'))
    const { central } = await getScan(t.database, t.viewer, before.scanId)
    if (gap === undefined || central?.ids[0] === undefined) throw new Error('the generated tenant should have a gap and a central workspace')
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, [{ name: 'to-central', workspaceId: central.ids[0].toUpperCase(), logs: [{ categoryGroup: 'allLogs', enabled: true }] }])
    const after = await t.scan()
    expect(of(await t.findings(after.scanId), gap.resourceId, 'resource-audit-logs')?.verdict).toBe('pass')
    expect(of(await t.findings(after.scanId), gap.resourceId, 'resource-logs-centralized')?.verdict).toBe('pass')
    expect(of(await t.findings(before.scanId), gap.resourceId, 'resource-audit-logs')?.verdict).toBe('fail')
  })

  it('drops what is gone between inventory and read, and does not fail it', async () => {
    const t = await readableTenant()
    const before = await t.scan()
    const vault = (await t.findings(before.scanId)).find((r) => r.resourceType === 'microsoft.keyvault/vaults')
    if (vault === undefined) throw new Error('the generated tenant should have a vault')
    t.simulator.addFault({ match: `${vault.resourceId}/providers/microsoft.insights/diagnosticSettings`, kind: 'status', status: 404, code: 'ResourceNotFound', message: 'gone' })
    const after = await t.scan()
    expect((await t.findings(after.scanId)).filter((r) => r.resourceId === vault.resourceId)).toEqual([])
    expect(after.status).toBe('succeeded')
  })

  it('turns refused settings into unknown with the permission that cures it, never into fail', async () => {
    const t = await readableTenant()
    const before = await t.scan()
    expect(before.status).toBe('succeeded')
    const [subscription] = before.subscriptions
    if (subscription === undefined) throw new Error('the generated tenant should have subscriptions')
    t.simulator.tenant.refuse(`/subscriptions/${subscription.subscriptionId}`, { kinds: ['diagnostic-settings'] })
    const after = await t.scan()
    expect(after.status).toBe('partial')
    expect(after.subscriptions.find((s) => s.subscriptionId === subscription.subscriptionId)).toMatchObject({ status: 'partial', reason: expect.stringContaining('Microsoft.Insights/diagnosticSettings/read') })
    const rows = (await t.findings(after.scanId)).filter((r) => r.subscriptionId === subscription.subscriptionId && r.check === 'resource-audit-logs')
    expect(new Set(rows.map((r) => r.verdict))).toEqual(new Set(['unknown', 'not-applicable']))
    expect(after.coverage).toBeLessThan(before.coverage)
  })
})

describe('a subscription that is not listed any more', () => {
  it('is failed and unknown while its sight is lost, and comes back unharmed', async () => {
    const t = await readableTenant()
    const before = await t.scan()
    const lost = before.subscriptions[1]
    if (lost === undefined) throw new Error('the generated tenant should have two subscriptions')
    t.simulator.tenant.hideSubscription(lost.subscriptionId)
    const during = await t.scan()
    expect(during.status).toBe('partial')
    expect(during.subscriptions.find((s) => s.subscriptionId === lost.subscriptionId)?.status).toBe('failed')
    const rows = (await t.findings(during.scanId)).filter((r) => r.subscriptionId === lost.subscriptionId)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter((r) => r.verdict === 'fail' || r.verdict === 'pass')).toEqual([])
    expect(new Set(rows.filter((r) => r.verdict === 'unknown').map((r) => r.reasonCode))).toEqual(new Set(['permission-denied']))
    t.simulator.tenant.showSubscription(lost.subscriptionId)
    const after = await t.scan()
    expect(sayings(await t.findings(after.scanId))).toEqual(sayings(await t.findings(before.scanId)))
  })

  it('is closed when Azure says that it is deleted', async () => {
    const t = await readableTenant()
    const before = await t.scan()
    const removed = before.subscriptions[1]
    if (removed === undefined) throw new Error('the generated tenant should have two subscriptions')
    t.simulator.tenant.removeSubscription(removed.subscriptionId)
    const after = await t.scan()
    expect(after.subscriptions.map((s) => s.subscriptionId)).not.toContain(removed.subscriptionId)
    expect((await t.findings(after.scanId)).filter((r) => r.subscriptionId === removed.subscriptionId)).toEqual([])
  })

  it('ends no scan of a scope that names it beside others, on the night of its deletion and later', async () => {
    const t = await readableTenant()
    const [kept, removed] = (await t.scan()).subscriptions
    if (kept === undefined || removed === undefined) throw new Error('the generated tenant should have two subscriptions')
    const scope = { subscriptions: [kept.subscriptionId, removed.subscriptionId.toUpperCase()] }
    t.simulator.tenant.removeSubscription(removed.subscriptionId)
    for (let night = 1; night <= 3; night++) {
      expect(await t.scan({ scope })).toMatchObject({ status: 'succeeded', subscriptions: [{ subscriptionId: kept.subscriptionId }] })
    }
    await expect(t.scan({ scope: { subscriptions: [removed.subscriptionId] } })).rejects.toMatchObject({
      code: 'not-found', message: `Azure has deleted subscription ${removed.subscriptionId} (${removed.displayName}).`,
    })
    const unknown = '00000000-0000-4000-8000-00000000000f'
    const wasRemoved = { code: 'not-found', message: `Azure has deleted subscription ${kept.subscriptionId} (${kept.displayName}).` }
    t.simulator.tenant.removeSubscription(kept.subscriptionId)
    for (let night = 1; night <= 2; night++) await expect(t.scan({ scope: { subscriptions: [kept.subscriptionId] } })).rejects.toMatchObject(wasRemoved)
    await expect(t.scan({ scope: { subscriptions: [...scope.subscriptions, unknown] } })).rejects.toThrow(`Subscription ${unknown} is not among those`)
  })
})

describe('a bad day', () => {
  it('finds the same through throttling, server errors, resets and broken bodies', async () => {
    const t = await readableTenant()
    const calm = await t.scan()
    t.simulator.addFault({ match: 'diagnosticSettings?', probability: 0.03, kind: 'status', status: 429, code: 'SubscriptionRequestsThrottled', message: "Please try again after '1' seconds.", retryAfterSeconds: 1 })
    t.simulator.addFault({ match: 'diagnosticSettings', probability: 0.05, kind: 'status', status: 503, envelope: 'empty' })
    t.simulator.addFault({ match: 'diagnosticSettings', probability: 0.03, kind: 'reset' })
    t.simulator.addFault({ match: 'diagnosticSettings', probability: 0.03, kind: 'truncated' })
    t.simulator.addFault({ match: 'diagnosticSettings', times: 3, kind: 'expired-token' })
    const stormy = await t.scan()
    expect(stormy.requests.retried).toBeGreaterThan(0)
    const known = new Map((await t.findings(calm.scanId)).map((row) => [`${row.resourceId} ${row.check}`, row.verdict]))
    for (const row of await t.findings(stormy.scanId)) {
      if (row.verdict === 'unknown') continue
      expect(row.verdict, `${row.check} of ${row.resourceId}`).toBe(known.get(`${row.resourceId} ${row.check}`))
    }
  })

  it('says api-error, and not fail, where a service answers with a web page to the end', async () => {
    const t = await readableTenant(40)
    const before = await t.scan()
    const vault = (await t.findings(before.scanId)).find((r) => r.check === 'resource-audit-logs' && r.verdict !== 'not-applicable')
    if (vault === undefined) throw new Error('the generated tenant should have a resource that logs')
    t.simulator.addFault({ match: `${vault.resourceId}/providers/microsoft.insights/diagnosticSettings?`, kind: 'html' })
    const after = await t.scan()
    expect(of(await t.findings(after.scanId), vault.resourceId, 'resource-audit-logs')).toMatchObject({ verdict: 'unknown', reasonCode: 'api-error' })
    expect(after.status).toBe('partial')
  })

  it('ends as failed with one sentence when nothing can be listed', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 10, seed: 1 }), { faults: [{ match: '/subscriptions?', kind: 'refuse', action: 'Microsoft.Resources/subscriptions/read' }] })
    await expect(tenant.scan()).rejects.toThrow(/subscriptions cannot be listed/)
    const [scan] = await tenant.database.scan.findMany()
    expect(scan).toMatchObject({ status: 'failed', error: expect.stringContaining('doctor') })
  })

  it('tells a tenant without subscriptions from an empty estate', async () => {
    const simulated = generateTenant({ resources: 10, seed: 1 })
    for (const s of simulated.subscriptions) simulated.hideSubscription(s.subscriptionId)
    tenant = await startScannedTenant(simulated)
    await expect(tenant.scan()).rejects.toThrow(/no role on anything/)
  })
})

describe('the scope of a scan', () => {
  it('reads the named subscription alone and leaves the others as they were', async () => {
    const t = await readableTenant()
    const whole = await t.scan()
    const [first, second] = whole.subscriptions
    if (first === undefined || second === undefined) throw new Error('the generated tenant should have two subscriptions')
    const part = await t.scan({ scope: { subscriptions: [second.subscriptionId.toUpperCase()] } })
    expect(part.subscriptions.map((s) => s.subscriptionId)).toEqual([second.subscriptionId])
    const rows = await t.findings(part.scanId)
    expect(new Set(rows.map((r) => r.subscriptionId))).toEqual(new Set([second.subscriptionId]))
    // Judged as in the whole scan: the central workspace lies in another subscription.
    expect(sayings(rows)).toEqual(sayings((await t.findings(whole.scanId)).filter((r) => r.subscriptionId === second.subscriptionId)))
    expect(await t.database.finding.count({ where: { subscriptionId: first.subscriptionId, toSeq: null } })).toBeGreaterThan(0)
  })

  it('knows destinations elsewhere also in the very first scan', async () => {
    const simulated = generateTenant({ resources: 120, seed: 7 })
    tenant = await startScannedTenant(simulated)
    const target = simulated.subscriptions.at(-1)
    if (target === undefined) throw new Error('the generated tenant should have subscriptions')
    const part = await tenant.scan({ scope: { subscriptions: [target.subscriptionId] } })
    const deleted = (await tenant.findings(part.scanId)).filter((r) => JSON.stringify(r.evidence).includes('"state":"unreadable"') && JSON.stringify(r.evidence).includes('log-central'))
    expect(deleted).toEqual([])
  })

  it.each(['a subscription out of sight', 'a management group'] as const)('counts what %s was last seen to send, though it is not read', async (sender) => {
    const t = await readableTenant()
    const rows = await t.findings((await t.scan()).scanId)
    const unused = rows.find((r) => r.check === 'workspace-hardened' && r.verdict === 'not-applicable')
    const vault = rows.find((r) => r.resourceType === 'microsoft.keyvault/vaults' && r.subscriptionId !== unused?.subscriptionId)
    if (!unused?.subscriptionId || !vault?.subscriptionId) throw new Error('the generated tenant should have a workspace that nothing is sent to, and a vault elsewhere')
    const { resourceId: workspaceId, subscriptionId } = unused
    const from = sender === 'a management group' ? `/providers/Microsoft.Management/managementGroups/${t.simulator.tenant.tenantId}` : vault.resourceId
    t.simulator.tenant.setDiagnosticSettings(from, [{ name: 'to-team', workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }, { category: 'Administrative', enabled: true }] }])
    const before = of(await t.findings((await t.scan()).scanId), workspaceId, unused.check)
    expect(before?.verdict).not.toBe('not-applicable')
    if (sender !== 'a management group') t.simulator.tenant.hideSubscription(vault.subscriptionId)
    const part = await t.scan({ scope: { subscriptions: [subscriptionId] } })
    expect(of(await t.findings(part.scanId), workspaceId, unused.check)).toMatchObject({ verdict: before?.verdict, reason: before?.reason })
  })

  it('refuses a subscription that is not there, and names those that are', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 10, seed: 1 }))
    await expect(tenant.scan({ scope: { subscriptions: ['11111111-1111-4111-8111-111111111111'] } })).rejects.toMatchObject({
      message: expect.stringContaining('11111111-1111-4111-8111-111111111111'),
      remedy: expect.stringContaining('Readable are'),
    })
  })
})

describe('cancelling', () => {
  it('stops the scan and says so', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 300, seed: 1 }), { latencyMs: 20 })
    const stop = new AbortController()
    const running = tenant.scan({ signal: stop.signal })
    await expect.poll(() => tenant?.simulator.requests.total, { timeout: 120_000 }).toBeGreaterThan(20)
    stop.abort(new Error('enough'))
    expect((await running).status).toBe('cancelled')
  })
})
