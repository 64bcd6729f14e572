import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { createScan, ensureEstate, type Database } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import type { ScanMode, ScanSummary } from '@/lib/domain/scan'
import { runScan } from '@/lib/scan'

export interface MeasuredScan {
  summary: ScanSummary
  estateId: number
  seconds: number
  /** CPU seconds of this process. */
  cpu: number
  /** MiB, the most that this process held while it scanned. */
  memoryMost: number
}

/** Runs one scan of what a simulator serves and measures it; progress goes to stderr. */
export async function measureScan(db: Database, simulator: { url: string; tenantId: string }, mode: ScanMode = 'full'): Promise<MeasuredScan> {
  const { url, tenantId } = simulator
  const azure = createAzure({ endpoint: url, scope: `${url}/.default`, credential: createSimulatorCredential(url, tenantId), tenantId, cloud: 'AzureCloud' })
  const { estateId } = await ensureEstate(db, { tenantId, isDemo: true, cloud: 'AzureCloud', displayName: 'Benchmark' })
  const { scanId } = await createScan(db, estateId, { scope: {}, mode, requestedBy: 'benchmark' })
  let memoryMost = 0
  const sampler = setInterval(() => (memoryMost = Math.max(memoryMost, process.memoryUsage.rss())), 100)
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  try {
    const summary = await runScan({
      db, azure, estate: { estateId, tenantId, cloud: 'AzureCloud' }, scanId, policy: defaultPolicy,
      onProgress: (p) => process.stderr.write(`\r${p.stage} ${p.readsDone} of ${p.readsPlanned} reads   `),
    })
    const cpu = process.cpuUsage(cpuBefore)
    return { summary, estateId, seconds: (performance.now() - startedAt) / 1_000, cpu: (cpu.user + cpu.system) / 1e6, memoryMost: memoryMost / 2 ** 20 }
  } finally {
    clearInterval(sampler)
    process.stderr.write('\n')
    azure.close()
  }
}
