import { afterEach, describe, expect, it } from 'vitest'
import { createScan } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import type { ScanSummary } from '@/lib/domain/scan'
import { generateTenant } from '@/lib/simulator'
import { judgeAgain } from './judge-again'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

const check = 'management-group-activity-log-export'
const idOf = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`

interface Scanned {
  t: ScannedTenant
  root: string
  before: ScanSummary
  seq: number
}

/** A scanned tenant whose root management group sends its activity log nowhere. */
async function withGap(): Promise<Scanned> {
  const simulated = generateTenant({ resources: 20, seed: 7 })
  const root = idOf(simulated.tenantId)
  simulated.setDiagnosticSettings(root, [])
  const t = (tenant = await startScannedTenant(simulated))
  const before = await t.scan()
  expect(await found(t, before.scanId, root)).toMatchObject({ verdict: 'fail' })
  const { seq } = await t.database.scan.findFirstOrThrow({ orderBy: { seq: 'desc' } })
  return { t, root, before, seq }
}

async function found(t: ScannedTenant, scanId: string, id: string) {
  return (await t.findings(scanId)).find((row) => row.check === check && row.resourceId.toLowerCase() === id.toLowerCase())
}

/** The scan that first saw the gap of the group that is stored now. */
async function gapSince(t: ScannedTenant, id: string): Promise<number | null | undefined> {
  const group = await t.database.resource.findFirstOrThrow({ where: { resourceId: id } })
  const row = await t.database.finding.findFirst({ where: { check, toSeq: null, resourceRef: group.id } })
  return row?.verdict === 'fail' ? (row.gapSinceSeq ?? row.sinceSeq) : row?.gapSinceSeq
}

describe('a management group that is not listed any more', { timeout: 120_000 }, () => {
  it('is unknown while no right reaches it, and its gap stays open until it is seen closed', async () => {
    const { t, root, seq } = await withGap()
    t.simulator.tenant.refuse(root, { kinds: 'all' })
    const during = await t.scan()
    expect(during.status).toBe('partial')
    expect(await found(t, during.scanId, root)).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied', permission: expect.stringMatching(/\/read$/) })
    // What lay below it still does, for overrides of the policy.
    const child = await t.database.resource.findFirstOrThrow({ where: { resourceId: idOf('brightwater') } })
    expect(child.properties).toMatchObject({ parentId: root })
    // The group says it, the tenant need not.
    expect(await found(t, during.scanId, `/tenants/${t.simulator.tenant.tenantId}`)).toBeUndefined()
    expect(await gapSince(t, root)).toBe(seq)

    t.simulator.tenant.allow(root)
    const after = await t.scan()
    expect(await found(t, after.scanId, root)).toMatchObject({ verdict: 'fail' })
    expect(await gapSince(t, root)).toBe(seq)
  })

  it('is judged all the same where only the list is refused', async () => {
    const { t, root, seq } = await withGap()
    t.simulator.addFault({ match: '/managementGroups?', kind: 'refuse', action: 'Microsoft.Management/managementGroups/read' })
    const during = await t.scan()
    expect(during.status).toBe('partial')
    expect(await found(t, during.scanId, root)).toMatchObject({ verdict: 'fail' })
    expect(await gapSince(t, root)).toBe(seq)
  })

  it('is said the same of when it is judged again', async () => {
    const { t, root, seq } = await withGap()
    t.simulator.tenant.refuse(root, { kinds: 'all' })
    const during = await t.scan()
    const { scanId } = await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'test', judgesAgain: during.scanId })
    await judgeAgain({ db: t.database, estate: { estateId: t.viewer.estateId, tenantId: t.simulator.tenant.tenantId, cloud: 'AzureCloud' }, scanId, policy: defaultPolicy })
    expect(await found(t, scanId, root)).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied' })
    expect(await gapSince(t, root)).toBe(seq)
  })

  it('ends when Azure says that it is deleted, and is asked for no more', async () => {
    const { t, before } = await withGap()
    const { managementGroups } = t.simulator.tenant
    const leaf = managementGroups.findIndex(({ name, parent }) => parent !== null && !managementGroups.some((each) => each.parent === name))
    const [removed] = managementGroups.splice(leaf, 1)
    const id = idOf(removed?.name ?? '')
    expect(await found(t, before.scanId, id)).toBeDefined()
    const part = await t.scan({ scope: { subscriptions: [before.subscriptions[0]?.subscriptionId ?? ''] } })
    expect(part.status).not.toBe('failed')
    expect(await t.database.resource.count({ where: { resourceId: id, goneSeq: null } })).toBe(1)
    expect(await found(t, (await t.scan()).scanId, id)).toBeUndefined()
    const asked = t.simulator.requests.count('management-group')
    expect(asked).toBe(1)
    await t.scan()
    expect(t.simulator.requests.count('management-group')).toBe(asked)
  })
})
