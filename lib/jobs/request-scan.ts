import { createScan, currentPolicy, getDatabase, runningScan, type Database } from '@/lib/db'
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
}

/** The web process's own database; `keypoint serve` names it in DATABASE_URL. */
function webDatabase(): { db: Database; url: string } {
  const url = process.env.DATABASE_URL
  if (url === undefined) throw new KeypointError('not-configured', 'DATABASE_URL is not set in the web process.', 'Start the app with `keypoint serve`.')
  return { db: getDatabase(), url }
}

/**
 * Queues a scan for a worker.
 * @throws KeypointError `conflict` when a scan of the estate is queued or running.
 */
export async function requestScan(request: ScanRequest, database = webDatabase()): Promise<{ scanId: string }> {
  const running = await runningScan(database.db, request.viewer.estateId)
  if (running !== null) throw new KeypointError('conflict', 'A scan of this estate is running already.', 'Wait for it to end, or cancel it on its page.')
  const { scanId } = await createScan(database.db, request.viewer.estateId, {
    scope: request.scope,
    mode: request.mode,
    requestedBy: request.requestedBy,
    delegatedSessionId: request.delegatedSessionId ?? null,
    policyVersion: (await currentPolicy(database.db, request.viewer.estateId))?.policy.version ?? 0,
  })
  const boss = await openQueue(database.url, 'sender')
  try {
    await sendScan(boss, scanId)
  } finally {
    await boss.stop({ graceful: false })
  }
  return { scanId }
}
