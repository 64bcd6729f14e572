import { createHmac } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  approveExemption, countChanges, createDelivery, enableChannel, finishScan, finishUnrunnableScan, listChannels, listDeliveries, noteMissedRuns, openDiff, queueDueScan, removeChannel, requestExemption, saveSchedule, setSecretExpiry, upsertPart,
  type Database,
} from '@/lib/db'
import { beginScan, finding, newEstate, scanOnce, subscriptionA, subscriptionB, vault, type Part } from '@/lib/db/testing/sample-estate'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import type { ChannelKind } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { createTest, endOlderSecret, keepChannel, renewSigningSecret, type ChannelForm, type NotifySettings } from '@/lib/notify'
import { sealChannel } from '@/lib/notify/channel-secrets'
import { startMailServer } from '@/lib/notify/testing/mail-server'
import { finished } from '@/lib/notify/testing/notices'
import { startReceiver, type Receiver } from '@/lib/notify/testing/receiver'
import { startNotifier, tellOnce, type NotifierOptions } from './notifier'
import { startWorker } from './worker'

const settings: NotifySettings = { baseUrl: 'https://keypoint.example.com', isPublicUrl: true, secrets: ['a secret of thirty-two bytes or more'], networks: ['127.0.0.0/8'], mail: null, credentials: { scanning: { kind: 'none' }, hasSignInSecret: false } }
const slow = { timeout: 60_000, interval: 100 }
const kv = vault(subscriptionA, 'kv-One')
const other = vault(subscriptionA, 'kv-other')
const inB = vault(subscriptionB, 'kv-b')

let test: TestDatabase
let db: Database
let receiver: Receiver
let viewer: Viewer
let tenantId: string
let estates = 0
let running: Awaited<ReturnType<typeof startNotifier>> | null = null

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  tenantId = `notified-${++estates}`
  viewer = { estateId: await newEstate(db, tenantId), subscriptions: 'all' }
  receiver = await startReceiver()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await running?.stop()
  running = null
  await receiver.stop()
})

async function start(over: Partial<NotifierOptions> = {}) {
  running = await startNotifier({ db, databaseUrl: test.url, tenantId, isDemo: false, settings, retries: { attempts: 3, retryDelay: 1, retryDelayMax: 1 }, ...over })
  return running
}

async function channel(over: Partial<ChannelForm> = {}, kind: ChannelKind = 'webhook') {
  return keepChannel(db, viewer, {
    name: 'Security team', kind, recipients: [], topics: ['changes', 'scanning', 'credentials', 'exemptions'], minSeverity: 'low', keyPoints: [], alwaysSend: false, digest: null,
    url: receiver.url, ...over,
  }, 'ada', settings.secrets)
}

const partA = (...findings: ReturnType<typeof finding>[]): Part => ({ subscriptionId: subscriptionA, resources: [kv, other], findings })
const partB = (...findings: ReturnType<typeof finding>[]): Part => ({ subscriptionId: subscriptionB, resources: [inB], findings })
const scan = (...parts: Part[]) => scanOnce(db, viewer.estateId, parts)
const deliveries = () => listDeliveries(db, viewer, 100)
const told = () => receiver.received.map(({ body }) => JSON.parse(body))

describe('after a scan', () => {
  it('tells a webhook what changed, signed, and nothing of what stays', async () => {
    const { signingSecret } = await channel()
    const first = await scan(partA(finding(kv, 'pass'), finding(other, 'fail')))
    const notifier = await start()
    const second = await scan(partA(finding(kv, 'fail', { reason: 'Nothing is sent.' }), finding(other, 'pass')))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    const [{ headers, body }] = receiver.received as [Receiver['received'][number]]
    expect(JSON.parse(body)).toMatchObject({
      schemaVersion: 1, event: 'scan.finished', title: '1 new gap, 1 gap closed', tenant: { id: tenantId, demo: false }, trouble: null,
      scan: { scanId: second.scanId, status: 'succeeded', url: `https://keypoint.example.com/scans/${second.scanId}` },
      changes: {
        newGaps: 1, closedGaps: 1, appearedGaps: 0, comparedWith: first.scanId, keyPoints: [{ keyPoint: 'audit-logging', newGaps: 1, closedGaps: 1 }],
        gaps: [
          { kind: 'new-gap', severity: 'high', resourceName: 'kv-One', reason: 'Nothing is sent.', url: expect.stringMatching(/^https:\/\/keypoint\.example\.com\/resources\/view\?id=\/subscriptions\//) },
          { kind: 'closed-gap', resourceName: 'kv-other' },
        ],
      },
    })
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const key = Buffer.from((signingSecret ?? '').replace('whsec_', ''), 'base64')
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(300)

    await scan(partA(finding(kv, 'fail', { reason: 'Nothing is sent.' }), finding(other, 'pass')))
    await notifier.look()
    await expect.poll(deliveries, slow).toMatchObject([{ status: 'sent', attempts: 1, outcome: 'Accepted with 200.', channelName: 'Security team' }])
  })

  it('tells every change once, whatever the scans between looked at', async () => {
    await channel()
    await scan(partA(finding(kv, 'pass')), partB(finding(inB, 'pass')))
    const notifier = await start()
    await notifier.look()
    await scan(partA(finding(kv, 'fail')))
    await notifier.look()
    await scan(partB(finding(inB, 'fail')))
    await notifier.look()
    await scan(partA(finding(kv, 'fail')), partB(finding(inB, 'fail')))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(2)
    expect(told().flatMap(({ changes }) => changes.gaps.map((gap: { resourceName: string }) => gap.resourceName)).sort()).toEqual(['kv-One', 'kv-b'])
    expect(await deliveries()).toHaveLength(2)
    for (const { changes } of told()) {
      const { searchParams } = new URL(changes.url)
      expect(searchParams.get('of')).toBe('all-known')
      const pair = await openDiff(db, viewer, searchParams.get('from') ?? '', searchParams.get('to') ?? '')
      expect(await countChanges(db, viewer, pair, { ofAllKnown: true })).toMatchObject([{ kind: 'new-gap', count: 1 }])
    }
  })

  it('tells apart what was a pass, what is new, what went and what came into sight, and leaves out what is read for the first time', async () => {
    await channel()
    const [a, b, c, d] = ['kv-a', 'kv-b', 'kv-c', 'kv-d'].map((name) => vault(subscriptionA, name))
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four vaults')
    const part = (...findings: [Parameters<typeof finding>[0], Parameters<typeof finding>[1]][]): Part => ({
      subscriptionId: subscriptionA, resources: findings.map(([one]) => one), findings: findings.map(([one, verdict]) => finding(one, verdict)),
    })
    await scan(part([a, 'pass'], [b, 'fail'], [c, 'unknown']))
    const notifier = await start()
    await notifier.look()
    await scan(part([a, 'unknown'], [c, 'fail'], [d, 'fail']), partB(finding(inB, 'fail')))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()[0].changes).toMatchObject({ newGaps: 0, appearedGaps: 1, closedGaps: 0, vanishedGaps: 1, sightedGaps: 1, firstRead: ['beta'], firstReadTotal: 1 })
    expect(told()[0].changes.gaps.map(({ kind, resourceName }: { kind: string; resourceName: string }) => `${kind} ${resourceName}`).sort()).toEqual(['appeared kv-d', 'gained-sight kv-c', 'vanished kv-b'])
  })

  it('calls closed neither what is not judged any more nor what is not listed any more', async () => {
    await channel()
    await scan(partA(finding(kv, 'fail'), finding(kv, 'fail', { check: 'log-storage-immutable' }), finding(other, 'fail')))
    const notifier = await start()
    await notifier.look()
    await scan({ subscriptionId: subscriptionA, resources: [kv], findings: [finding(kv, 'fail')] })
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: '1 gap no longer listed, 1 gap no longer judged', changes: { closedGaps: 0, vanishedGaps: 1, unjudgedGaps: 1 } }])
    expect(told()[0].changes.gaps.map(({ kind, resourceName }: { kind: string; resourceName: string }) => `${kind} ${resourceName}`).sort()).toEqual(['unjudged kv-One', 'vanished kv-other'])
  })

  it('says nothing of a gap that was out of sight for some scans', async () => {
    await channel()
    const outOfSight = (reason: string) => partA(finding(kv, 'unknown', { reason }), finding(other, 'unknown', { reason }))
    await scan(partA(finding(kv, 'fail'), finding(other, 'pass')))
    await scan(outOfSight('It was throttled.'))
    await scan(outOfSight('It may not be read.'))
    await db.scan.updateMany({ where: { estateId: viewer.estateId }, data: { announcedAt: new Date() } })
    await scan(partA(finding(kv, 'fail'), finding(other, 'fail')))
    await (await start()).look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: '1 gap came into sight', changes: { sightedGaps: 1, gaps: [{ resourceName: 'kv-other' }] } }])
  })

  it('names as read for the first time only what could be read', async () => {
    await channel({ topics: ['changes'], alwaysSend: true })
    await scan(partA(finding(kv, 'pass')))
    await db.scan.updateMany({ where: { estateId: viewer.estateId }, data: { announcedAt: new Date() } })
    const { seq } = await scan(partA(finding(kv, 'pass')))
    await upsertPart(db, seq, { subscriptionId: subscriptionB, displayName: 'beta', status: 'failed', reason: 'It may not be read.', resources: 0 })
    await (await start()).look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: 'No change', changes: { firstRead: [], firstReadTotal: 0 } }])
  })

  it('is told by a command that ends, and tried again by the next worker', async () => {
    await channel()
    await scan(partA(finding(kv, 'pass')))
    await db.scan.updateMany({ where: { estateId: viewer.estateId }, data: { announcedAt: new Date() } })
    await scan(partA(finding(kv, 'fail')))
    receiver.answers.push({ status: 503 }, { status: 503 })
    await tellOnce({ db, databaseUrl: test.url, tenantId, isDemo: false, settings, retries: { retryDelay: 1, retryDelayMax: 1 } })
    expect(await deliveries()).toMatchObject([{ status: 'waiting', title: '1 new gap' }])
    expect((await deliveries())[0]?.attempts).toBeGreaterThan(0)
    await start()
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('sent')
  })

  it('is told once by two workers that look and deliver at the same time', async () => {
    await channel()
    await channel({ name: 'Busy' })
    await scan(partA(finding(kv, 'pass')))
    const second = await startNotifier({ db, databaseUrl: test.url, tenantId, isDemo: false, settings, retries: { attempts: 3, retryDelay: 1, retryDelayMax: 1 } })
    const first = await start()
    await Promise.all([first.look(), second.look()])
    for (let at = 0; at < 6; at += 1) {
      await scan(partA(finding(kv, at % 2 === 0 ? 'fail' : 'pass')))
      await Promise.all([first.look(), second.look()])
    }
    const failed = await beginScan(db, viewer.estateId)
    await upsertPart(db, failed.seq, { subscriptionId: subscriptionA, displayName: 'Alpha', status: 'partial', reason: 'Half of it was read.', resources: 1 })
    await finishUnrunnableScan(db, failed.scanId, 'The process that ran this scan ended before the scan did.')
    await Promise.all([first.look(), second.look(), first.look()])
    await expect.poll(async () => (await deliveries()).filter(({ status }) => status === 'sent').length, slow).toBe(14)
    expect((await deliveries()).map(({ attempts }) => attempts)).toEqual(Array.from({ length: 14 }, () => 1))
    expect(receiver.received).toHaveLength(14)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(14)
    expect(told().filter(({ title }) => title === 'The scan failed, 1 subscription not fully read')).toHaveLength(2)
    await second.stop()
  })

  it('is left to a worker by a command that is not configured as one', async () => {
    await channel()
    await scan(partA(finding(kv, 'pass')))
    await db.scan.updateMany({ where: { estateId: viewer.estateId }, data: { announcedAt: new Date() } })
    await scan(partA(finding(kv, 'fail')))
    const command = (over: Partial<NotifySettings>) => tellOnce({ db, databaseUrl: test.url, tenantId, isDemo: false, settings: { ...settings, ...over } })
    await command({ secrets: ['another secret of thirty-two bytes or more'] })
    await command({ isPublicUrl: false })
    await channel({ name: 'On duty', url: null, recipients: ['ada@example.com'] }, 'email')
    await command({})
    expect(await deliveries()).toEqual([])
    await start()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: '1 new gap', changes: { url: expect.stringMatching(/^https:\/\/keypoint\.example\.com/) } }])
  })

  it('is no news to a channel that was made later', async () => {
    await scan(partA(finding(kv, 'pass')))
    await tellOnce({ db, databaseUrl: test.url, tenantId, isDemo: false, settings: { ...settings, isPublicUrl: false } })
    expect(await db.scan.count({ where: { estateId: viewer.estateId, announcedAt: null } })).toBe(0)
    await scan(partA(finding(kv, 'fail')))
    await channel({ alwaysSend: true })
    const notifier = await start()
    await notifier.look()
    expect(await deliveries()).toEqual([])
    await scan(partA(finding(kv, 'pass')))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: '1 gap closed' }])
  })

  it('keeps to the severity, the key points and the exemptions', async () => {
    await channel({ minSeverity: 'high' })
    await channel({ name: 'Antimalware', keyPoints: ['antimalware-logging'], url: `${receiver.url}/antimalware` })
    const checks = { low: { severity: 'low', check: 'log-storage-immutable', keyPoint: 'log-retention' }, malware: { check: 'machine-antimalware', keyPoint: 'antimalware-logging' } } as const
    const all = (verdict: 'pass' | 'fail') => partA(finding(kv, verdict), finding(kv, verdict, checks.low), finding(kv, verdict, checks.malware), finding(other, verdict))
    await scan(all('pass'))
    const { id } = await requestExemption(db, viewer, { scope: other.id, check: null, reason: 'Test vault.', expiresAt: new Date(Date.now() + 86_400_000 * 60).toISOString() }, { objectId: 'a', username: 'ada' })
    await approveExemption(db, viewer, id, { objectId: 'b', username: 'bob' })
    const notifier = await start()
    await scan(all('fail'))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(2)
    const byPath = new Map(receiver.received.map(({ path, body }) => [path, JSON.parse(body).changes]))
    expect(byPath.get('/hook')).toMatchObject({ newGaps: 2, exempt: 1, minSeverity: 'high' })
    expect(byPath.get('/hook/antimalware')).toMatchObject({ newGaps: 1, exempt: 0, gaps: [{ check: 'machine-antimalware' }] })
  })

  it('says nothing of nothing, unless that was asked for', async () => {
    await channel()
    await channel({ name: 'Always', alwaysSend: true, url: `${receiver.url}/always` })
    await scan(partA(finding(kv, 'fail')))
    const notifier = await start()
    await notifier.look()
    await scan(partA(finding(kv, 'fail')))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(2)
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook/always', '/hook/always'])
    expect(told().find(({ changes }) => changes !== null)).toMatchObject({ title: 'No change', changes: { newGaps: 0, gaps: [], policyChanged: null } })
    expect(told().find(({ changes }) => changes === null)).toMatchObject({ title: 'First scan: score 50.0, 1 gap', scan: { status: 'succeeded', first: { gaps: 1 } } })
  })

  it('counts a huge change and lists the worst of it', async () => {
    await channel()
    const many = Array.from({ length: 120 }, (_, at) => vault(subscriptionA, `kv-${String(at).padStart(3, '0')}`))
    const part = (verdict: 'pass' | 'fail'): Part => ({ subscriptionId: subscriptionA, resources: many, findings: many.map((one, at) => finding(one, verdict, { severity: at === 99 ? 'critical' : 'low' })) })
    await scan(part('pass'))
    const notifier = await start()
    await scan(part('fail'))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    const [{ changes }] = told()
    expect(changes).toMatchObject({ newGaps: 120, gaps: { length: 20 } })
    expect(changes.gaps[0]).toMatchObject({ resourceName: 'kv-099', severity: 'critical' })
  })
})

describe('a receiver that does not take it', () => {
  /** The jobs of one channel, by when they start. */
  const jobsOf = (channelId: string) => db.$queryRaw<{ state: string; start_after: Date }[]>`select state::text, start_after from pgboss.job where group_id = ${channelId} order by start_after`

  async function sendTest(notifier: Awaited<ReturnType<typeof start>>) {
    const [row] = await listChannels(db, viewer)
    const { id } = await createTest(db, viewer, row?.id ?? '', 'Ada', settings.baseUrl)
    await db.delivery.update({ where: { id }, data: { createdAt: new Date(Date.now() - 120_000) } })
    await notifier.look()
  }

  it('is tried again with the same id, and again after a restart', async () => {
    await channel()
    receiver.answers.push({ status: 503 }, { status: 429 })
    await sendTest(await start())
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    await expect.poll(async () => (await deliveries())[0]?.attempts, slow).toBeGreaterThan(0)
    await running?.stop()
    await start()
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('sent')
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await deliveries()).toMatchObject([{ attempts: 3 }])
  })

  it('is left alone for as long as it asks, by every message, and asked again then', async () => {
    const { channel: busy } = await channel()
    receiver.answers.push({ status: 429, headers: { 'retry-after': '3600' } })
    const notifier = await start()
    await sendTest(notifier)
    await expect.poll(async () => (await deliveries())[0]?.outcome, slow).toMatch(/^Answered with 429 The receiver asked to be left alone until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/)
    await sendTest(notifier)
    await expect.poll(async () => (await deliveries()).every(({ outcome }) => outcome?.includes('left alone')), slow).toBe(true)
    const until = Date.parse((await listChannels(db, viewer))[0]?.quietUntil ?? '')
    expect(until).toBeGreaterThan(Date.now() + 3_000_000)
    await expect.poll(async () => (await jobsOf(busy.id)).map((job) => job.start_after.getTime()), slow).toEqual([until, until])
    expect((await deliveries()).map(({ attempts }) => attempts).sort()).toEqual([0, 1])
    expect(receiver.received).toHaveLength(1)
    await db.channel.update({ where: { id: busy.id }, data: { quietUntil: new Date() } })
    await db.$executeRaw`update pgboss.job set start_after = now() where state = 'retry' and group_id = ${busy.id}`
    await expect.poll(async () => (await deliveries()).map(({ status }) => status), slow).toEqual(['sent', 'sent'])
  })

  it('that is gone from the list while it is asked gets nothing more, and nothing fails', async () => {
    const { channel: removed } = await channel()
    const { promise: isRemoved, resolve } = Promise.withResolvers<void>()
    receiver.answers.push({ status: 410, after: isRemoved })
    await sendTest(await start())
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    await removeChannel(db, viewer, removed.id)
    resolve()
    await expect.poll(async () => (await jobsOf(removed.id)).map(({ state }) => state), slow).toEqual(['completed'])
    expect(await deliveries()).toEqual([])
  })

  it('is given up after the last attempt', async () => {
    await channel()
    receiver.answers.push(...Array.from({ length: 5 }, () => ({ status: 500, body: 'out of order' })))
    await sendTest(await start())
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('failed')
    expect(await deliveries()).toMatchObject([{ attempts: 3, outcome: 'Answered with 500: out of order (given up after 3 attempts)' }])
  })

  it('is not asked twice when it refuses, and switched off when it is gone', async () => {
    await channel()
    receiver.answers.push({ status: 403, body: 'not\r\nallowed' }, { status: 410 })
    const notifier = await start()
    await sendTest(notifier)
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('failed')
    expect(await deliveries()).toMatchObject([{ attempts: 1, outcome: 'Answered with 403: not allowed' }])
    expect(await listChannels(db, viewer)).toMatchObject([{ enabled: true }])
    await sendTest(notifier)
    await expect.poll(async () => (await listChannels(db, viewer))[0]?.enabled, slow).toBe(false)
    expect((await listChannels(db, viewer))[0]?.disabledReason).toContain('gone for good')
    expect(receiver.received).toHaveLength(2)
  })

  it('is not asked at all where its address is not public', async () => {
    await channel()
    await sendTest(await start({ settings: { ...settings, networks: [] } }))
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('failed')
    expect((await deliveries())[0]?.outcome).toContain('127.0.0.1 is not a public address')
    expect(receiver.received).toEqual([])
  })

  it('is not asked while it is switched off, but for a test', async () => {
    const { channel: off } = await channel({ alwaysSend: true })
    const { id } = await createDelivery(db, { estateId: viewer.estateId, channelId: off.id, title: 'No change', notices: [finished(null)], status: 'waiting' })
    await enableChannel(db, viewer, off.id, false)
    await db.delivery.update({ where: { id }, data: { createdAt: new Date(Date.now() - 120_000) } })
    await sendTest(await start())
    await expect.poll(async () => (await deliveries()).map(({ status }) => status).sort(), slow).toEqual(['failed', 'sent'])
    expect(told()).toMatchObject([{ event: 'test' }])
  })

  it('can verify with the secret before while a new one is handed out', async () => {
    const { channel: signed, signingSecret } = await channel()
    const notifier = await start()
    const signatures = async () => {
      const before = receiver.received.length
      await sendTest(notifier)
      await expect.poll(() => receiver.received.length, slow).toBe(before + 1)
      const { headers, body } = receiver.received.at(-1) as Receiver['received'][number]
      const by = (secret: string) => `v1,${createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`
      return { sent: headers['webhook-signature'], by }
    }
    const fresh = await renewSigningSecret(db, viewer, signed.id, 24, settings.secrets)
    expect(Date.parse((await listChannels(db, viewer))[0]?.olderSecret?.until ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    await expect(renewSigningSecret(db, viewer, signed.id, 1, settings.secrets)).rejects.toMatchObject({ code: 'conflict' })
    const both = await signatures()
    expect(both.sent).toBe(`${both.by(fresh)} ${both.by(signingSecret ?? '')}`)
    await endOlderSecret(db, viewer, signed.id, settings.secrets)
    const alone = await signatures()
    expect(alone.sent).toBe(alone.by(fresh))
    expect(await listChannels(db, viewer)).toMatchObject([{ olderSecret: null }])

    await renewSigningSecret(db, viewer, signed.id, 0, settings.secrets)
    expect(await listChannels(db, viewer)).toMatchObject([{ olderSecret: { until: null } }])
    await channel({ id: signed.id })
    expect(await listChannels(db, viewer)).toMatchObject([{ olderSecret: null }])
    const { channel: slack } = await channel({ name: 'Slack' }, 'slack')
    await expect(renewSigningSecret(db, viewer, slack.id, 1, settings.secrets)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('keeps its address while the session secret rotates', async () => {
    await channel()
    const [old = ''] = settings.secrets
    const fresh = 'a fresh secret of thirty-two bytes or more'
    await start({ settings: { ...settings, secrets: [fresh, old] } })
    await running?.stop()
    await sendTest(await start({ settings: { ...settings, secrets: [fresh] } }))
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('sent')
  })

  it('is not asked by a worker with another session secret, which says so and leaves it to one that has it', async () => {
    await channel()
    await sendTest(await start({ settings: { ...settings, secrets: ['another secret of thirty-two bytes or more'] }, retries: { attempts: 1, retryDelay: 1, retryDelayMax: 1 } }))
    await expect.poll(async () => (await deliveries())[0]?.outcome, slow).toContain('KEYPOINT_SESSION_SECRET')
    await running?.stop()
    expect(await deliveries()).toMatchObject([{ status: 'waiting', attempts: 0 }])
    await start()
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('sent')
    expect(await deliveries()).toMatchObject([{ attempts: 1, outcome: 'Accepted with 200.' }])
  })

  it('is tried again after what nobody expected, and that counts', async () => {
    const { channel: broken } = await channel()
    await db.channel.update({ where: { id: broken.id }, data: { sealed: await sealChannel(settings.secrets, { url: 'no address', signingSecret: null, olderSecret: null }) } })
    await sendTest(await start())
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('failed')
    expect(await deliveries()).toMatchObject([{ attempts: 3, outcome: expect.stringContaining('the log of the worker') }])
  })
})

describe('a mail', () => {
  const from = 'Keypoint <keypoint@example.com>'

  it('is sent for each scan, or one a day for all of them', async () => {
    const server = await startMailServer()
    const mail = { url: null, recipients: ['ada@example.com'] }
    await channel({ ...mail, name: 'At once' }, 'email')
    const { channel: daily } = await channel({ ...mail, name: 'Daily', recipients: ['bob@example.com'], digest: { hour: 7, timeZone: 'Europe/Berlin' } }, 'email')
    await scan(partA(finding(kv, 'pass'), finding(other, 'pass')))
    const notifier = await start({ settings: { ...settings, mail: { smtpUrl: server.url, from } } })
    for (const findings of [[finding(kv, 'fail'), finding(other, 'pass')], [finding(kv, 'fail'), finding(other, 'fail')]]) {
      await scan(partA(...findings))
      await notifier.look()
    }
    await expect.poll(() => server.mails.length, slow).toBe(2)
    expect(new Set(server.mails.flatMap(({ to }) => to))).toEqual(new Set(['ada@example.com']))
    await db.channel.update({ where: { id: daily.id }, data: { nextDigestAt: new Date(Date.now() - 1_000) } })
    await notifier.look()
    await expect.poll(() => server.mails.length, slow).toBe(3)
    expect(server.mails[2]).toMatchObject({ to: ['bob@example.com'] })
    expect(server.mails[2]?.headers.get('subject')).toBe('[Keypoint] Contoso: 2 messages of the day')
    expect(server.mails[2]?.text).toMatch(/kv-One[^]*kv-other/)
    await notifier.look()
    expect((await deliveries()).filter(({ status }) => status === 'merged')).toHaveLength(2)
    expect((await db.channel.findUniqueOrThrow({ where: { id: daily.id } })).nextDigestAt?.getTime()).toBeGreaterThan(Date.now())

    await scan(partA(finding(kv, 'pass'), finding(other, 'fail')))
    await notifier.look()
    await expect.poll(() => server.mails.length, slow).toBe(4)
    await channel({ ...mail, id: daily.id, name: 'Daily', recipients: ['bob@example.com'] }, 'email')
    await notifier.look()
    await expect.poll(() => server.mails.length, slow).toBe(5)
    expect(server.mails[4]).toMatchObject({ to: ['bob@example.com'], text: expect.stringContaining('kv-One') })
    await running?.stop()
    running = null
    await server.stop()
  })

  it('that a server defers for one recipient is sent to that one alone when it is tried again', async () => {
    let asked = 0
    const server = await startMailServer({ onRcptTo: ({ address }, _session, callback) => {
      const isGreylisted = address.startsWith('bob') && ++asked === 1
      callback(isGreylisted ? Object.assign(new Error('Greylisted'), { responseCode: 450 }) : null)
    } })
    await channel({ url: null, recipients: ['ada@example.com', 'bob@example.com', 'cleo@example.com'] }, 'email')
    await scan(partA(finding(kv, 'pass')))
    const notifier = await start({ settings: { ...settings, mail: { smtpUrl: server.url, from } } })
    await notifier.look()
    await scan(partA(finding(kv, 'fail')))
    await notifier.look()
    await expect.poll(async () => (await deliveries())[0]?.status, slow).toBe('sent')
    expect(server.mails.map(({ to }) => to)).toEqual([['ada@example.com', 'cleo@example.com'], ['bob@example.com']])
    await server.stop()
  })

  it('that was held for a digest is sent when there is none any more, and ended when the channel is switched off', async () => {
    const server = await startMailServer()
    const digest = { hour: 7, timeZone: 'Europe/Berlin' }
    const { channel: daily } = await channel({ url: null, recipients: ['ada@example.com'], digest }, 'email')
    const { channel: off } = await channel({ name: 'Off', url: null, recipients: ['bob@example.com'], digest }, 'email')
    await scan(partA(finding(kv, 'pass')))
    const notifier = await start({ settings: { ...settings, mail: { smtpUrl: server.url, from } } })
    await notifier.look()
    await scan(partA(finding(kv, 'fail')))
    await notifier.look()
    expect((await deliveries()).map(({ status }) => status)).toEqual(['held', 'held'])
    await enableChannel(db, viewer, off.id, false)
    await channel({ id: daily.id, url: null, recipients: ['ada@example.com'], digest: null }, 'email')
    expect(new Set((await deliveries()).map(({ status, outcome }) => `${status} ${outcome}`))).toEqual(new Set(['held null', 'failed The channel was switched off.']))
    await db.channel.update({ where: { id: off.id }, data: { nextDigestAt: new Date(Date.now() - 1_000) } })
    await notifier.look()
    await expect.poll(() => server.mails.length, slow).toBe(1)
    expect(server.mails).toMatchObject([{ to: ['ada@example.com'] }])
    expect((await db.channel.findUniqueOrThrow({ where: { id: off.id } })).nextDigestAt?.getTime()).toBeLessThan(Date.now())
    await server.stop()
  })

  it('says what to set where there is no mail server', async () => {
    await channel({ url: null, recipients: ['ada@example.com'], alwaysSend: true }, 'email')
    const notifier = await start()
    await scan(partA(finding(kv, 'pass')))
    await notifier.look()
    await expect.poll(async () => (await deliveries())[0]?.outcome, slow).toContain('KEYPOINT_SMTP_URL')
    expect(await deliveries()).toMatchObject([{ status: 'waiting', attempts: 0 }])
  })

  it('says what to write where the proxy is none, without its password, and keeps the message', async () => {
    await channel({ alwaysSend: true })
    vi.stubEnv('NO_PROXY', '')
    vi.stubEnv('no_proxy', '')
    vi.stubEnv('HTTPS_PROXY', 'keypoint:hunter22@10.0.0.1:8080')
    const notifier = await start()
    await scan(partA(finding(kv, 'pass')))
    await notifier.look()
    await expect.poll(async () => (await deliveries())[0]?.outcome, slow).toBe('HTTPS_PROXY is no address of an HTTP proxy. Write it like http://proxy.example.com:8080, and start again.')
    expect(await deliveries()).toMatchObject([{ status: 'waiting', attempts: 0 }])
    expect(receiver.received).toEqual([])
  })
})

describe('about scanning itself', () => {
  it('tells of a scan that failed, and when it works again', async () => {
    await channel({ topics: ['scanning'] })
    await scan(partA(finding(kv, 'pass')))
    const notifier = await start()
    const failed = await beginScan(db, viewer.estateId)
    await finishUnrunnableScan(db, failed.scanId, 'The sign-in was refused.')
    await notifier.look()
    await scan(partA(finding(kv, 'fail')))
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(2)
    expect(told().map(({ title }) => title).sort()).toEqual(['Scanning works again', 'The scan failed'])
    expect(told().find(({ title }) => title === 'The scan failed')).toMatchObject({ trouble: { error: 'The sign-in was refused.' }, changes: null })
  })

  it('names what a scan could not read that could read nothing', async () => {
    await channel({ topics: ['scanning'] })
    const { seq } = await beginScan(db, viewer.estateId)
    await upsertPart(db, seq, { subscriptionId: subscriptionA, displayName: 'Alpha', status: 'failed', reason: 'Reader is missing.', resources: 0 })
    await finishScan(db, seq, { status: 'failed', summary: null, central: null, resources: 0, score: null, coverage: 0, error: null })
    await (await start()).look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: 'The scan failed, 1 subscription not fully read', trouble: { error: 'No subscription could be read.', newlyUnread: [{ displayName: 'Alpha', reason: 'Reader is missing.' }] } }])
  })

  it('tells of a run that was missed, once', async () => {
    await channel({ topics: ['scanning'] })
    await saveSchedule(db, viewer, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date(Date.now() - 3 * 86_400_000))
    const notifier = await start()
    await notifier.look()
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ event: 'schedule.missed', schedule: 'Nightly' }])
    expect(await deliveries()).toHaveLength(1)
  })
})

describe('a worker that starts after a planned run', () => {
  it('tells of it, though it makes it up before anybody has looked for news', async () => {
    await channel({ topics: ['scanning'] })
    await saveSchedule(db, viewer, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date(Date.now() - 3 * 86_400_000))
    const worker = await startWorker({ db, databaseUrl: test.url, policyPath: null, tenantId, isDemo: false, connect: () => Promise.reject(new KeypointError('unavailable', 'No way to Azure.', 'None.')) })
    try {
      await expect.poll(() => db.scan.count({ where: { estateId: viewer.estateId, status: 'failed' } }), slow).toBe(1)
      await (await start()).look()
      await channel({ name: 'Later', topics: ['scanning'], url: `${receiver.url}/later` })
      await running?.look()
      await expect.poll(() => receiver.received.length, slow).toBe(2)
      expect(told().find(({ event }) => event === 'schedule.missed')).toMatchObject({ schedule: 'Nightly', reason: 'No worker was there to start it. It has been made up since.' })
      expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/hook']))
    } finally {
      await worker.stop()
    }
  })

  it('tells of it nobody who asks after it was made up', async () => {
    await saveSchedule(db, viewer, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date(Date.now() - 3 * 86_400_000))
    await noteMissedRuns(db, viewer.estateId, new Date())
    await queueDueScan(db, viewer.estateId)
    const notifier = await start()
    await notifier.look()
    await channel({ topics: ['scanning'] })
    await notifier.look()
    expect(await deliveries()).toEqual([])
  })
})

describe('what ends soon', () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 - 60_000)
  const soon = (over: NotifySettings['credentials']) => start({ settings: { ...settings, credentials: over } })

  it('is a certificate, by its own word', async () => {
    await channel({ topics: ['credentials'] })
    const folder = await mkdtemp(join(tmpdir(), 'keypoint-certificate-'))
    const path = join(folder, 'scan.pem')
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'scan' }], { keySize: 2048, notAfterDate: inDays(10) })
    const { cert: issuer } = await generate([{ name: 'commonName', value: 'issuer' }], { keySize: 2048, notAfterDate: inDays(1) })
    await writeFile(path, `${key}\n${cert}\n${issuer}`)
    const notifier = await soon({ scanning: { kind: 'certificate', path }, hasSignInSecret: false })
    await notifier.look()
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ event: 'credential.expiring', expired: false, source: `Read from ${path}.`, title: expect.stringMatching(/^The certificate of the scanning identity expires on \d+ \w+ \d{4}/) }])
    expect(Math.round((Date.parse(told()[0].expiresAt) - Date.now()) / 86_400_000)).toBe(10)
    expect(await deliveries()).toHaveLength(1)
    await rm(folder, { recursive: true })
  })

  it('is a client secret of which somebody entered the end, at each step once', async () => {
    await channel({ topics: ['credentials'] })
    const notifier = await soon({ scanning: { kind: 'secret' }, hasSignInSecret: true })
    await notifier.look()
    expect(await deliveries()).toEqual([])
    await setSecretExpiry(db, viewer, 'scanning', inDays(25), 'ada')
    await notifier.look()
    await setSecretExpiry(db, viewer, 'scanning', new Date(Date.now() - 1_000), 'ada')
    await setSecretExpiry(db, viewer, 'sign-in', inDays(200), 'ada')
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(2)
    expect(told().map(({ expired }) => expired).sort()).toEqual([false, true])
    expect(new Set(told().map(({ credential }) => credential))).toEqual(new Set(['The client secret of the scanning identity']))
  })

  it('is told to whoever makes a channel for it, though workers have looked before', async () => {
    await channel({ topics: ['changes'] })
    await setSecretExpiry(db, viewer, 'scanning', inDays(25), 'ada')
    await saveSchedule(db, viewer, { name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', scope: {}, mode: 'full' }, 'ada', new Date(Date.now() - 3 * 86_400_000))
    const notifier = await soon({ scanning: { kind: 'secret' }, hasSignInSecret: false })
    await notifier.look()
    expect(await deliveries()).toEqual([])
    await channel({ name: 'Later', topics: ['credentials', 'scanning'] })
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(2)
    expect(told().map(({ event }) => event).sort()).toEqual(['credential.expiring', 'schedule.missed'])
  })

  it('is one exemption of Azure Policy, for however many checks, and says which tag it is for', async () => {
    await channel({ topics: ['exemptions'] })
    const exempt = async (check: string | null, tag: { name: string; value: string } | null) => {
      const { id } = await requestExemption(db, viewer, { scope: tag === null ? `/subscriptions/${subscriptionA}` : '', tag, check, reason: 'Test.', expiresAt: expiresAt.toISOString() }, { objectId: 'a', username: 'ada' })
      await approveExemption(db, viewer, id, { objectId: 'b', username: 'bob' }, inDays(-30))
      return id
    }
    const expiresAt = inDays(13)
    const imported = [await exempt('resource-audit-logs', null), await exempt('log-storage-immutable', null), await exempt('machine-antimalware', null)]
    await db.exemption.updateMany({ where: { id: { in: imported } }, data: { sourceId: '/providers/Microsoft.Authorization/policyExemptions/one', sourceName: 'one' } })
    await exempt(null, { name: 'env', value: 'test' })
    await (await start()).look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ title: '2 exemptions end soon', total: 2 }])
    expect(told()[0].exemptions).toEqual(expect.arrayContaining([expect.objectContaining({ scope: '', tag: { name: 'env', value: 'test' }, moreChecks: 0 }), expect.objectContaining({ tag: null, moreChecks: 2 })]))
  })

  it('is an exemption, two weeks and a day before', async () => {
    await channel({ topics: ['exemptions'] })
    await channel({ name: 'Changes alone', topics: ['changes'], url: `${receiver.url}/changes` })
    const exempt = async (days: number, approvedAgo: number) => {
      const { id } = await requestExemption(db, viewer, { scope: kv.id, tag: days < 1 ? { name: 'env', value: 'prod' } : null, check: 'resource-audit-logs', reason: 'Until it is rebuilt.', expiresAt: inDays(days).toISOString() }, { objectId: 'a', username: 'ada' })
      await approveExemption(db, viewer, id, { objectId: 'b', username: 'bob' }, inDays(-approvedAgo))
      return id
    }
    const ids = [await exempt(13, 30), await exempt(0.9, 30)]
    await exempt(13, 0.5)
    await exempt(90, 30)
    const notifier = await start()
    await notifier.look()
    await notifier.look()
    await expect.poll(() => receiver.received.length, slow).toBe(1)
    expect(told()).toMatchObject([{ event: 'exemption.expiring', title: '2 exemptions end soon', total: 2, url: 'https://keypoint.example.com/exemptions' }])
    expect(told()[0].exemptions.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed())
    expect(told()[0].exemptions[0].tag).toEqual({ name: 'env', value: 'prod' })
    expect(receiver.received[0]?.path).toBe('/hook')
  })
})
