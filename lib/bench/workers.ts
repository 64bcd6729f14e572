import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { ensureEstate, type Database } from '@/lib/db'
import { requestScan } from '@/lib/jobs'
import { startWorkerProcess, type WorkerProcessOptions } from '@/lib/jobs/testing/workers'
import { startSimulatorProcess } from '@/lib/simulator/process'
import { publish, type Figure } from './figures'
import { withDatabase } from './with-database'

const resources = 6_000
const subscriptions = 40
const latencyMs = 200
const connections = 16

/** How much faster two workers are than one where connections are what is scarce, and what they do at Azure's limits. */
export async function workers(): Promise<void> {
  const one = await timed(1, {})
  const two = await timed(2, {})
  const limited = await timed(4, { limited: 'shared', connections: 64 })
  const figures: Figure[] = [
    { name: 'one worker: wall time', value: one.seconds, unit: 's' },
    { name: 'one worker: requests', value: one.requests, unit: '' },
    { name: 'two workers: wall time', value: two.seconds, unit: 's' },
    { name: 'two workers: requests', value: two.requests, unit: '' },
    { name: 'two workers: wall time over that of one', value: two.seconds / one.seconds, unit: '', target: { most: 0.6 } },
    { name: 'two workers: share of reads of the busier one', value: two.busiest * 100, unit: '%' },
    { name: 'four workers at the limits: wall time', value: limited.seconds, unit: 's' },
    { name: 'four workers at the limits: answered 429', value: (limited.throttled * 100) / limited.requests, unit: '%', target: { most: 0.1 } },
  ]
  const path = await publish('workers', figures, { resources, subscriptions, latencyMs, connections, cores: cpus().length })
  process.stdout.write(`\nWritten to ${path}\n`)
}

interface Timed {
  seconds: number
  requests: number
  throttled: number
  /** The share of reads that the busiest worker made. */
  busiest: number
}

/** A full scan of a tenant by so many workers that are up and waiting for it. */
async function timed(count: number, how: Pick<WorkerProcessOptions, 'limited' | 'connections'>): Promise<Timed> {
  return withDatabase(async (db, url) => {
    const simulator = await startSimulatorProcess({ tenant: `generated:${resources}:1`, subscriptions, latencyMs, limits: how.limited !== undefined, pageSize: 1_000 })
    const started = Array.from({ length: count }, () => startWorkerProcess({ databaseUrl: url, simulatorUrl: simulator.url, tenantId: simulator.tenantId, connections, ...how }))
    try {
      await Promise.all(started.map(({ ready }) => ready))
      return await scanned(db, url, simulator.tenantId)
    } finally {
      for (const worker of started) await worker.stop()
      await simulator.stop()
    }
  })
}

async function scanned(db: Database, url: string, tenantId: string): Promise<Timed> {
  const { estateId } = await ensureEstate(db, { tenantId, isDemo: true, cloud: 'AzureCloud', displayName: 'Benchmark' })
  const startedAt = performance.now()
  const { scanId } = await requestScan({ viewer: { estateId, subscriptions: 'all' }, requestedBy: 'benchmark', mode: 'full', scope: {} }, { db, url })
  for (;;) {
    const scan = await db.scan.findUniqueOrThrow({ where: { id: scanId }, include: { workers: true } })
    if (scan.finishedAt !== null) {
      const sum = (of: (worker: (typeof scan.workers)[number]) => number) => scan.workers.reduce((total, worker) => total + of(worker), 0)
      return {
        seconds: (performance.now() - startedAt) / 1_000,
        requests: sum(({ requests }) => requests),
        throttled: sum(({ throttled }) => throttled),
        busiest: Math.max(...scan.workers.map(({ readsDone }) => readsDone)) / sum(({ readsDone }) => readsDone),
      }
    }
    await pause(200)
  }
}
