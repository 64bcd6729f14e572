import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

const unlimited = { burst: 1_000_000, perSecond: 1_000_000 }
let t: ScannedTenant

beforeAll(async () => {
  t = await startScannedTenant(generateTenant({ resources: 200, subscriptions: 3, seed: 4 }), {}, {
    limits: {
      subscriptionReads: unlimited, tenantReads: unlimited, resourceGraph: unlimited,
      circuit: { failures: 12, resources: 4, firstRestMs: 20, tries: 2, hopelessAfterMs: 600_000 },
    },
  })
}, 120_000)
afterAll(() => t.close())

describe('a subscription that fails again and again', () => {
  it('is given up with all that is left of it unknown, and is read again when it is back', async () => {
    const calm = await t.scan()
    const before = await t.findings(calm.scanId)
    // Not the first, in which the namespace of event hubs lies that others send to.
    const broken = t.simulator.tenant.subscriptions[1]?.subscriptionId ?? ''
    t.simulator.addFault({ match: new RegExp(`/subscriptions/${broken}(/.*)?\\?`, 'i'), kind: 'status', status: 503 })
    const summary = await t.scan()
    expect(summary.requests.circuitsOpened).toBe(1)
    expect(summary.subscriptions.find(({ subscriptionId }) => subscriptionId === broken)).toMatchObject({ status: 'partial', reason: expect.stringMatching(/reads not asked after repeated failures/) })
    expect(summary.subscriptions.filter(({ subscriptionId }) => subscriptionId !== broken).map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
    const rows = await t.findings(summary.scanId)
    const lost = rows.filter(({ subscriptionId, check }) => subscriptionId === broken && check === 'resource-audit-logs')
    expect(new Set(lost.filter(({ verdict }) => verdict !== 'not-applicable').map(({ verdict, reasonCode }) => `${verdict} ${reasonCode}`))).toEqual(new Set(['unknown api-error']))
    const others = (all: typeof rows) => all.filter(({ subscriptionId, check }) => subscriptionId !== broken && check === 'resource-audit-logs').map(({ resourceId, verdict }) => `${resourceId} ${verdict}`).sort()
    expect(others(rows)).toEqual(others(before))

    t.simulator.clearFaults()
    const after = await t.scan({ mode: 'incremental' })
    expect(after.requests.circuitsOpened).toBeUndefined()
    expect(after.score).toBe(calm.score)
  }, 180_000)

  it('is asked again for what it was not asked when the scan goes on', async () => {
    const subscriptionId = t.simulator.tenant.subscriptions[0]?.subscriptionId ?? ''
    t.simulator.addFault({ match: new RegExp(`/subscriptions/${subscriptionId}(/.*)?\\?`, 'i'), kind: 'status', status: 503 })
    const cut = await t.scan()
    expect(cut.subscriptions.find((each) => each.subscriptionId === subscriptionId)?.reason).toMatch(/reads not asked/)
    t.simulator.clearFaults()
    // As though its process had died just before the end.
    await t.database.rollup.deleteMany({ where: { scan: { id: cut.scanId } } })
    await t.database.scan.update({ where: { id: cut.scanId }, data: { status: 'running', finishedAt: null } })
    const resumed = await t.scan({ resume: cut.scanId })
    expect(resumed.subscriptions.find((each) => each.subscriptionId === subscriptionId)?.reason ?? '').not.toMatch(/reads not asked/)
  }, 180_000)
})
