import { afterEach, describe, expect, it, vi } from 'vitest'
import { getScan, lastChanges, listChanges, openDiff } from '@/lib/db'
import { toResourceKey } from '@/lib/domain/arm-id'
import { defaultPolicy } from '@/lib/domain/policy'
import type { ScanSummary } from '@/lib/domain/scan'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant } from '@/lib/simulator'
import type { Answer } from '@/lib/simulator/answer'
import { diagnosticEvent } from '@/lib/simulator/diagnostic-event'
import { usualMode } from './reading'
import { differences, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

const resources = 200

async function scannedOnce(): Promise<ScannedTenant> {
  tenant = await startScannedTenant(generateTenant({ resources, seed: 11 }), { limits: false })
  const first = await tenant.scan()
  expect(first.mode).toBe('full')
  return tenant
}

/** Requests of one kind during some work. */
async function countOf(t: ScannedTenant, kind: string, work: () => Promise<unknown>): Promise<number> {
  const before = t.simulator.requests.count(kind)
  await work()
  return t.simulator.requests.count(kind) - before
}

function gapOf(rows: readonly FindingRow[]): FindingRow {
  const gap = rows.find((r) => r.check === 'resource-audit-logs' && r.verdict === 'fail' && r.resourceType === 'microsoft.keyvault/vaults')
  if (gap === undefined) throw new Error('the generated tenant should have a vault with a gap')
  return gap
}

const everything = (t: ScannedTenant) => [{ name: 'to-central', workspaceId: t.simulator.tenant.rows('resources').find((r) => r.type.toLowerCase() === 'microsoft.operationalinsights/workspaces')?.id ?? '', logs: [{ categoryGroup: 'allLogs', enabled: true }] }]

async function verdictNow(t: ScannedTenant, scanId: string, gap: FindingRow): Promise<string | undefined> {
  return (await t.findings(scanId)).find((r) => r.resourceId === gap.resourceId && r.check === gap.check)?.verdict
}

const groupOf = ({ resourceId }: FindingRow) => resourceId.split('/').slice(0, 5).join('/')

/** What Azure answers once these settings are written, of which the activity log tells nothing here. */
function answerOf(t: ScannedTenant, resourceId: string, settings: ReturnType<typeof everything>): Answer {
  const { tenant } = t.simulator
  const [before, events] = [tenant.read('diagnostic-settings', resourceId), new Map(tenant.events)]
  tenant.setDiagnosticSettings(resourceId, settings)
  const written = tenant.read('diagnostic-settings', resourceId)
  for (const [subscriptionId, list] of events) tenant.events.set(subscriptionId, list)
  if (before === undefined || written === undefined) throw new Error(`${resourceId} should have settings`)
  tenant.setAnswer('diagnostic-settings', resourceId, before)
  return written
}

/** An operation that the subscription's activity log tells of. */
function tell(t: ScannedTenant, operation: string, resourceId: string): void {
  const event = diagnosticEvent({ subject: resourceId, setting: 's', operation: 'write', caller: 'ada@example.com', at: new Date(), seed: 1, tenantId: t.simulator.tenant.tenantId })
  t.simulator.tenant.addEvent(resourceId.split('/')[2] ?? '', { ...event, operationName: { value: operation }, resourceId })
}

describe('an incremental scan', () => {
  it('learns of what was changed though the clock of its machine is hours behind', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan({ mode: 'incremental' })).scanId))
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, everything(t))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 3_600_000 })
    const { scanId } = await t.scan({ mode: 'incremental' }).finally(() => vi.useRealTimers())
    expect(await verdictNow(t, scanId, gap)).toBe('pass')
  }, 120_000)

  it.each([2, -2])('learns of what was changed at once after a scan, and by whom, though the clock of its database is wrong by %i hours', async (clockHours) => {
    tenant = await startScannedTenant(generateTenant({ resources, seed: 11 }), {}, {}, { clockHours })
    const t = tenant
    const hours = (of: ScanSummary) => Math.round((Date.parse(of.startedAt) - Date.now()) / 3_600_000)
    const first = await t.scan()
    expect(hours(first)).toBe(clockHours)
    const gap = gapOf(await t.findings(first.scanId))
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, everything(t), 'ada@example.com')
    const after = await t.scan({ mode: 'incremental' })
    expect(after.mode).toBe('incremental')
    expect(await verdictNow(t, after.scanId, gap)).toBe('pass')
    expect(Date.parse(after.finishedAt)).toBeGreaterThan(Date.parse(after.startedAt))
    const changed = await listChanges(t.database, t.viewer, await openDiff(t.database, t.viewer, first.scanId, after.scanId), { keyPoints: [gap.keyPoint] }, { page: 1, pageSize: 50 })
    expect(changed.find((c) => c.resourceId === gap.resourceId && c.check === gap.check)).toMatchObject({ kind: 'closed-gap', changedBy: { caller: 'ada@example.com' } })
  }, 120_000)

  it('reads the lists of categories of which none is stored, as after a release that tells kinds apart otherwise', async () => {
    const t = await scannedOnce()
    const ofVaults = { source: 'log-categories', subject: { startsWith: 'categories:microsoft.keyvault/vaults|' } }
    const quiet = () => countOf(t, 'diagnostic-settings-categories', () => t.scan({ mode: 'incremental' }))
    const usual = await quiet()
    const { count } = await t.database.fact.deleteMany({ where: ofVaults })
    expect(count).toBeGreaterThan(0)
    const again = await t.scan({ mode: 'incremental' })
    expect(again.mode).toBe('incremental')
    expect(await t.database.fact.count({ where: ofVaults })).toBe(count)
    // Once asked, a list is asked for again only as any other.
    expect(await quiet()).toBeLessThanOrEqual(usual)
  }, 120_000)

  it('builds on nothing that was read under a clock that ran ahead', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    await t.database.$executeRaw`update scan set started_at = started_at + interval '400 days', finished_at = finished_at + interval '400 days'`
    expect(await usualMode(t.database, t.viewer.estateId, defaultPolicy)).toBe('full')
    // The log tells of it, and of nothing since the last scan as its clock had it.
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, everything(t))
    const next = await t.scan({ mode: 'incremental' })
    expect(next.mode).toBe('full')
    expect(await verdictNow(t, next.scanId, gap)).toBe('pass')
    expect(await usualMode(t.database, t.viewer.estateId, defaultPolicy)).toBe('incremental')
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
  })

  it('of a quiet estate reads little, says the same and adds no finding', async () => {
    const t = await scannedOnce()
    const before = await t.database.finding.count()
    const factsBefore = await t.database.fact.count({ where: { source: 'diagnostic-settings' } })
    const requests = t.simulator.requests.total
    const quiet = await t.scan({ mode: 'incremental' })
    expect(quiet.mode).toBe('incremental')
    expect(t.simulator.requests.total - requests).toBeLessThan(requests / 2)
    expect(await t.database.finding.count()).toBe(before)
    expect(await t.database.fact.count({ where: { source: 'diagnostic-settings' } })).toBe(factsBefore)
    const full = await t.scan()
    expect(differences(await t.findings(quiet.scanId), await t.findings(full.scanId))).toEqual([])
    // What is refused stands, although an incremental scan tries little of it. (How many of the types without logs are asked depends on the order of answers.)
    const refused = ({ subscriptions }: ScanSummary) => subscriptions.map(({ status, reason }) => ({ status, many: Number(/^\d+/.exec(reason ?? '0')?.[0]) > 20 }))
    expect(quiet.status).toBe('partial')
    expect(refused(quiet).some(({ many }) => many)).toBe(true)
    expect(refused(quiet)).toEqual(refused(full))
  })

  it('reads what the activity log tells, and knows who did it', async () => {
    const t = await scannedOnce()
    const first = await t.scan()
    const gap = gapOf(await t.findings(first.scanId))
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, everything(t), 'ada@example.com')
    const after = await t.scan({ mode: 'incremental' })
    expect(await verdictNow(t, after.scanId, gap)).toBe('pass')
    const key = toResourceKey(gap.resourceId)
    const changes = await lastChanges(t.database, t.viewer, [key], first.startedAt, after.finishedAt)
    expect(changes.get(key)).toMatchObject([{ caller: 'ada@example.com', operation: 'microsoft.insights/diagnosticsettings/write' }])
    const full = await t.scan()
    expect(differences(await t.findings(after.scanId), await t.findings(full.scanId))).toEqual([])
  })

  it('reads new resources, and drops those that are gone', async () => {
    const t = await scannedOnce()
    const vault = t.simulator.tenant.rows('resources').find((r) => r.type.toLowerCase() === 'microsoft.keyvault/vaults')
    if (vault === undefined) throw new Error('the generated tenant should have a vault')
    const id = vault.id.replace(/[^/]+$/, 'kv-new')
    t.simulator.tenant.addResource({ ...vault, id, name: 'kv-new' })
    t.simulator.tenant.setAnswer('diagnostic-settings', id, { status: 200, body: { value: [] } })
    t.simulator.tenant.removeResource(vault.id)
    const after = await t.scan({ mode: 'incremental' })
    const rows = await t.findings(after.scanId)
    expect(rows.filter((r) => r.resourceId === vault.id)).toEqual([])
    expect(rows.find((r) => r.resourceId === id && r.check === 'resource-audit-logs')?.verdict).toBe('fail')
    expect(differences(rows, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('asks again for what could not be read', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    t.simulator.tenant.refuse(gap.resourceId, { kinds: ['diagnostic-settings'] })
    const refused = await t.scan()
    expect(await verdictNow(t, refused.scanId, gap)).toBe('unknown')
    t.simulator.tenant.allow(gap.resourceId)
    const after = await t.scan({ mode: 'incremental' })
    expect(await verdictNow(t, after.scanId, gap)).toBe('fail')
  })

  it('asks a resource group that refused everything once, and for all of it when it answers', async () => {
    const t = await scannedOnce()
    const group = groupOf(gapOf(await t.findings((await t.scan()).scanId)))
    const readsOfGroup = () => t.simulator.requests.matching(/\/diagnosticSettings\?/i).filter(({ url }) => url.toLowerCase().startsWith(`${group.toLowerCase()}/`)).length
    t.simulator.tenant.refuse(group, { kinds: ['diagnostic-settings'] })
    const refused = await t.findings((await t.scan()).scanId)
    t.simulator.requests.clear()
    const quiet = await t.scan({ mode: 'incremental' })
    expect(readsOfGroup()).toBe(1)
    expect(differences(refused, await t.findings(quiet.scanId))).toEqual([])
    t.simulator.tenant.allow(group)
    t.simulator.requests.clear()
    const after = await t.scan({ mode: 'incremental' })
    expect(readsOfGroup()).toBeGreaterThan(1)
    expect(differences(await t.findings(after.scanId), await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('reads a resource group anew that resources were moved out of, though it lists the same', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    // Moved away and back, or another in its place: an id has other settings, of which no event tells.
    t.simulator.tenant.setAnswer('diagnostic-settings', gap.resourceId, answerOf(t, gap.resourceId, everything(t)))
    expect(await verdictNow(t, (await t.scan({ mode: 'incremental' })).scanId, gap)).toBe('fail')
    tell(t, 'Microsoft.Resources/subscriptions/resourceGroups/moveResources/action', groupOf(gap))
    expect(await verdictNow(t, (await t.scan({ mode: 'incremental' })).scanId, gap)).toBe('pass')
  })

  it('of a resource group whose grant was taken carries nothing over', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    t.simulator.tenant.refuse(groupOf(gap), { kinds: ['diagnostic-settings'] })
    tell(t, 'Microsoft.Authorization/roleAssignments/delete', `${groupOf(gap)}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-4000-8000-000000000001`)
    const after = await t.findings((await t.scan({ mode: 'incremental' })).scanId)
    expect(after.find((r) => r.resourceId === gap.resourceId && r.check === gap.check)).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied' })
    expect(differences(after, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('of a subscription whose grants were taken but for that of the settings carries nothing over of what they were for', async () => {
    const t = await scannedOnce()
    const taken = ['sql-auditing', 'database-parameters', 'defender-plans', 'security-contacts']
    const read = await t.database.fact.groupBy({ by: ['subscriptionId', 'source'], where: { source: { in: taken }, status: 'ok' } })
    const [subscriptionId] = [...Map.groupBy(read, (row) => row.subscriptionId)].find(([, sources]) => sources.length === taken.length) ?? []
    if (!subscriptionId) throw new Error('the generated tenant should have a subscription with all of these')
    const sourcesOf = async (status: string) => new Set((await t.database.fact.findMany({ where: { source: { in: taken }, status, subscriptionId }, select: { source: true } })).map(({ source }) => source))
    expect(await sourcesOf('ok')).toEqual(new Set(taken))
    t.simulator.tenant.refuse(`/subscriptions/${subscriptionId}`, { kinds: ['sql-auditing', 'database-parameters', 'pricings', 'security-contacts'] })
    tell(t, 'Microsoft.Authorization/roleAssignments/delete', `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-4000-8000-000000000001`)
    const after = await t.findings((await t.scan({ mode: 'incremental' })).scanId)
    expect(await sourcesOf('ok')).toEqual(new Set())
    expect(differences(after, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('sees that a grant above a subscription was taken, which no log of it tells', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    t.simulator.tenant.refuse(`/subscriptions/${gap.subscriptionId}`, { kinds: ['diagnostic-settings'] })
    const after = await t.findings((await t.scan({ mode: 'incremental' })).scanId)
    expect(after.find((r) => r.resourceId === gap.resourceId && r.check === gap.check)).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied' })
    expect(differences(after, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('reads everything where the activity log does not answer', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    t.simulator.tenant.setAnswer('diagnostic-settings', gap.resourceId, { status: 200, body: { value: [] } })
    const full = await countOf(t, 'diagnostic-settings', () => t.scan())
    t.simulator.addFault({ match: 'eventtypes/management', kind: 'refuse', action: 'Microsoft.Insights/eventtypes/values/Read' })
    const blind = await countOf(t, 'diagnostic-settings', () => t.scan({ mode: 'incremental' }))
    // Which resource is asked for its type's categories first depends on the order of answers.
    expect(blind).toBeGreaterThan(full * 0.9)
  })

  it('with nothing to build on is a full one', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 40, seed: 11 }), { limits: false })
    expect((await tenant.scan({ mode: 'incremental' })).mode).toBe('full')
  })
})

describe('what is read in full', () => {
  const settingsRead = (t: ScannedTenant, subscriptionId: string) =>
    t.simulator.requests.matching(/\/diagnosticSettings\?/i).filter(({ url }) => url.toLowerCase().startsWith(`/subscriptions/${subscriptionId}/`)).length
  const nightsLater = (t: ScannedTenant, nights: number) => t.database.$executeRaw`
    update scan set started_at = started_at - ${nights} * interval '1 day', finished_at = finished_at - ${nights} * interval '1 day'`

  it('is a new subscription once, by whatever scan found it', async () => {
    tenant = await startScannedTenant(generateTenant({ resources, seed: 11 }), { limits: false })
    const t = tenant
    const added = t.simulator.tenant.subscriptions[0]?.subscriptionId.toLowerCase() ?? ''
    t.simulator.tenant.hideSubscription(added)
    await t.scan()
    t.simulator.tenant.showSubscription(added)
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
    const first = settingsRead(t, added)
    t.simulator.requests.clear()
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
    expect(settingsRead(t, added)).toBeLessThan(first / 2)
  })

  it('is every subscription after a week, or after as many nights as the policy has, be the scans full or not', async () => {
    const t = await scannedOnce()
    await nightsLater(t, 6)
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
    expect(await usualMode(t.database, t.viewer.estateId, defaultPolicy)).toBe('incremental')
    await nightsLater(t, 1)
    expect(await usualMode(t.database, t.viewer.estateId, defaultPolicy)).toBe('full')
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('full')
    await nightsLater(t, 2)
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
    const policy = { ...defaultPolicy, fullEveryNights: 2 }
    expect(await usualMode(t.database, t.viewer.estateId, policy)).toBe('full')
    expect((await t.scan({ mode: 'incremental', policy })).mode).toBe('full')
  })

  it('is what was last read longer ago than the activity log goes back, which is not asked then', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 40, seed: 11 }), { limits: false })
    const t = tenant
    const logsAsked = (mode: ScanSummary['mode']) => countOf(t, 'activity-log', async () => expect((await t.scan({ policy, mode: 'incremental' })).mode).toBe(mode))
    const policy = { ...defaultPolicy, fullEveryNights: 365 }
    await t.scan()
    await nightsLater(t, 88)
    expect(await logsAsked('incremental')).toBe(t.simulator.tenant.subscriptions.length)
    await nightsLater(t, 90)
    expect(await logsAsked('full')).toBe(0)
  })

  it('is none of the others because one is scanned in full now and then', async () => {
    const t = await scannedOnce()
    const one = t.simulator.tenant.subscriptions[0]?.subscriptionId.toLowerCase() ?? ''
    const other = t.simulator.tenant.subscriptions[1]?.subscriptionId.toLowerCase() ?? ''
    await nightsLater(t, 8)
    await t.scan({ scope: { subscriptions: [one] } })
    t.simulator.requests.clear()
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
    const first = settingsRead(t, other)
    await nightsLater(t, 1)
    t.simulator.requests.clear()
    expect((await t.scan({ mode: 'incremental' })).mode).toBe('incremental')
    expect(settingsRead(t, other)).toBeLessThan(first / 2)
  })
})

describe('a full scan', () => {
  const missedBy = async (t: ScannedTenant, { scanId }: ScanSummary, viewer = t.viewer) => {
    const { missed, missedCounts } = await getScan(t.database, viewer, scanId)
    return { rows: missed, ...missedCounts }
  }
  const row = ({ resourceId, resourceName }: FindingRow, perhaps = false) => ({ resourceId, name: resourceName, source: 'diagnostic-settings', perhaps })

  it('finds what the incremental scans before it missed, and says so', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    await t.scan({ mode: 'incremental' })
    // Changed without a trace, as when the log loses an event.
    t.simulator.tenant.setAnswer('diagnostic-settings', gap.resourceId, answerOf(t, gap.resourceId, everything(t)))
    const blind = await t.scan({ mode: 'incremental' })
    expect(await verdictNow(t, blind.scanId, gap)).toBe('fail')
    const full = await t.scan()
    expect(await verdictNow(t, full.scanId, gap)).toBe('pass')
    expect(await missedBy(t, full)).toEqual({ rows: [row(gap)], missed: 1, perhapsMissed: 0 })
    expect(full.missed).toEqual({ missed: 1, perhapsMissed: 0 })
    expect(await missedBy(t, full, { ...t.viewer, subscriptions: [] })).toEqual({ rows: [], missed: 0, perhapsMissed: 0 })
    expect((await t.scan()).missed).toBeUndefined()
  })

  it('takes nothing for missed that the log tells, be it only when the scan has read it', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    await t.scan({ mode: 'incremental' })
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, everything(t))
    expect((await t.scan()).missed).toBeUndefined()
    await t.scan({ mode: 'incremental' })
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, [])
    const asked = new Set<string>()
    const { events } = t.simulator.tenant
    const told = new Map(events)
    vi.spyOn(events, 'get').mockImplementation((id) => (asked.has(id) ? told.get(id) : (asked.add(id), [])))
    expect((await t.scan()).missed).toBeUndefined()
    expect(asked.size).toBeGreaterThan(0)
  }, 120_000)

  it('finds what was missed of the retention of a workspace, too, and reads again what nothing named for a while', async () => {
    const t = await scannedOnce()
    const { tenant } = t.simulator
    await t.scan({ mode: 'incremental' })
    const { subject } = await t.database.fact.findFirstOrThrow({ where: { source: 'workspace-tables', status: 'ok' }, select: { subject: true } })
    const shorter = JSON.stringify(tenant.read('workspace-tables', subject)).replaceAll(/"totalRetentionInDays":\d+/g, '"totalRetentionInDays":7')
    tenant.setAnswer('workspace-tables', subject, JSON.parse(shorter))
    expect((await t.scan({ mode: 'incremental' })).missed).toBeUndefined()
    // A workspace that nothing names any more, as far as the scan can tell.
    await t.database.fact.create({ data: { estateId: t.viewer.estateId, subject: `${subject}-unused`, source: 'workspace-tables', subscriptionId: subject.split('/')[2] ?? '', status: 'ok', content: [], hash: '', readAt: new Date(), changedAt: new Date(), readSeq: 1 } })
    const full = await t.scan()
    expect((await missedBy(t, full)).rows).toMatchObject([{ source: 'workspace-tables', perhaps: false }])
    expect(full.missed).toEqual({ missed: 1, perhapsMissed: 0 })
    expect(await t.database.fact.findMany({ where: { source: 'workspace-tables', readSeq: 0 }, select: { subject: true } })).toEqual([{ subject: `${subject}-unused` }])
  }, 120_000)

  it('does not guess where the log could not be asked', async () => {
    const t = await scannedOnce()
    const gap = gapOf(await t.findings((await t.scan()).scanId))
    await t.scan({ mode: 'incremental' })
    t.simulator.tenant.setDiagnosticSettings(gap.resourceId, everything(t))
    t.simulator.addFault({ match: 'eventtypes/management', kind: 'refuse', action: 'Microsoft.Insights/eventtypes/values/Read' })
    expect(await missedBy(t, await t.scan())).toEqual({ rows: [row(gap, true)], missed: 0, perhapsMissed: 1 })
  }, 120_000)
})
