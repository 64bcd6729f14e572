import { PgBoss } from 'pg-boss'
import { failAbandonedDeliveries, findEstate, forgottenDeliveries, type Database } from '@/lib/db'
import { log } from '@/lib/log'
import { announce, deliver, type NotifySettings } from '@/lib/notify'

/** A job delivers one message to one channel. */
export const deliveryQueue = 'delivery'

interface DeliveryJob {
  deliveryId: string
}

const atWork = { pollingIntervalSeconds: 1, includeMetadata: true, localConcurrency: 2 } as const
const lookEveryMs = 15_000
/** Nine more attempts, each after about twice the time of the one before: the last comes after some four hours. */
const retries = { retryLimit: 9, retryDelay: 30, retryBackoff: true, retryDelayMax: 3_600, expireInSeconds: 120 }

/** A started pg-boss for messages alone. */
export async function openDeliveryQueue(databaseUrl: string, role: 'worker' | 'sender', more: Partial<typeof retries> = {}): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: role === 'worker' ? 2 : 1, supervise: role === 'worker', schedule: false })
  boss.on('error', (error) => log('error', 'delivery queue', { error: String(error) }))
  await boss.start()
  const options = { ...retries, ...more }
  await boss.createQueue(deliveryQueue, options)
  await boss.updateQueue(deliveryQueue, options)
  return boss
}

/** Puts a waiting message before the workers. The job has the delivery's id, so sending it again adds no second one. */
export async function sendDelivery(boss: PgBoss, deliveryId: string): Promise<void> {
  const job: DeliveryJob = { deliveryId }
  await boss.send(deliveryQueue, job, { id: deliveryId })
}

export interface NotifierOptions {
  db: Database
  databaseUrl: string
  /** Whose news to tell: those of the tenant that the worker reads. */
  tenantId: string
  isDemo: boolean
  settings: NotifySettings
  /** Other times between attempts than the usual. */
  retries?: Partial<typeof retries>
}

/** Looks every few seconds for news, and delivers messages until stopped. Any number of workers may. */
export async function startNotifier(options: NotifierOptions): Promise<{ look(): Promise<void>; stop(): Promise<void> }> {
  const { db, settings } = options
  const boss = await openDeliveryQueue(options.databaseUrl, 'worker', options.retries)
  await boss.work<DeliveryJob, void, typeof atWork>(deliveryQueue, atWork, async ([job]) => {
    if (job === undefined) return
    const isLast = job.retryCount >= job.retryLimit
    if ((await deliver({ db, settings, isLast }, job.data.deliveryId)) === 'retry') throw new Error('The message was not delivered; it is tried again.')
  })
  let looking: Promise<void> | null = null
  const look = () => {
    looking ??= tellNews(options, boss)
      .catch((error: unknown) => log('error', 'news could not be told', { error: String(error) }))
      .finally(() => (looking = null))
    return looking
  }
  void look()
  const timer = setInterval(() => void look(), lookEveryMs)
  return {
    look,
    stop: async () => {
      clearInterval(timer)
      await looking
      await boss.stop({ graceful: true, timeout: 20_000 })
    },
  }
}

/** Stores and queues what is to be told now, and queues again what was lost on the way. */
export async function tellNews({ db, tenantId, isDemo, settings }: Pick<NotifierOptions, 'db' | 'tenantId' | 'isDemo' | 'settings'>, boss: PgBoss, now = new Date()): Promise<void> {
  const estate = await findEstate(db, { tenantId, isDemo })
  if (estate === null) return
  const { estateId } = estate
  await failAbandonedDeliveries(db, estateId, now)
  const waiting = [...(await announce({ db, estateId, baseUrl: settings.baseUrl, credentials: settings.credentials }, now)), ...(await forgottenDeliveries(db, estateId, now))]
  for (const id of waiting) await sendDelivery(boss, id)
}
