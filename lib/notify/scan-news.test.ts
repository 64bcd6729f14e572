import { afterEach, describe, expect, it } from 'vitest'
import { failStaleScans, takeUnannounced, type EndedScan } from '@/lib/db'
import { beginScan, finding, newEstate, scanOnce, storePart, subscriptionA, vault } from '@/lib/db/testing/sample-estate'
import { createTestDatabase } from '@/lib/db/testing'
import type { ChannelRow } from '@/lib/domain/notification'
import { startScannedTenant, type ScannedTenant } from '@/lib/scan/testing/scanned-tenant'
import { generateTenant } from '@/lib/simulator'
import { linksOf } from './links'
import { scanNews } from './scan-news'

const timeout = 180_000
const links = linksOf('https://keypoint.example.com')
const channel: ChannelRow = {
  id: 'one', name: 'One', kind: 'webhook', target: '', recipients: [], topics: ['changes', 'scanning'], minSeverity: 'low', keyPoints: [], alwaysSend: false, digest: null, sealedAt: null, olderSecret: null, quietUntil: null,
  enabled: true, disabledReason: null, createdBy: 'ada', createdAt: '',
}

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

/** Scans, and says what is to be told of it. */
async function newsOfScan(t: ScannedTenant) {
  const { scanId } = await t.scan()
  const { seq } = await t.database.scan.findUniqueOrThrow({ where: { id: scanId } })
  const ended = await takeUnannounced(t.database, seq, new Date())
  if (ended === null) throw new Error('the scan was told of already')
  return noticeOf(t, ended)
}

async function noticeOf(t: ScannedTenant, scan: EndedScan) {
  const notice = (await scanNews(t.database, t.viewer.estateId, scan, [channel], links)).get(channel.id) ?? null
  if (notice !== null && notice.event !== 'scan.finished') throw new Error('another notice than asked for')
  return notice
}

describe('news of real scans', () => {
  it('are what was lost of sight, once, and what came back', { timeout }, async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 60, seed: 3 })))
    expect((await newsOfScan(t))?.changes ?? null).toBeNull()
    // What the generated tenant refuses from the beginning is told of, and then no more.
    expect(await newsOfScan(t)).toBeNull()
    const [subscription] = t.simulator.tenant.visibleSubscriptions
    if (subscription === undefined) throw new Error('the generated tenant should have subscriptions')
    t.simulator.tenant.allow(`/subscriptions/${subscription.subscriptionId}`)
    await newsOfScan(t)
    t.simulator.tenant.refuse(`/subscriptions/${subscription.subscriptionId}`, { kinds: ['diagnostic-settings'] })
    const lost = await newsOfScan(t)
    expect(lost?.trouble).toMatchObject({
      newlyUnread: [{ subscriptionId: subscription.subscriptionId, reason: expect.stringContaining('Microsoft.Insights/diagnosticSettings/read') }], newlyUnreadTotal: 1, recovered: false,
      coverage: { before: expect.any(Number), after: expect.any(Number) },
    })
    expect(lost?.changes).toMatchObject({ newGaps: 0, closedGaps: 0 })
    expect(await newsOfScan(t)).toBeNull()
    t.simulator.tenant.allow(`/subscriptions/${subscription.subscriptionId}`)
    expect((await newsOfScan(t))?.trouble).toMatchObject({ newlyUnreadTotal: 0, readAgain: 1, coverage: null })
  })

  it('are nothing for a scan that somebody cancelled', { timeout }, async () => {
    const t = (tenant = await startScannedTenant(generateTenant({ resources: 30, seed: 3 })))
    await t.scan()
    const stop = AbortSignal.abort(new Error('The scan was cancelled.'))
    const { scanId, status } = await t.scan({ signal: stop })
    expect(status).toBe('cancelled')
    const { seq } = await t.database.scan.findUniqueOrThrow({ where: { id: scanId } })
    const ended = await takeUnannounced(t.database, seq, new Date())
    if (ended === null) throw new Error('the scan should have ended')
    expect(await noticeOf(t, ended)).toBeNull()
    expect(await takeUnannounced(t.database, seq, new Date())).toBeNull()
  })
})

describe('news of a gap that went out of sight', () => {
  it('are its closing once it is proven, and nothing before', { timeout }, async () => {
    const test = await createTestDatabase()
    const estateId = await newEstate(test.database)
    const names = ['closed', 'back', 'gone', 'never', 'steady'] as const
    const nights: Partial<Record<(typeof names)[number], 'pass' | 'fail' | 'unknown'>>[] = [
      { closed: 'fail', back: 'fail', gone: 'fail', never: 'pass', steady: 'pass' },
      { closed: 'unknown', back: 'unknown', gone: 'unknown', never: 'unknown', steady: 'pass' },
      { closed: 'unknown', back: 'unknown', gone: 'unknown', never: 'unknown', steady: 'pass' },
      { closed: 'pass', back: 'fail', never: 'pass', steady: 'pass' },
    ]
    const told = []
    for (const night of nights) {
      const present = names.filter((name) => night[name] !== undefined)
      const { seq } = await scanOnce(test.database, estateId, [{
        subscriptionId: subscriptionA, resources: present.map((name) => vault(subscriptionA, name)), findings: present.map((name) => finding(vault(subscriptionA, name), night[name] ?? 'pass')),
      }])
      const ended = await takeUnannounced(test.database, seq, new Date())
      if (ended === null) throw new Error('the scan was told of already')
      const notice = (await scanNews(test.database, estateId, ended, [channel], links)).get(channel.id)
      told.push(notice?.event === 'scan.finished' ? (notice.changes?.gaps.map(({ kind, resourceName }) => [kind, resourceName]) ?? null) : null)
    }
    expect(told).toEqual([null, null, null, [['closed-gap', 'closed'], ['vanished', 'gone']]])
    await test.drop()
  })
})

describe('news of what a scan without results saw first', () => {
  it('are told once, by the next scan with results, also when it sees nothing', { timeout }, async () => {
    const test = await createTestDatabase()
    const { database: db } = test
    const estateId = await newEstate(db)
    /** What each of four nights found (a dot: nothing), the second in a scan that died, and what was told of the other three. */
    const cases: Record<string, { nights: string; told: (string | null)[] }> = {
      opened: { nights: 'PFUF', told: [null, 'new-gap', null] },
      closed: { nights: 'FPUP', told: [null, 'closed-gap', null] },
      sighted: { nights: 'UFUF', told: [null, 'gained-sight', null] },
      proven: { nights: 'UUUP', told: [null, null, null] },
      again: { nights: 'FUUP', told: [null, null, 'closed-gap'] },
      appeared: { nights: '.FUF', told: [null, 'appeared', null] },
      unjudged: { nights: 'F.UF', told: [null, 'unjudged', 'gained-sight'] },
      seen: { nights: 'PFFU', told: [null, 'new-gap', null] },
      steady: { nights: 'PPPP', told: [null, null, null] },
    }
    const verdicts: Record<string, 'pass' | 'fail' | 'unknown'> = { P: 'pass', F: 'fail', U: 'unknown' }
    const resources = Object.keys(cases).map((name) => vault(subscriptionA, name))
    const told: Record<string, (string | null)[]> = Object.fromEntries(Object.keys(cases).map((name) => [name, []]))
    for (let night = 0; night < 4; night += 1) {
      const findings = resources.flatMap((resource) => {
        const verdict = verdicts[cases[resource.name]?.nights[night] ?? '']
        return verdict === undefined ? [] : [finding(resource, verdict)]
      })
      const part = { subscriptionId: subscriptionA, resources, findings }
      if (night === 1) {
        await storePart(db, estateId, (await beginScan(db, estateId)).seq, part)
        expect(await failStaleScans(db, estateId, -1_000)).toBe(1)
        continue
      }
      const ended = await takeUnannounced(db, (await scanOnce(db, estateId, [part])).seq, new Date())
      if (ended === null) throw new Error('the scan was told of already')
      const notice = (await scanNews(db, estateId, ended, [channel], links)).get(channel.id)
      const gaps = notice?.event === 'scan.finished' ? (notice.changes?.gaps ?? []) : []
      for (const name of Object.keys(cases)) told[name]?.push(gaps.find(({ resourceName }) => resourceName === name)?.kind ?? null)
      const opened = gaps.find(({ resourceName }) => resourceName === 'opened')
      if (opened !== undefined) expect(opened.reason).toBe('It is fail.')
    }
    expect(told).toEqual(Object.fromEntries(Object.entries(cases).map(([name, { told: expected }]) => [name, expected])))
    await test.drop()
  })
})
