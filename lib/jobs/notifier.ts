import { setTimeout as pause } from 'node:timers/promises'
import { enabledChannels, failAbandonedDeliveries, findEstate, forgottenDeliveries, hasUntriedDeliveries, type Database } from '@/lib/db'
import { log } from '@/lib/log'
import { announce, deliver, missingToTell, resealChannels, type NotifySettings } from '@/lib/notify'
import { giveBack, openDeliveryQueue, retriesOf, sendDelivery, type DeliveryJob, type Retries } from './delivery-queue'
import type { OpenQueue } from './estate-queue'

/** To one channel one at a time, so that a channel that is slow does not hold up another. */
const atWork = { pollingIntervalSeconds: 1, localConcurrency: 3, localGroupConcurrency: 1 } as const
const lookEveryMs = 15_000
/** Every so many looks it is also asked what ends soon: every ten minutes. */
const looksToExpiry = 40

export interface NotifierOptions {
  db: Database
  databaseUrl: string
  /** Whose news to tell: those of the tenant that the worker reads. */
  tenantId: string
  isDemo: boolean
  settings: NotifySettings
  /** Other times between attempts than the usual. */
  retries?: Partial<Retries>
}

/** Looks every few seconds for news, and delivers messages until stopped. Any number of workers may. */
export async function startNotifier(options: NotifierOptions): Promise<{ look(): Promise<void>; stop(): Promise<void> }> {
  const { db, settings } = options
  const estate = await findEstate(db, options)
  if (estate !== null) await resealChannels(db, estate.estateId, settings.secrets)
  const { attempts } = retriesOf(options.retries)
  const queue = await openDeliveryQueue(options.databaseUrl, options, 'worker', options.retries)
  await queue.boss.work<DeliveryJob, void, typeof atWork>(queue.name, atWork, async ([job]) => {
    if (job === undefined) return
    const delivered = await deliver({ db, settings, attemptsMax: attempts }, job.data.deliveryId)
    if (delivered !== 'done') await giveBack(queue, job.id, delivered.at)
  })
  let looking: Promise<void> | null = null
  const look = (withExpiry = true) => {
    looking ??= tellNews(options, queue, withExpiry)
      .catch((error: unknown) => log('error', 'news could not be told', { error: String(error) }))
      .finally(() => (looking = null))
    return looking
  }
  void look()
  let looks = 0
  const timer = setInterval(() => {
    looks += 1
    void look(looks % looksToExpiry === 0)
  }, lookEveryMs)
  return {
    look: () => look(),
    stop: async () => {
      clearInterval(timer)
      await looking
      await queue.boss.stop({ graceful: true, timeout: 20_000 })
    },
  }
}

const farewellMs = 30_000

/**
 * For a command that ends: tells what is new and waits for the first attempt to deliver it. What is to be tried again waits for a worker, and so does all of it where
 * the command is not configured as a worker is.
 */
export async function tellOnce(options: NotifierOptions): Promise<void> {
  const { db, settings } = options
  const estate = await findEstate(db, options)
  if (estate === null) return
  const missing = await missingToTell(db, estate.estateId, settings)
  if (missing !== null) {
    log('info', 'the scan is left to a worker to tell of', { reason: missing })
    return
  }
  if ((await enabledChannels(db, estate.estateId)).length === 0) {
    await announce({ db, estateId: estate.estateId, baseUrl: settings.baseUrl, credentials: settings.credentials, withExpiry: false })
    return
  }
  const notifier = await startNotifier(options)
  try {
    await notifier.look()
    const until = Date.now() + farewellMs
    while (Date.now() < until && (await hasUntriedDeliveries(options.db, estate.estateId))) await pause(200)
  } finally {
    await notifier.stop()
  }
}

/** Stores and queues what is to be told now, and queues again what was lost on the way. */
async function tellNews({ db, tenantId, isDemo, settings: { baseUrl, credentials } }: NotifierOptions, queue: OpenQueue, withExpiry: boolean): Promise<void> {
  const now = new Date()
  const estate = await findEstate(db, { tenantId, isDemo })
  if (estate === null) return
  const { estateId } = estate
  await failAbandonedDeliveries(db, estateId, now)
  const waiting = [...(await announce({ db, estateId, baseUrl, credentials, withExpiry }, now)), ...(await forgottenDeliveries(db, estateId, now))]
  for (const message of waiting) await sendDelivery(queue, message)
}
