import { fileURLToPath } from 'node:url'
import { loadWebConfig, sessionSecretsOf, type Config } from '@/lib/config'
import { ensureEstate, latestScan } from '@/lib/db'
import { requestScan } from '@/lib/jobs'
import { readPolicyFile } from '@/lib/scan'
import { buildIfStale } from '../build-if-stale'
import { configuredTenantId } from '../configured-tenant'
import { openDatabase, type OpenDatabase } from '../open-database'
import { stopSignal, untilStopped } from '../until-stopped'
import { waitForScan } from '../wait-for-scan'
import { claimPort, startWeb } from '../web-process'
import { startConfiguredWorker } from './worker'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const say = (line: string) => process.stderr.write(`${line}\n`)

/** `keypoint serve`: the web app, and a worker in this process unless `--no-worker`. Prints the URL on stdout when it is ready. */
export async function serveCommand(options: { worker: boolean }): Promise<void> {
  const config = loadWebConfig()
  if (config.policyPath !== null) readPolicyFile(config.policyPath)
  const { port, release } = await claimPort(config.host, config.port)
  const url = config.isPublicUrl ? config.url : `http://localhost:${port}`
  await buildIfStale(root, say)
  const stopping = stopSignal()
  const database = await openDatabase(config)
  const stops: (() => Promise<unknown>)[] = [() => database.close()]
  try {
    const tenantId = await configuredTenantId(config)
    const { estateId } = await ensureEstate(database.db, { tenantId, isDemo: config.demo, cloud: config.cloud, displayName: config.demo ? 'Demo tenant' : null })
    const secrets = sessionSecretsOf(config)
    if (options.worker) {
      const worker = await startConfiguredWorker({ ...config, url }, database, secrets)
      stops.unshift(() => worker.stop())
    }
    await release()
    const web = await startWeb(root, config.host, port, {
      DATABASE_URL: database.url, KEYPOINT_ESTATE_ID: String(estateId), KEYPOINT_SESSION_SECRET: secrets.join(','), KEYPOINT_URL: url, PORT: String(port),
    }, stopping)
    stops.unshift(async () => web.kill())
    if (options.worker && config.demo) await scanDemoOnce(database, estateId, stopping)
    if (stopping.aborted) return
    process.stdout.write(`${url}\n`)
    say(readySentence(config, url))
    await untilStopped(stopping, web)
  } finally {
    for (const stop of stops) await stop()
  }
}

/** The demo is scanned once, so that the first look finds a populated dashboard. */
async function scanDemoOnce(database: OpenDatabase, estateId: number, stopping: AbortSignal): Promise<void> {
  if ((await latestScan(database.db, estateId)) !== null) return
  say('Scanning the demo tenant …')
  const { scanId } = await requestScan({ viewer: { estateId, subscriptions: 'all' }, requestedBy: 'first start', mode: 'full', scope: {} }, database)
  await waitForScan(database.db, estateId, scanId, stopping)
}

function readySentence(config: Config, url: string): string {
  return config.demo
    ? `Keypoint shows its demo tenant at ${url} (no sign-in, ${config.host} only). Set AZURE_TENANT_ID and AZURE_CLIENT_ID to scan a real one.`
    : `Keypoint is ready at ${url}.`
}
