import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { createDatabase, openSharedBuckets } from '@/lib/db'
import { startWorker } from '../worker'

/** For tests and benchmarks: a worker in a process of its own, so that it can be killed. Arguments: database URL, simulator URL, tenant id, connections, `shared` or `unlimited`. */
const [databaseUrl = '', simulatorUrl = '', tenantId = '', connections = '64', limited = 'unlimited'] = process.argv.slice(2)
const unlimited = { burst: 1_000_000, perSecond: 1_000_000 }
const db = createDatabase(databaseUrl)
const worker = await startWorker({
  db, databaseUrl, policyPath: null, tenantId, isDemo: true,
  connect: async (signal) => {
    const sharedBuckets = limited === 'shared' ? openSharedBuckets(databaseUrl, tenantId) : undefined
    const azure = createAzure({
      endpoint: simulatorUrl, scope: `${simulatorUrl}/.default`, credential: createSimulatorCredential(simulatorUrl, tenantId), tenantId, cloud: 'AzureCloud', signal, sharedBuckets,
      limits: { concurrency: Number(connections), concurrencyMost: Number(connections), ...(limited === 'unlimited' && { subscriptionReads: unlimited, tenantReads: unlimited, resourceGraph: unlimited }) },
    })
    return {
      azure, tenantId, cloud: 'AzureCloud',
      close: async () => {
        azure.close()
        await sharedBuckets?.close()
      },
    }
  },
})
process.stdout.write('ready\n')
process.once('SIGTERM', () => {
  void worker.stop().then(() => db.$disconnect()).then(() => process.exit(0))
})
