import { databaseUrl } from '@/lib/config/environment'
import { currentPolicy, getDatabase, getEstate, judgedScans, queueScan, type Database } from '@/lib/db'
import type { ScanMode, ScanScope } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { openQueue, sendScan } from './queue'

export interface ScanRequest {
  viewer: Viewer
  /** Who asks: a person's name, or what started it. */
  requestedBy: string
  mode: ScanMode
  scope: ScanScope
  /** Set when the scan reads Azure with the rights of a signed-in person. */
  delegatedSessionId?: string | null
  /** Set to judge stored facts again in place of asking Azure: the scan that last read them. */
  judgesAgain?: string
}

/** The web process's own database; `keypoint serve` names it in DATABASE_URL. */
export function webDatabase(): { db: Database; url: string } {
  const url = databaseUrl()
  if (url === null) throw new KeypointError('not-configured', 'DATABASE_URL is not set in the web process.', 'Start the app with `keypoint serve`.')
  return { db: getDatabase(), url }
}

/**
 * Queues a scan for a worker.
 * @throws KeypointError `conflict` when a scan of the estate is queued or running.
 */
export async function requestScan(request: ScanRequest, database = webDatabase()): Promise<{ scanId: string }> {
  const queued = await queueScan(database.db, request.viewer.estateId, {
    scope: request.scope,
    mode: request.mode,
    requestedBy: request.requestedBy,
    delegatedSessionId: request.delegatedSessionId ?? null,
    judgesAgain: request.judgesAgain,
    policyVersion: (await currentPolicy(database.db, request.viewer.estateId))?.policy.version ?? 0,
  })
  if (queued === null) throw new KeypointError('conflict', 'A scan of this estate is running already.', 'Wait for it to end, or cancel it on its page.')
  const queue = await openQueue(database.url, await getEstate(database.db, request.viewer.estateId), 'sender')
  try {
    await sendScan(queue, queued.scanId)
  } finally {
    await queue.boss.stop({ graceful: false })
  }
  return { scanId: queued.scanId }
}

/**
 * Queues a judging of what the last scans stored, under the policy as it is now. Its scope is decided when it runs: another scan may end before.
 * @throws KeypointError `not-found` where there is nothing to judge, `conflict` when a scan is queued or running.
 */
export async function requestJudging(request: Pick<ScanRequest, 'viewer' | 'requestedBy'>, database = webDatabase()): Promise<{ scanId: string }> {
  const last = (await judgedScans(database.db, request.viewer.estateId)).at(-1)
  if (last === undefined) throw new KeypointError('not-found', 'There is nothing to judge again: no scan has finished yet.', 'Run a scan.')
  return requestScan({ ...request, mode: 'full', scope: {}, judgesAgain: last.scanId }, database)
}
