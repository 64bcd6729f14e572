import { loadConfig, sessionSecretsOf, type Config } from '@/lib/config'
import { acquireScanLock, createScan, ensureEstate, interruptedScan } from '@/lib/db'
import { publishedSummary, type ScanSummary } from '@/lib/domain/scan'
import { KeypointError } from '@/lib/errors'
import { tellOnce } from '@/lib/jobs'
import { log } from '@/lib/log'
import { notifySettings } from '@/lib/notify'
import { effectivePolicy, readPolicyFile, runScan, usualMode } from '@/lib/scan'
import { configuredTenantId } from '../configured-tenant'
import { connectAzure } from '../connect-azure'
import { exitCode } from '../exit-codes'
import { openDatabase, type OpenDatabase } from '../open-database'
import { ProgressPrinter } from '../progress-line'
import { summaryText } from '../summary-text'
import { stopSignal } from '../until-stopped'

interface ScanOptions {
  subscription?: string[]
  managementGroup?: string
  full?: boolean
  json?: boolean
}

/** `keypoint scan`: runs one scan in this process. Exit code 2 when some subscription or evidence could not be read. */
export async function scanCommand(options: ScanOptions): Promise<void> {
  if (options.subscription && options.managementGroup !== undefined) {
    throw new KeypointError('usage', '--subscription and --management-group exclude each other.', 'Give one of them.')
  }
  const config = loadConfig()
  if (config.policyPath !== null) readPolicyFile(config.policyPath)
  const stopping = stopSignal()
  const database = await openDatabase(config)
  try {
    const connection = await connectAzure(config, { signal: stopping, databaseUrl: database.url })
    try {
      const { tenantId, cloud, displayName } = connection
      const { estateId } = await ensureEstate(database.db, { tenantId, isDemo: config.demo, cloud, displayName })
      const scope = { ...(options.subscription && { subscriptions: options.subscription }), ...(options.managementGroup && { managementGroup: options.managementGroup }) }
      const policy = await effectivePolicy(database.db, estateId, config.policyPath)
      const mode = options.full === true ? 'full' : await usualMode(database.db, estateId, policy)
      const interrupted = await interruptedScan(database.db, estateId, scope, options.full === true ? 'full' : undefined)
      const lock = await acquireScanLock(database.db, database.url, estateId, interrupted?.scanId)
      if (lock === null) throw new KeypointError('conflict', 'Another process is scanning this tenant.', 'Wait for it to end (the scans page shows it), then try again.')
      try {
        if (interrupted !== null) process.stderr.write('Going on with the scan that was interrupted.\n')
        const { scanId } = interrupted ?? await createScan(database.db, estateId, { scope, mode, requestedBy: 'command', policyVersion: policy.version })
        const printer = new ProgressPrinter()
        const summary = await runScan({
          db: database.db, azure: connection.azure, estate: { estateId, tenantId, cloud }, scanId, policy, interrupted: interrupted !== null,
          signal: AbortSignal.any([stopping, lock.lost]),
          onProgress: (progress) => printer.show(progress),
        }).finally(() => printer.end())
        process.stdout.write(options.json ? `${JSON.stringify(publishedSummary(summary))}\n` : summaryText(summary, config.demo))
        process.exitCode = exitCodeOf(summary)
      } finally {
        await lock.release()
        await tellNews(config, database)
      }
    } finally {
      await connection.close()
    }
  } finally {
    await database.close()
  }
}

/** Tells the channels how the scan ended. A scan is none the worse for a message that could not be sent. */
async function tellNews(config: Config, database: OpenDatabase): Promise<void> {
  try {
    const settings = notifySettings(config, sessionSecretsOf(config))
    await tellOnce({ db: database.db, databaseUrl: database.url, tenantId: await configuredTenantId(config), isDemo: config.demo, settings })
  } catch (error) {
    log('error', 'nobody could be told of the scan; a worker tries again', { error: String(error) })
  }
}

function exitCodeOf(summary: ScanSummary): number {
  switch (summary.status) {
    case 'succeeded': return exitCode.done
    case 'partial': return exitCode.partial
    case 'failed': case 'cancelled': return exitCode.failed
  }
}
