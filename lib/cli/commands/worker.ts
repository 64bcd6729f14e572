import { delegatedAccess } from '@/lib/auth/delegated-credential'
import { loadConfig, sessionSecretsOf, type Config } from '@/lib/config'
import { startNotifier, startWorker } from '@/lib/jobs'
import { notifySettings } from '@/lib/notify'
import { readPolicyFile } from '@/lib/scan'
import { connectAzure } from '../connect-azure'
import { configuredTenantId } from '../configured-tenant'
import { openDatabase, type OpenDatabase } from '../open-database'
import { stopSignal, untilStopped } from '../until-stopped'

/** A worker with the configured ways to Azure: the demo tenant, the scanning identity, or a person's own rights. It tells of its news too. */
export async function startConfiguredWorker(config: Config, database: OpenDatabase, sessionSecrets: string[]): Promise<{ stop(): Promise<void> }> {
  const estate = { db: database.db, databaseUrl: database.url, tenantId: await configuredTenantId(config), isDemo: config.demo }
  const worker = await startWorker({
    ...estate,
    policyPath: config.policyPath,
    connect: async (signal, sessionId) => connectAzure(config, {
      signal,
      databaseUrl: database.url,
      delegated: sessionId === null ? undefined : await delegatedAccess({ db: database.db, config: { ...config, sessionSecrets }, sessionId }),
    }),
  })
  const notifier = await startNotifier({ ...estate, settings: notifySettings(config, sessionSecrets) })
  return {
    stop: async () => {
      await Promise.all([worker.stop(), notifier.stop()])
    },
  }
}

/** `keypoint worker`: takes scans from the queue until stopped. */
export async function workerCommand(): Promise<void> {
  const config = loadConfig()
  if (config.policyPath !== null) readPolicyFile(config.policyPath)
  const stopping = stopSignal()
  const database = await openDatabase(config)
  try {
    const worker = await startConfiguredWorker(config, database, sessionSecretsOf(config))
    process.stderr.write('The worker waits for scans.\n')
    await untilStopped(stopping)
    await worker.stop()
  } finally {
    await database.close()
  }
}
