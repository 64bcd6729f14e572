import { setFlagsFromString } from 'node:v8'
import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { createDatabase, createScan, ensureEstate } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import { runScan } from '@/lib/scan'
import type { MeasuredScan, ScanToMeasure } from './bench-scan'

// As the command does.
setFlagsFromString('--heap-growing-percent=80')

const kibPerMib = 1_024

/** The argument is ours: `measureScan` made it. */
const { databaseUrl, simulator: { url, tenantId }, mode = 'full', limits = true } = JSON.parse(process.argv[2] ?? '') as ScanToMeasure
const db = createDatabase(databaseUrl)
const unlimited = { burst: 1_000_000, perSecond: 1_000_000 }
const azure = createAzure({
  limits: limits ? {} : { subscriptionReads: unlimited, tenantReads: unlimited, resourceGraph: unlimited },
  endpoint: url, scope: `${url}/.default`, credential: createSimulatorCredential(url, tenantId), tenantId, cloud: 'AzureCloud',
})
const { estateId } = await ensureEstate(db, { tenantId, isDemo: true, cloud: 'AzureCloud', displayName: 'Benchmark' })
const { scanId } = await createScan(db, estateId, { scope: {}, mode, requestedBy: 'benchmark' })
const cpuBefore = process.cpuUsage()
const startedAt = performance.now()
const summary = await runScan({
  db, azure, estate: { estateId, tenantId, cloud: 'AzureCloud' }, scanId, policy: defaultPolicy,
  onProgress: (p) => process.stderr.write(`\r${p.stage} ${p.readsDone} of ${p.readsPlanned} reads, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB   `),
})
const cpu = process.cpuUsage(cpuBefore)
process.stderr.write('\n')
const measured: MeasuredScan = {
  summary, estateId, seconds: (performance.now() - startedAt) / 1_000, cpu: (cpu.user + cpu.system) / 1e6,
  memoryMost: process.resourceUsage().maxRSS / kibPerMib,
}
process.stdout.write(JSON.stringify(measured), () => process.exit(0))
