import { createAzure, createSimulatorCredential } from '@/lib/azure'
import { createDatabase } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import { runScan } from '../run-scan'

/** For tests: runs one scan in a process of its own, so that it can be killed. Arguments: database URL, simulator URL, tenant id, estate id, scan id. */
const [databaseUrl = '', simulatorUrl = '', tenantId = '', estateId = '', scanId = ''] = process.argv.slice(2)
const azure = createAzure({
  endpoint: simulatorUrl, scope: `${simulatorUrl}/.default`, credential: createSimulatorCredential(simulatorUrl, tenantId), tenantId, cloud: 'AzureCloud',
})
const db = createDatabase(databaseUrl)
const summary = await runScan({ db, azure, estate: { estateId: Number(estateId), tenantId, cloud: 'AzureCloud' }, scanId, policy: defaultPolicy, interrupted: true })
azure.close()
await db.$disconnect()
process.stdout.write(`${JSON.stringify(summary)}\n`)
