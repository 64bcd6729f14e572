import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { requestCancel } from '@/lib/db'
import { generateTenant } from '@/lib/simulator'
import { uniform } from '@/lib/simulator/random'
import { differences, startScannedTenant, type ScannedTenant } from '@/lib/scan/testing/scanned-tenant'
import { requestScan } from './request-scan'
import { startWorkerProcess, type WorkerProcess, type WorkerProcessOptions } from './testing/workers'

/** The same seed kills the same workers when as many reads are stored. */
const seed = 20_261_126
const rounds = 2
const killsEach = 3

let tenant: ScannedTenant | null = null
const workers = new Set<WorkerProcess>()
afterEach(async () => {
  for (const worker of workers) await worker.kill()
  workers.clear()
  await tenant?.close()
  tenant = null
})

async function start(resources: number, latencyMs: number, subscriptions = 6): Promise<ScannedTenant> {
  return (tenant = await startScannedTenant(generateTenant({ resources, subscriptions, seed: 7 }), { latencyMs }))
}

function startOne(t: ScannedTenant, options: Partial<WorkerProcessOptions> = {}): WorkerProcess {
  const worker = startWorkerProcess({ databaseUrl: t.url, simulatorUrl: t.simulator.url, tenantId: t.simulator.tenant.tenantId, connections: 4, ...options })
  workers.add(worker)
  return worker
}

async function startSome(t: ScannedTenant, count: number, options: Partial<WorkerProcessOptions> = {}): Promise<WorkerProcess[]> {
  const started = Array.from({ length: count }, () => startOne(t, options))
  for (const worker of started) await worker.ready
  return started
}

const request = async (t: ScannedTenant) => (await requestScan({ viewer: t.viewer, requestedBy: 'test', mode: 'full', scope: {} }, { db: t.database, url: t.url })).scanId
const scanOf = (t: ScannedTenant, scanId: string) => t.database.scan.findUniqueOrThrow({ where: { id: scanId }, include: { workers: true, parts: true } })

async function ended(t: ScannedTenant, scanId: string) {
  await expect.poll(() => isUnderWay(t, scanId), { timeout: 120_000, interval: 200 }).toBe(false)
  return scanOf(t, scanId)
}

async function isUnderWay(t: ScannedTenant, scanId: string): Promise<boolean> {
  return /queued|running/.test((await scanOf(t, scanId)).status)
}

/** How many reads of a scan are stored. */
async function readsOf(t: ScannedTenant, scanId: string): Promise<number> {
  return t.database.fact.count({ where: { readSeq: (await scanOf(t, scanId)).seq } })
}

/** When each read of the parts that are read to the end was made. */
async function readsOfFinishedParts(t: ScannedTenant, scanId: string): Promise<Map<string, number>> {
  const parts = (await scanOf(t, scanId)).parts.flatMap((part) => (part.readAt === null ? [] : [part.subscriptionId]))
  const facts = await t.database.fact.findMany({ where: { subscriptionId: { in: parts }, source: 'diagnostic-settings' }, select: { subject: true, readAt: true } })
  return new Map(facts.map(({ subject, readAt }) => [subject, readAt.getTime()]))
}

describe('workers', () => {
  it('share a scan: each reads parts, none is read twice, and one judges', { timeout: 240_000 }, async () => {
    // More subscriptions than one worker takes while nothing answers.
    const t = await start(400, 0, 24)
    const whole = await t.scan()
    await startSome(t, 2)
    t.simulator.requests.clear()
    const bothHaveParts = Promise.withResolvers<void>()
    t.simulator.addFault({ match: /diagnosticsettings\?/i, kind: 'hold', until: bothHaveParts.promise })
    const scanId = await request(t)
    const taken = async () => new Set((await scanOf(t, scanId)).parts.flatMap(({ readAt, worker }) => (readAt === null && worker !== null ? [worker] : [])))
    await expect.poll(async () => (await taken()).size, { timeout: 120_000 }).toBe(2)
    bothHaveParts.resolve()
    const scan = await ended(t, scanId)
    expect(scan.status).toBe(whole.status)
    expect(scan.workers).toHaveLength(2)
    for (const worker of scan.workers) expect(worker.readsDone).toBeGreaterThan(0)
    const settings = t.simulator.requests.matching(/diagnosticsettings\?/i).map(({ url }) => url.toLowerCase())
    expect(new Set(settings).size).toBe(settings.length)
    expect(differences(await t.findings(scan.id), await t.findings(whole.scanId))).toEqual([])
  })

  it('all stop when the scan is cancelled', { timeout: 240_000 }, async () => {
    const t = await start(400, 300)
    await startSome(t, 2)
    const scanId = await request(t)
    await expect.poll(async () => (await scanOf(t, scanId)).workers.filter(({ readsDone }) => readsDone > 0).length, { timeout: 120_000, interval: 100 }).toBe(2)
    await requestCancel(t.database, t.viewer, scanId)
    await expect.poll(async () => (await scanOf(t, scanId)).status, { timeout: 60_000, interval: 100 }).toBe('cancelled')
    const askedInASecond = async () => {
      const before = t.simulator.requests.total
      await pause(1_000)
      return t.simulator.requests.total - before
    }
    await expect.poll(askedInASecond, { timeout: 60_000 }).toBe(0)
  })

  it('that are killed again and again lose and double no finding, and read no finished part twice', { timeout: 600_000 }, async () => {
    process.stderr.write(`workers are killed by seed ${seed}\n`)
    const t = await start(300, 60)
    const whole = await t.scan()
    const expected = await t.findings(whole.scanId)
    const reads = await readsOf(t, whole.scanId)
    const alive = await startSome(t, 2)
    let kills = 0
    for (let round = 0; round < rounds; round += 1) {
      const scanId = await request(t)
      let finished = new Map<string, number>()
      const moments = Array.from({ length: killsEach }, (_, kill) => uniform(seed, round, kill, 'moment') * reads).sort((a, b) => a - b)
      for (const [kill, moment] of moments.entries()) {
        await expect.poll(async () => (await readsOf(t, scanId)) >= moment || !(await isUnderWay(t, scanId)), { timeout: 120_000, interval: 20 }).toBe(true)
        if (!(await isUnderWay(t, scanId))) break
        const [victim] = alive.splice(Math.floor(uniform(seed, round, kill, 'victim') * alive.length), 1)
        await victim?.kill()
        kills += 1
        finished = await readsOfFinishedParts(t, scanId)
        alive.push(startOne(t))
      }
      const scan = await ended(t, scanId)
      expect(scan.status).toBe(whole.status)
      expect(scan.score).toBe(whole.score)
      const findings = await t.findings(scanId)
      expect(findings).toHaveLength(expected.length)
      expect(new Set(findings.map((f) => `${f.resourceId.toLowerCase()} ${f.check}`)).size).toBe(findings.length)
      expect(differences(findings, expected)).toEqual([])
      const after = await readsOfFinishedParts(t, scanId)
      expect([...finished].filter(([subject, readAt]) => after.get(subject) !== readAt).slice(0, 3)).toEqual([])
    }
    expect(kills).toBeGreaterThan(rounds)
  })
})
