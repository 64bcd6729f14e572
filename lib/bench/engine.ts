import { cpus } from 'node:os'
import { streamFindings, type Database } from '@/lib/db'
import { defaultLimits } from '@/lib/azure'
import { KeypointError } from '@/lib/errors'
import { generateTenant, startSimulator } from '@/lib/simulator'
import { startSimulatorProcess } from '@/lib/simulator/process'
import { measureScan } from './bench-scan'
import { publish, type Figure } from './figures'
import { withDatabase } from './with-database'

const latencyMs = 60
/** Sources of a request each to the subscription's own bucket. */
const armSources = [
  'diagnostic-settings', 'sql-auditing', 'workspace-tables', 'data-exports', 'sentinel-onboarding', 'sentinel-rules', 'sentinel-connectors', 'sentinel-incidents', 'storage-lifecycle',
  'log-containers', 'defender-plans', 'security-contacts',
]

const parts: Record<string, () => Promise<Figure[]>> = {
  large: () => atTheLimits('100,000 resources in 100 subscriptions', 100_000, 100, { overLeast: 1.15, cpu: 60, memory: 600 }),
  one: () => atTheLimits('10,000 resources in 1 subscription', 10_000, 1, { overLeast: 1.05 }),
  incremental: incrementally,
  memory: flatMemory,
}

/** A quarter of an hour: only when asked for. */
const longParts: Record<string, () => Promise<Figure[]>> = {
  million: async () => [...(await memoryAt(50_000, 1)).figures, ...(await memoryAt(1_000_000, 1_000)).figures],
}

/**
 * The engine at Azure's limits: 100,000 resources in 100 subscriptions, 10,000 in one, an incremental scan of a changed estate, and memory by size; or some
 * of these parts by name.
 * @throws KeypointError `usage` for a part that is not there.
 */
export async function engine(names: readonly string[]): Promise<void> {
  const wanted = (names.length === 0 ? Object.keys(parts) : names).map((name) => {
    const part = parts[name] ?? longParts[name]
    if (part === undefined) throw new KeypointError('usage', `The engine benchmark has no part ${name}.`, `Its parts are: ${Object.keys({ ...parts, ...longParts }).join(', ')}.`)
    return part
  })
  const figures: Figure[] = []
  for (const part of wanted) figures.push(...(await part()))
  const path = await publish(names.length === 0 ? 'engine' : `engine-${names.join('-')}`, figures, { latencyMs, cores: cpus().length })
  process.stdout.write(`\nWritten to ${path}\n`)
}

interface Targets {
  overLeast: number
  /** CPU seconds. */
  cpu?: number
  /** MiB. */
  memory?: number
}

async function atTheLimits(name: string, resources: number, subscriptions: number, targets: Targets): Promise<Figure[]> {
  return withDatabase(async (db, databaseUrl) => {
    const simulator = await startSimulatorProcess({ tenant: `generated:${resources}:1`, subscriptions, latencyMs })
    const scan = await measureScan({ databaseUrl, simulator })
    await simulator.stop()
    const least = await leastSeconds(db, scan.estateId)
    const { requests } = scan.summary
    const most = (target: number | undefined) => (target === undefined ? {} : { target: { most: target } })
    return [
      { name: `${name}: wall time`, value: scan.seconds, unit: 's' },
      { name: `${name}: least time that the buckets allow`, value: least, unit: 's' },
      { name: `${name}: wall time over least time`, value: scan.seconds / least, unit: '', ...most(targets.overLeast) },
      { name: `${name}: requests`, value: requests.total, unit: '' },
      { name: `${name}: answered 429`, value: (requests.throttled * 100) / requests.total, unit: '%', target: { most: 0.1 } },
      { name: `${name}: client CPU`, value: scan.cpu, unit: 's', ...most(targets.cpu) },
      { name: `${name}: memory, most`, value: scan.memoryMost, unit: 'MiB', ...most(targets.memory) },
    ]
  })
}

/** The most memory that full scans of growing estates hold, each in a process and a database of its own. Azure's limits and latency are left out: they only take time. */
async function flatMemory(): Promise<Figure[]> {
  const sizes = [await memoryAt(1_000, 10), await memoryAt(10_000, 33), await memoryAt(100_000, 100)]
  const [, tenThousand, hundredThousand] = sizes.map(({ most }) => most)
  return [
    ...sizes.flatMap(({ figures }) => figures),
    { name: 'memory at 100,000 resources over memory at 10,000', value: (hundredThousand ?? Number.NaN) / (tenThousand ?? Number.NaN), unit: '' },
  ]
}

async function memoryAt(resources: number, subscriptions: number): Promise<{ most: number; figures: Figure[] }> {
  return withDatabase(async (_, databaseUrl) => {
    const simulator = await startSimulatorProcess({ tenant: `generated:${resources}:1`, subscriptions, limits: false })
    const { memoryMost, cpu } = await measureScan({ databaseUrl, simulator, limits: false })
    await simulator.stop()
    const name = `${resources} resources in ${subscriptions} subscriptions`
    return { most: memoryMost, figures: [{ name: `memory, most, at ${name}`, value: memoryMost, unit: 'MiB', target: { most: 600 } }, { name: `client CPU at ${name}`, value: cpu, unit: 's' }] }
  })
}

/** The time that the fullest subscription's bucket needs for its reads: what is beyond the burst, at the rate of refill. */
async function leastSeconds(db: Database, estateId: number): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ reads: number }[]>(`
    select max(reads)::int as reads from (
      select sub, count(*) as reads from (
        select subscription_id as sub from fact where estate_id = ${estateId} and source in (${armSources.map((source) => `'${source}'`).join(', ')})
        union all
        -- Each parameter is a read of its own.
        select subscription_id from fact, jsonb_array_elements(content) where estate_id = ${estateId} and source = 'database-parameters' and status = 'ok'
        union all
        select split_part(lower(content->>'askedOf'), '/', 3) from fact where estate_id = ${estateId} and source = 'log-categories' and status = 'ok'
      ) asked group by sub
    ) counted`)
  const { burst, perSecond } = defaultLimits.subscriptionReads
  return Math.max(0, (row?.reads ?? 0) - burst) / perSecond
}

/** A full scan, then an incremental one after 0.5% of the diagnostic settings changed, then a full one to compare with. */
async function incrementally(): Promise<Figure[]> {
  return withDatabase(async (db, databaseUrl) => {
    const tenant = generateTenant({ resources: 20_000, subscriptions: 20, seed: 1 })
    const simulator = await startSimulator({ tenant, limits: false })
    const served = { databaseUrl, simulator: { url: simulator.url, tenantId: tenant.tenantId } }
    const full = await measureScan(served)
    const logging = (await db.fact.findMany({ where: { source: 'diagnostic-settings', status: 'ok', NOT: { content: { equals: [] } } }, select: { subject: true }, orderBy: { subject: 'asc' } }))
      .filter(({ subject }) => subject.includes('/providers/') && tenant.row(subject) !== undefined)
    const step = Math.max(1, Math.floor(logging.length / (20_000 * 0.005)))
    const changed = logging.filter((_, index) => index % step === 0).slice(0, 100)
    for (const { subject } of changed) tenant.setDiagnosticSettings(tenant.row(subject)?.id ?? subject, [])
    const incremental = await measureScan({ ...served, mode: 'incremental' })
    const proof = await measureScan(served)
    await simulator.close()
    return [
      { name: 'incremental, 0.5% changed: changed settings', value: changed.length, unit: '' },
      { name: 'incremental, 0.5% changed: requests of the full scan', value: full.summary.requests.total, unit: '' },
      { name: 'incremental, 0.5% changed: share of its requests', value: (incremental.summary.requests.total * 100) / full.summary.requests.total, unit: '%', target: { most: 2 } },
      { name: 'incremental, 0.5% changed: wall time without limits', value: incremental.seconds, unit: 's' },
      { name: 'incremental, 0.5% changed: findings unlike the full scan', value: await unlike(db, full.estateId, incremental.summary.scanId, proof.summary.scanId), unit: '', target: { most: 0 } },
    ]
  })
}

/** How many findings two scans judged otherwise. */
async function unlike(db: Database, estateId: number, a: string, b: string): Promise<number> {
  const verdicts = async (scanId: string): Promise<Map<string, string>> => {
    const found = new Map<string, string>()
    for await (const page of streamFindings(db, { estateId, subscriptions: 'all' }, scanId, {})) {
      for (const { resourceId, check, verdict, reasonCode, reason } of page) found.set(`${resourceId.toLowerCase()} ${check}`, `${verdict} ${reasonCode} ${reason}`)
    }
    return found
  }
  const [ofA, ofB] = [await verdicts(a), await verdicts(b)]
  return [...ofA].filter(([key, saying]) => ofB.get(key) !== saying).length + [...ofB.keys()].filter((key) => !ofA.has(key)).length
}
