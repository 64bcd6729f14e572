import { PgBoss } from 'pg-boss'
import { connectionTo, type WaitingMessage } from '@/lib/db'
import { log, toReason } from '@/lib/log'
import { estateQueue, type EstateKey, type OpenQueue } from './estate-queue'

/** A job delivers one message to one channel. */
export interface DeliveryJob {
  deliveryId: string
}

/** Ten attempts, each after about twice the time of the one before: the last comes after some hours. */
const usual = { attempts: 10, retryDelay: 30, retryDelayMax: 3_600 }

export type Retries = typeof usual

/** The delivery counts its attempts itself: a worker that is not configured for a channel gives its message back, as often as it takes. */
const options = { retryLimit: 1_000, retryBackoff: true, expireInSeconds: 120 }

export function retriesOf(more: Partial<Retries> = {}): Retries {
  return { ...usual, ...more }
}

/** A started pg-boss for the messages of one estate alone. */
export async function openDeliveryQueue(databaseUrl: string, estate: EstateKey, role: 'worker' | 'sender', more: Partial<Retries> = {}): Promise<OpenQueue> {
  const boss = new PgBoss({ ...connectionTo(databaseUrl), max: role === 'worker' ? 2 : 1, supervise: role === 'worker', schedule: false })
  boss.on('error', (error) => log('error', 'delivery queue', { error: toReason(error) }))
  await boss.start()
  const { retryDelay, retryDelayMax } = retriesOf(more)
  const queue = { ...options, retryDelay, retryDelayMax }
  const name = estateQueue('delivery', estate)
  await boss.createQueue(name, queue)
  await boss.updateQueue(name, queue)
  return { boss, name }
}

/** Puts a waiting message before the workers. The job has the delivery's id, so sending it again adds no second one. */
export async function sendDelivery({ boss, name }: OpenQueue, { id, channelId }: WaitingMessage): Promise<void> {
  const job: DeliveryJob = { deliveryId: id }
  await boss.send(name, job, { id, group: { id: channelId } })
}

/** Leaves a message that a worker holds to a later attempt: after the usual delay, or not before a time that is further away. */
export async function giveBack({ boss, name }: OpenQueue, id: string, at: Date | null): Promise<void> {
  await boss.fail(name, id, { reason: 'The message was not delivered; it is tried again.' })
  if (at === null) return
  const [job] = await boss.findJobs<DeliveryJob>(name, { id })
  if (job !== undefined && at > job.startAfter) await boss.update(name, job.data, { id, startAfter: at })
}
