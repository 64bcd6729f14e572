import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCatalog } from '@/lib/catalog'
import { checks, judgeSubjects } from '@/lib/checks'
import {
  closeInventory, createDatabase, createScan, ensureEstate, knownSubscriptions, listResources, loadResources, migrate, saveInventoryPage, saveScopes,
  saveSubscriptions, startEmbedded, storeFindings, type Database,
} from '@/lib/db'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { Check } from '@/lib/domain/check'
import type { Finding } from '@/lib/domain/finding'
import { defaultPolicy } from '@/lib/domain/policy'
import type { ResourceQuery } from '@/lib/domain/views'
import { prepareJudging } from '@/lib/scan/evaluate'
import { WorkQueue } from '@/lib/scan/work-queue'
import { startSimulatorProcess } from '@/lib/simulator/process'
import { measureScan } from './bench-scan'
import { loadDestinationInventory } from '@/lib/scan/destination-inventory'
import { median, percentile, publish, type Figure } from './figures'

const resources = 20_000
const subscriptions = 20
const latencyMs = 60
/** The first rounds are slower, until the code is compiled; the median leaves them out. */
const rounds = 15

/** Scanning, scoring, storing and the resources page at 20,000 resources in 20 subscriptions, against a simulator in a process of its own. */
export async function firstLight(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keypoint-bench-'))
  const server = await startEmbedded(folder)
  try {
    await migrate(server.url)
    const db = createDatabase(server.url)
    const figures = [...(await scanning(server.url)), ...(await scoringAndStoring(db)), ...(await pageQueries(db))]
    const path = await publish('first-light', figures, { resources, subscriptions, latencyMs, cores: cpus().length })
    process.stdout.write(`\nWritten to ${path}\n`)
    await db.$disconnect()
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function scanning(databaseUrl: string): Promise<Figure[]> {
  const simulator = await startSimulatorProcess({ tenant: `generated:${resources}:1`, subscriptions, latencyMs })
  const { summary, seconds, cpu, memoryMost } = await measureScan({ databaseUrl, simulator })
  await simulator.stop()
  return [
    { name: 'full scan: wall time', value: seconds, unit: 's' },
    { name: 'full scan: resources', value: summary.resources, unit: '' },
    { name: 'full scan: subscriptions', value: summary.subscriptions.length, unit: '' },
    { name: 'full scan: requests', value: summary.requests.total, unit: '' },
    { name: 'full scan: answered 429', value: summary.requests.throttled, unit: '' },
    { name: 'full scan: client CPU', value: cpu, unit: 's' },
    { name: 'full scan: memory of the scanning process, most', value: memoryMost, unit: 'MiB', target: { most: 512 } },
  ]
}

async function scoringAndStoring(db: Database): Promise<Figure[]> {
  const estate = await db.estate.findFirstOrThrow()
  const known = await knownSubscriptions(db, estate.id)
  const three = checks.filter(({ keyPoint }) => keyPoint === 'central-log-management' || keyPoint === 'audit-logging' || keyPoint === 'log-retention')
  const { rate: rateOfThree } = await scoringRate(db, three)
  const { rate, subjects, findings } = await scoringRate(db, checks.filter(({ optional }) => optional !== true))

  const other = await ensureEstate(db, { tenantId: '00000000-0000-4000-8000-000000000000', isDemo: true, cloud: 'AzureCloud', displayName: 'Storing' })
  const stored: number[] = []
  const rows: number[] = []
  for (let round = 0; round < 2; round += 1) {
    const { seq } = await createScan(db, other.estateId, { scope: {}, mode: 'full', requestedBy: 'benchmark' })
    const inventory = new Map<string, Awaited<ReturnType<typeof loadResources>>>()
    for (const s of known) inventory.set(s.subscriptionId, await loadResources(db, estate.id, s.subscriptionId))
    const startedAt = performance.now()
    await saveSubscriptions(db, other.estateId, seq, known)
    await saveScopes(db, other.estateId, seq, { tenantId: other.tenantId, subscriptions: known, managementGroups: [] })
    const queue = new WorkQueue(3)
    for (const s of known) {
      queue.add(async () => {
        const listed = inventory.get(s.subscriptionId) ?? []
        for (let at = 0; at < listed.length; at += 1_000) await saveInventoryPage(db, other.estateId, seq, listed.slice(at, at + 1_000))
        await closeInventory(db, other.estateId, seq, s.subscriptionId, new Set(listed.map(({ id }) => toResourceKey(id))))
        await storeFindings(db, other.estateId, seq, s.subscriptionId, [findings.get(s.subscriptionId) ?? []])
      })
    }
    await queue.idle()
    stored.push((performance.now() - startedAt) / 1_000)
    rows.push(await db.finding.count({ where: { estateId: other.estateId } }))
    await db.scan.update({ where: { seq }, data: { status: 'succeeded', finishedAt: new Date() } })
  }
  return [
    { name: 'scoring alone: resources and sub-resources', value: subjects, unit: '' },
    { name: `scoring alone, the first three key points, median of ${rounds}`, value: rateOfThree, unit: 'resources/s/core', target: { least: 100_000 } },
    { name: `scoring alone, all ten key points, median of ${rounds}`, value: rate, unit: 'resources/s/core', target: { least: 50_000 } },
    { name: 'storing alone: findings', value: rows[0] ?? Number.NaN, unit: '' },
    { name: 'storing alone, first scan', value: stored[0] ?? Number.NaN, unit: 's', target: { most: 5 } },
    { name: 'storing alone, unchanged second scan', value: stored[1] ?? Number.NaN, unit: 's', target: { most: 5 } },
    { name: 'storing alone, finding rows added by the second scan', value: (rows[1] ?? Number.NaN) - (rows[0] ?? Number.NaN), unit: '', target: { most: 0 } },
  ]
}

/**
 * Resources judged in a CPU second, and what was found. Subscription by subscription as a scan does, in rounds of which each begins knowing nothing;
 * loading what is judged is left out.
 */
async function scoringRate(db: Database, asked: readonly Check[]): Promise<{ rate: number; subjects: number; findings: Map<string, Finding[]> }> {
  const estate = await db.estate.findFirstOrThrow()
  const { seq } = await db.scan.findFirstOrThrow({ orderBy: { seq: 'desc' } })
  const known = await knownSubscriptions(db, estate.id)
  const destinationInventory = await loadDestinationInventory(db, estate.id)
  const rates: number[] = []
  const findings = new Map<string, Finding[]>()
  let subjects = 0
  for (let round = 0; round < rounds; round += 1) {
    const { contextsOf } = await prepareJudging({
      db, estateId: estate.id, tenantId: estate.tenantId, cloud: estate.cloud, policy: defaultPolicy, catalog: loadCatalog(), readSeq: seq, scannedAt: new Date().toISOString(),
      visibleSubscriptions: new Set(known.map((s) => s.subscriptionId)), destinationInventory,
      subscriptions: known.map((subscription) => ({ subscription })), surveyed: known, tenantWide: false, signal: new AbortController().signal,
    })
    let used = 0
    subjects = 0
    for (const subscription of known) {
      const ofPart: Finding[] = []
      for await (const context of contextsOf(subscription)) {
        const before = process.cpuUsage()
        const found = judgeSubjects(context, asked)
        const { user, system } = process.cpuUsage(before)
        used += user + system
        // A scan stores what it found and forgets it; only the last round's is needed here.
        if (round === rounds - 1) ofPart.push(...found)
        subjects += context.estate.resources.length
      }
      findings.set(subscription.subscriptionId, ofPart)
    }
    rates.push((subjects * 1e6) / used)
  }
  return { rate: median(rates), subjects, findings }
}

async function pageQueries(db: Database): Promise<Figure[]> {
  const estate = await db.estate.findFirstOrThrow()
  const viewer = { estateId: estate.id, subscriptions: 'all' as const }
  // As a scan does when it ends.
  await db.$executeRawUnsafe('vacuum (analyze) resource, finding')
  const base: ResourceQuery = { sort: 'severity', descending: true, page: 1, pageSize: 50 }
  const queries: [string, ResourceQuery][] = [
    ['as first seen', base],
    ['sorted by name, page 100', { ...base, sort: 'name', descending: false, page: 100 }],
    ['fails of audit logging', { ...base, verdicts: ['fail'], keyPoints: ['audit-logging'] }],
    ['unknown by permission', { ...base, verdicts: ['unknown'], reasonCodes: ['permission-denied'] }],
    ['search in names', { ...base, search: 'web' }],
  ]
  const figures: Figure[] = []
  for (const [name, query] of queries) {
    const times: number[] = []
    for (let round = 0; round < 30; round += 1) {
      const startedAt = performance.now()
      await listResources(db, viewer, query)
      times.push(performance.now() - startedAt)
    }
    figures.push({ name: `resources page, ${name}: median`, value: median(times), unit: 'ms', target: { most: 50 } })
    figures.push({ name: `resources page, ${name}: 95th percentile`, value: percentile(times, 95), unit: 'ms' })
  }
  return figures
}
