import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  claimScan, closeInventory, createDatabase, createScan, failStaleScans, finishScan, loadResources, migrate, saveInventoryPage, saveParts, startEmbedded, storeFindings, streamFindings,
  type Database,
} from '@/lib/db'
import { Prisma } from '@/lib/db/generated/client'
import { toResourceKey } from '@/lib/domain/arm-id'
import { dayMs } from '@/lib/domain/day'
import type { Finding, Judgement } from '@/lib/domain/finding'
import type { FindingRow } from '@/lib/domain/views'
import { startSimulatorProcess } from '@/lib/simulator/process'
import { measureScan } from './bench-scan'
import { publish, type Figure } from './figures'
import { historyQueries } from './history-queries'
import { keepTemplates, turned, writeNight } from './history-nights'

interface Options {
  resources: number
  subscriptions: number
  nights: number
  /** Kept between runs; null: a temporary one. */
  folder: string | null
}

/**
 * 400 nights of 100,000 resources, of which 0.5% change each night: what they take, what storing one more takes, and every page over them.
 * `--resources`, `--nights` and `--subscriptions` make it smaller; `--folder` keeps the database there and uses it again.
 */
export async function history(args: readonly string[]): Promise<void> {
  const options = toOptions(args)
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'keypoint-bench-')))
  const server = await startEmbedded(folder)
  try {
    await migrate(server.url)
    const db = createDatabase(server.url)
    const estateId = (await db.estate.findFirst())?.id ?? (await fill(db, server.url, options))
    const figures = [...(await storing(db, estateId)), ...(await sizes(db, estateId)), ...(await historyQueries(db, estateId))]
    const path = await publish('history', figures, { ...options, cores: cpus().length })
    process.stdout.write(`\nWritten to ${path}\n`)
    await db.$disconnect()
  } finally {
    await server.stop()
    if (options.folder === null) await rm(folder, { recursive: true, force: true })
  }
}

function toOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args: [...args], options: { resources: text, subscriptions: text, nights: text, folder: text } })
  const resources = Number(values.resources ?? 100_000)
  return { resources, subscriptions: Number(values.subscriptions ?? Math.ceil(resources / 1_000)), nights: Number(values.nights ?? 400), folder: values.folder ?? null }
}

/** The first scan goes all the way through the product, against a simulator without limits; the nights after it are written as it would have stored them. */
async function fill(db: Database, databaseUrl: string, { resources, subscriptions, nights }: Options): Promise<number> {
  const simulator = await startSimulatorProcess({ tenant: `generated:${resources}:1`, subscriptions, limits: false })
  const { estateId } = await measureScan({ databaseUrl, simulator })
  await simulator.stop()
  const now = Date.now()
  const first = await db.scan.findFirstOrThrow({ where: { estateId }, select: { seq: true } })
  const firstAt = new Date(now - nights * dayMs)
  await db.scan.update({ where: { seq: first.seq }, data: { createdAt: firstAt, startedAt: firstAt, finishedAt: firstAt } })
  await keepTemplates(db, estateId)
  let before = first
  for (let night = 1; night < nights; night += 1) {
    before = await writeNight(db, estateId, before, new Date(firstAt.getTime() + night * dayMs))
    process.stderr.write(`\rnight ${night + 1} of ${nights}   `)
  }
  process.stderr.write('\n')
  return estateId
}

/** Two scans through the product, after all that is stored: one that finds what is there, and one that finds 0.5% turned. */
async function storing(db: Database, estateId: number): Promise<Figure[]> {
  // Of a run that was interrupted.
  await failStaleScans(db, estateId, 0)
  await keepTemplates(db, estateId)
  // The nights left the postures of resources to the next scan.
  await storeScan(db, estateId, false)
  const unchanged = await storeScan(db, estateId, false)
  const changed = await storeScan(db, estateId, true)
  return [
    { name: 'a scan that finds nothing changed: storing', value: unchanged.seconds, unit: 's', target: { most: 15 } },
    { name: 'a scan that finds nothing changed: finding rows added', value: unchanged.rows, unit: '', target: { most: 0 } },
    { name: 'a scan that finds 0.5% changed: storing', value: changed.seconds, unit: 's', target: { most: 15 } },
    { name: 'a scan that finds 0.5% changed: finding rows added', value: changed.rows, unit: '' },
  ]
}

/** Stores one scan as the product does: each part's inventory and findings, then its end. What it stores is loaded before the clock starts. */
async function storeScan(db: Database, estateId: number, turning: boolean): Promise<{ seconds: number; rows: number }> {
  const count = () => db.finding.count({ where: { estateId } })
  const before = await count()
  const last = await db.scan.findFirstOrThrow({ where: { estateId, status: { in: ['succeeded', 'partial'] } }, orderBy: { seq: 'desc' }, include: { parts: true } })
  const { scanId, seq } = await createScan(db, estateId, { scope: {}, mode: 'incremental', requestedBy: 'benchmark' })
  if ((await claimScan(db, scanId)) === null) throw new Error('another scan of the estate is running')
  const night = turning ? await turningOf(db, estateId, seq) : new Map<string, Turning>()
  let ms = 0
  const timed = async (work: () => Promise<unknown>) => {
    const startedAt = performance.now()
    await work()
    ms += performance.now() - startedAt
  }
  for (const { subscriptionId } of last.parts) {
    const findings = (await findingsOfPart(db, estateId, last.id, subscriptionId)).map((finding) => turnedInto(finding, night))
    const resources = subscriptionId === '' ? [] : await loadResources(db, estateId, subscriptionId)
    await timed(async () => {
      for (let at = 0; at < resources.length; at += 1_000) await saveInventoryPage(db, estateId, seq, resources.slice(at, at + 1_000))
      if (subscriptionId !== '') await closeInventory(db, estateId, seq, subscriptionId, new Set(resources.map(({ id }) => toResourceKey(id))))
      await storeFindings(db, estateId, seq, subscriptionId === '' ? null : subscriptionId, [findings])
    })
  }
  const { status, resources, score, coverage } = last
  await timed(async () => {
    await saveParts(db, seq, last.parts.map((part) => ({ ...part, status: part.status === 'partial' ? 'partial' : 'succeeded' })))
    await finishScan(db, seq, { status: status === 'partial' ? 'partial' : 'succeeded', summary: null, central: null, resources, score, coverage, error: null })
  })
  return { seconds: ms / 1_000, rows: (await count()) - before }
}

type Turning = Pick<Finding, 'checkVersion' | 'severity' | 'judgement'>

async function turningOf(db: Database, estateId: number, seq: number): Promise<Map<string, Turning>> {
  const rows = await db.$queryRaw<{ key: string; check: string; checkVersion: number; verdict: 'pass' | 'fail'; severity: Finding['severity']; reason: string; evidence: Record<string, unknown> }[]>(Prisma.sql`
    select r.key, n."check", n.check_version as "checkVersion", n.verdict, n.severity, j.reason, j.evidence
    from (${turned(estateId, seq)}) n join resource r on r.id = n.resource_ref join judgement j on j.id = n.judgement_ref`)
  return new Map(rows.map(({ key, check, checkVersion, severity, verdict, reason, evidence }) => [`${key} ${check}`, { checkVersion, severity, judgement: { verdict, reason, evidence } }]))
}

function turnedInto(finding: Finding, night: ReadonlyMap<string, Turning>): Finding {
  return { ...finding, ...night.get(`${toResourceKey(finding.resourceId)} ${finding.check}`) }
}

/** What the last scan found in one part, to be found again. */
async function findingsOfPart(db: Database, estateId: number, scanId: string, subscriptionId: string): Promise<Finding[]> {
  const found: Finding[] = []
  const judgements = new Map<string, Judgement>()
  const filters = subscriptionId === '' ? {} : { subscriptions: [subscriptionId] }
  for await (const page of streamFindings(db, { estateId, subscriptions: 'all' }, scanId, filters)) {
    for (const row of page) if (row.subscriptionId === (subscriptionId || null)) found.push(toFinding(row, judgements))
  }
  return found
}

/** As checks do it, resources that are configured alike share one judgement. */
function shared(judgement: Judgement, known: Map<string, Judgement>): Judgement {
  const key = JSON.stringify(judgement)
  const same = known.get(key) ?? judgement
  known.set(key, same)
  return same
}

function toFinding(row: FindingRow, known: Map<string, Judgement>): Finding {
  const { subscriptionId, resourceId, resourceType, resourceName, location, keyPoint, check, checkVersion, severity, verdict, reason, evidence, reasonCode, permission } = row
  const about = { subscriptionId, resourceId, resourceType, resourceName, location, keyPoint, check, checkVersion, severity }
  if (verdict !== 'unknown') return { ...about, judgement: shared({ verdict, reason, evidence }, known) }
  if (reasonCode === null) throw new Error(`an unknown finding of ${check} has no reason code`)
  return { ...about, judgement: shared({ verdict, reason, evidence, reasonCode, ...(permission === null ? {} : { permission }) }, known) }
}

async function sizes(db: Database, estateId: number): Promise<Figure[]> {
  const [size] = await db.$queryRaw<{ bytes: number; scans: number; findings: number; open: number }[]>(Prisma.sql`
    select pg_database_size(current_database())::float8 as bytes, (select count(*)::int from scan where estate_id = ${estateId}) as scans, count(*)::int as findings,
      count(*) filter (where to_seq is null)::int as open
    from finding where estate_id = ${estateId}`)
  const tables = await db.$queryRaw<{ name: string; bytes: number }[]>(Prisma.sql`
    select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 2 desc limit 6`)
  return [
    { name: 'scans kept', value: size?.scans ?? Number.NaN, unit: '' },
    { name: 'findings of now', value: size?.open ?? Number.NaN, unit: '' },
    { name: 'finding rows', value: size?.findings ?? Number.NaN, unit: '' },
    { name: 'database', value: (size?.bytes ?? Number.NaN) / 1e9, unit: 'GB', target: { most: 3 } },
    ...tables.map(({ name, bytes }) => ({ name: `of it: ${name} with its indexes`, value: bytes / 1e6, unit: 'MB' })),
  ]
}
