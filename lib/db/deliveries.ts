import { randomUUID } from 'node:crypto'
import { dayMs } from '@/lib/domain/day'
import type { Notice } from '@/lib/domain/notice'
import { deliveryStatuses, type DeliveryRow, type DeliveryStatus } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson, toText } from './json'

/** A message that is to be sent. */
export interface WaitingMessage {
  /** Of its delivery. */
  id: string
  channelId: string
}

/** Stores a message to a channel: `held` for its digest, or `waiting` to be sent. */
export async function createDelivery(
  db: Queryable, delivery: { estateId: number; channelId: string; title: string; notices: readonly Notice[]; status: 'held' | 'waiting' },
): Promise<WaitingMessage> {
  const id = randomUUID()
  await db.$executeRaw(Prisma.sql`
    insert into delivery (id, estate_id, channel_id, title, notices, status)
    values (${id}::uuid, ${delivery.estateId}, ${delivery.channelId}::uuid, ${toText(delivery.title)}, ${toJson(delivery.notices)}::jsonb, ${delivery.status})`)
  return { id, channelId: delivery.channelId }
}

export interface WaitingDelivery {
  id: string
  channelId: string
  notices: Notice[]
  attempts: number
  /** Of a mail that was taken for some recipients: those that it is still to reach. Empty: all of the channel's. */
  recipientsLeft: string[]
  createdAt: Date
}

/** A delivery that is still to be sent; null when it was sent, failed or is gone with its channel. */
export async function findWaitingDelivery(db: Queryable, id: string): Promise<WaitingDelivery | null> {
  const row = await db.delivery.findFirst({ where: { id, status: 'waiting' }, select: { id: true, channelId: true, notices: true, attempts: true, recipientsLeft: true, createdAt: true } })
  return row === null ? null : { ...row, notices: toNotices(row.notices) }
}

/** The column holds what `createDelivery` wrote. */
function toNotices(json: Prisma.JsonValue): Notice[] {
  return json as unknown as Notice[]
}

/** Records an attempt and what it met, in a sentence; with the recipients to try again where that is not all of them. */
export async function recordAttempt(db: Queryable, id: string, status: 'waiting' | 'sent' | 'failed', outcome: string, recipientsLeft?: readonly string[]): Promise<void> {
  const left = recipientsLeft === undefined ? {} : { recipientsLeft: recipientsLeft.map(toText) }
  await db.delivery.updateMany({ where: { id, status: 'waiting' }, data: { status, outcome: toText(outcome), attemptedAt: new Date(), attempts: { increment: 1 }, ...left } })
}

/** Ends what a channel still holds or has waiting, tests excepted. */
export async function endDeliveries(db: Queryable, channelId: string, outcome: string): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update delivery set status = 'failed', outcome = ${toText(outcome)}
    where channel_id = ${channelId}::uuid and status in ('held', 'waiting') and not notices @> '[{"event":"test"}]'::jsonb`)
}

/** Notes why a waiting message was not even attempted. */
export async function noteOutcome(db: Queryable, id: string, outcome: string): Promise<void> {
  await db.delivery.updateMany({ where: { id, status: 'waiting' }, data: { outcome: toText(outcome) } })
}

/** Deliveries that have been waiting for a minute: the process that stored them may have died before it told the queue. */
export async function forgottenDeliveries(db: Queryable, estateId: number, now: Date): Promise<WaitingMessage[]> {
  return db.delivery.findMany({
    where: { estateId, status: 'waiting', createdAt: { lt: new Date(now.getTime() - 60_000) } }, select: { id: true, channelId: true }, orderBy: { createdAt: 'asc' },
  })
}

/** True while a message waits that nobody has taken up. */
export async function hasUntriedDeliveries(db: Queryable, estateId: number): Promise<boolean> {
  return (await db.delivery.count({ where: { estateId, status: 'waiting', attempts: 0, outcome: null } })) > 0
}

const patienceMs = dayMs

/** Gives up what has been waiting for a day: the queue has forgotten it by then. */
export async function failAbandonedDeliveries(db: Queryable, estateId: number, now: Date): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update delivery set status = 'failed', outcome = coalesce(outcome || ' ', '') || 'Given up after a day.'
    where estate_id = ${estateId} and status = 'waiting' and created_at < ${new Date(now.getTime() - patienceMs)}`)
}

/** Takes what a channel holds for its digest, oldest first. */
export async function takeHeld(tx: Queryable, channelId: string): Promise<Notice[]> {
  const rows = await tx.$queryRaw<{ notices: Prisma.JsonValue; created_at: Date }[]>(Prisma.sql`
    update delivery set status = 'merged' where channel_id = ${channelId}::uuid and status = 'held' returning notices, created_at`)
  return rows.sort((a, b) => a.created_at.getTime() - b.created_at.getTime()).flatMap((row) => toNotices(row.notices))
}

/** The last deliveries, newest first. */
export async function listDeliveries(db: Queryable, viewer: Viewer, limit: number): Promise<DeliveryRow[]> {
  if (viewer.subscriptions !== 'all') return []
  const rows = await db.delivery.findMany({
    where: { estateId: viewer.estateId }, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], take: limit,
    select: { id: true, channelId: true, title: true, status: true, attempts: true, outcome: true, createdAt: true, attemptedAt: true, channel: { select: { name: true } } },
  })
  return rows.map(({ channel, status, createdAt, attemptedAt, ...row }) => ({
    ...row, channelName: channel.name, status: toStatus(status), createdAt: createdAt.toISOString(), attemptedAt: attemptedAt?.toISOString() ?? null,
  }))
}

/** Where a delivery stands; null when it is gone. */
export async function findDelivery(db: Queryable, viewer: Viewer, id: string): Promise<Pick<DeliveryRow, 'status' | 'attempts' | 'outcome'> | null> {
  const row = await db.delivery.findFirst({ where: { id, estateId: viewer.estateId }, select: { status: true, attempts: true, outcome: true } })
  return row === null ? null : { ...row, status: toStatus(row.status) }
}

/** The column's check constraint allows no others. */
function toStatus(status: string): DeliveryStatus {
  const known = deliveryStatuses.find((one) => one === status)
  if (known === undefined) throw new Error(`a delivery that is ${status}`)
  return known
}
