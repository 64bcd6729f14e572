import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { createScan, getScan, isDatabaseLost } from '@/lib/db'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { ScanSummary } from '@/lib/domain/scan'
import { generateTenant } from '@/lib/simulator'
import { differences, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

const script = fileURLToPath(new URL('testing/scan-process.ts', import.meta.url))

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

/** Runs the scan in a process of its own and kills it as soon as so many reads are stored. */
function killAfter(t: ScannedTenant, scanId: string, facts: number): Promise<void> {
  return killWhen(t, scanId, async () => (await t.database.fact.count({ where: { source: 'diagnostic-settings' } })) > facts)
}

async function killWhen(t: ScannedTenant, scanId: string, condition: () => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, t.url, t.simulator.url, t.simulator.tenant.tenantId, String(t.viewer.estateId), scanId], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = once(child, 'exit')
  await expect.poll(condition, { timeout: 120_000, interval: 20 }).toBe(true)
  child.kill('SIGKILL')
  await exited
}

describe('a scan whose process is killed', () => {
  it('goes on where it was: reads nothing again that was stored, loses and doubles no finding', { timeout: 180_000 }, async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 700, seed: 5 }), { latencyMs: 40, limits: false }))
    const { scanId, seq } = await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'test' })
    await killAfter(t, scanId, 100)
    const stored = await t.database.fact.findMany({ where: { source: 'diagnostic-settings', readSeq: seq, subscriptionId: { not: null } }, select: { subject: true, readAt: true } })
    const alive = await t.database.scan.findUniqueOrThrow({ where: { seq } })
    expect(alive.status).toBe('running')

    const resumed = await t.scan({ resume: scanId })
    expect(resumed.scanId).toBe(scanId)
    const after = new Map((await t.database.fact.findMany({ where: { source: 'diagnostic-settings' }, select: { subject: true, readAt: true } })).map((fact) => [fact.subject, fact.readAt.getTime()]))
    const again = stored.filter(({ subject, readAt }) => after.get(subject) !== readAt.getTime())
    expect(stored.length).toBeGreaterThan(50)
    expect(again.slice(0, 3)).toEqual([])

    const findings = await t.findings(scanId)
    expect(new Set(findings.map((f) => `${f.resourceId.toLowerCase()} ${f.check}`)).size).toBe(findings.length)
    const whole = await t.scan()
    expect(differences(findings, await t.findings(whole.scanId))).toEqual([])
    const result = ({ status, resources, score, coverage, keyPoints }: ScanSummary) => ({ status, resources, score, coverage, keyPoints })
    expect(result(resumed)).toEqual(result(whole))
  })

  it('still knows what it found that incremental scans had missed', { timeout: 180_000 }, async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 300, seed: 8 }), { latencyMs: 20 }))
    const first = await t.scan()
    await t.scan({ mode: 'incremental' })
    const logging = (await t.findings(first.scanId)).find((f) => f.check === 'resource-audit-logs' && f.verdict === 'pass')
    if (logging === undefined) throw new Error('the generated tenant should have a resource that logs enough')
    // Gone without a word in the activity log.
    t.simulator.tenant.setAnswer('diagnostic-settings', logging.resourceId, { status: 200, body: { value: [] } })
    const { scanId, seq } = await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'test' })
    await killWhen(t, scanId, async () => (await t.database.fact.count({ where: { subject: toResourceKey(logging.resourceId), source: 'diagnostic-settings', readSeq: seq } })) > 0)
    expect((await t.database.scan.findUniqueOrThrow({ where: { seq } })).status).toBe('running')
    await t.scan({ resume: scanId })
    expect((await getScan(t.database, t.viewer, scanId)).missed).toEqual([{ resourceId: logging.resourceId, name: logging.resourceName, source: 'diagnostic-settings', perhaps: false }])
  })

  it('tries of what a resource group refused what its first attempt chose, and no more', { timeout: 180_000 }, async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 120, seed: 3 }), { latencyMs: 250 }))
    const first = await t.scan()
    const gap = (await t.findings(first.scanId)).find((f) => f.check === 'resource-audit-logs' && f.verdict === 'fail')
    if (gap === undefined) throw new Error('the generated tenant should have a gap')
    const group = gap.resourceId.split('/').slice(0, 5).join('/')
    t.simulator.tenant.refuse(group, { kinds: ['diagnostic-settings'] })
    const refused = await t.scan()
    t.simulator.requests.clear()
    const { scanId, seq } = await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'incremental', requestedBy: 'test' })
    const part = { scanSeq: seq, subscriptionId: group.split('/')[2]?.toLowerCase() ?? '' }
    await killWhen(t, scanId, async () => (await t.database.scanPart.count({ where: { ...part, tried: { not: { equals: null } } } })) > 0)
    expect((await t.database.scan.findUniqueOrThrow({ where: { seq } })).status).toBe('running')
    const summary = await t.scan({ resume: scanId })
    const asked = t.simulator.requests.matching(/\/diagnosticSettings\?/i).map(({ url }) => url.toLowerCase()).filter((url) => url.startsWith(`${group.toLowerCase()}/`))
    expect(new Set(asked).size).toBe(1)
    expect(differences(await t.findings(refused.scanId), await t.findings(scanId))).toEqual([])
    // Nobody counted what the killed process asked last.
    expect(summary.requests.atLeast).toBe(true)
    expect(refused.requests.atLeast).toBeUndefined()
  })

  it('waits while the database is away, and goes on when it is back', { timeout: 180_000 }, async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 600, seed: 6 }), { latencyMs: 30, limits: false }))
    const { scanId } = await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'test' })
    const running = t.scan({ resume: scanId }).then(() => null, (error: unknown) => error)
    await expect.poll(() => t.database.fact.count(), { timeout: 120_000, interval: 50 }).toBeGreaterThan(100)
    await refuseConnections(t.url, true)
    const error = await running
    expect(isDatabaseLost(error), String(error)).toBe(true)
    await refuseConnections(t.url, false)
    expect((await t.database.scan.findUniqueOrThrow({ where: { id: scanId } })).status).toBe('running')
    const summary = await t.scan({ resume: scanId })
    expect(['succeeded', 'partial']).toContain(summary.status)
    const whole = await t.scan()
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })
})

/** Ends every connection to the database and lets none in, as when its server is down; or lets them in again. */
async function refuseConnections(url: string, refuse: boolean): Promise<void> {
  const place = new URL(url)
  const name = place.pathname.slice(1)
  const client = new pg.Client({ connectionString: Object.assign(place, { pathname: '/postgres' }).href })
  await client.connect()
  await client.query(`alter database ${name} allow_connections ${refuse ? 'false' : 'true'}`)
  if (refuse) await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await client.end()
}
