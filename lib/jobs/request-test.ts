import { setTimeout as pause } from 'node:timers/promises'
import { findDelivery, getEstate } from '@/lib/db'
import type { DeliveryRow } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { createTest } from '@/lib/notify/channels'
import { openDeliveryQueue, sendDelivery } from './delivery-queue'
import { webDatabase } from './request-scan'

const patienceMs = 20_000

/**
 * Sends a test to one channel by way of a worker, as every message goes, and waits a little for what comes of it.
 * @returns where it stands then; `outcome` is null while no worker took it.
 * @throws KeypointError `not-found`.
 */
export async function requestTest(
  { viewer, channelId, by, baseUrl }: { viewer: Viewer; channelId: string; by: string; baseUrl: string }, database = webDatabase(),
): Promise<Pick<DeliveryRow, 'status' | 'attempts' | 'outcome'>> {
  const message = await createTest(database.db, viewer, channelId, by, baseUrl)
  const queue = await openDeliveryQueue(database.url, await getEstate(database.db, viewer.estateId), 'sender')
  try {
    await sendDelivery(queue, message)
  } finally {
    await queue.boss.stop({ graceful: false })
  }
  const until = Date.now() + patienceMs
  for (;;) {
    const state = (await findDelivery(database.db, viewer, message.id)) ?? { status: 'failed' as const, attempts: 0, outcome: 'The channel was removed.' }
    if (state.outcome !== null || state.status !== 'waiting' || Date.now() > until) return state
    await pause(250)
  }
}
