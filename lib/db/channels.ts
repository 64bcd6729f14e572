import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { keyPointSlugs } from '@/lib/domain/key-point'
import { nameLengthMax } from '@/lib/domain/name-length'
import { channelKinds, recipientsMax, topics, type ChannelInput, type ChannelRow, type Digest } from '@/lib/domain/notification'
import { isTimeZone, nextRuns } from '@/lib/domain/schedule'
import { severities } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import type { Queryable } from './client'
import { endDeliveries } from './deliveries'
import { toText } from './json'
import { toUuid } from './uuid'

interface ChannelColumns {
  id: string; name: string; kind: string; target: string; recipients: string[]; sealedAt: Date | null; topics: string[]; minSeverity: string; keyPoints: string[]
  alwaysSend: boolean; digestHour: number | null; digestTimeZone: string | null; enabled: boolean; disabledReason: string | null; createdBy: string; createdAt: Date
  hasOlderSecret: boolean; olderSecretUntil: Date | null; quietUntil: Date | null
}

const channelColumns = z.object({
  kind: z.enum(channelKinds), topics: z.array(z.enum(topics)), minSeverity: z.enum(severities), keyPoints: z.array(z.enum(keyPointSlugs)),
})

function toRow(c: ChannelColumns): ChannelRow {
  const now = new Date()
  const isOlderValid = c.hasOlderSecret && (c.olderSecretUntil === null || c.olderSecretUntil > now)
  return {
    ...channelColumns.parse(c), id: c.id, name: c.name, target: c.target, recipients: c.recipients, sealedAt: c.sealedAt?.toISOString() ?? null, alwaysSend: c.alwaysSend,
    digest: c.digestHour === null || c.digestTimeZone === null ? null : { hour: c.digestHour, timeZone: c.digestTimeZone },
    olderSecret: isOlderValid ? { until: c.olderSecretUntil?.toISOString() ?? null } : null, quietUntil: c.quietUntil !== null && c.quietUntil > now ? c.quietUntil.toISOString() : null,
    enabled: c.enabled, disabledReason: c.disabledReason, createdBy: c.createdBy, createdAt: c.createdAt.toISOString(),
  }
}

/** Messages tell of the whole estate: channels are for those who see all of it. */
function seesAll(viewer: Viewer): boolean {
  return viewer.subscriptions === 'all'
}

/** All channels, by name. */
export async function listChannels(db: Queryable, viewer: Viewer): Promise<ChannelRow[]> {
  if (!seesAll(viewer)) return []
  return (await db.channel.findMany({ where: { estateId: viewer.estateId }, orderBy: [{ name: 'asc' }, { id: 'asc' }] })).map(toRow)
}

/** Throws KeypointError `not-found`. */
export async function getChannel(db: Queryable, viewer: Viewer, id: string): Promise<ChannelRow> {
  const row = seesAll(viewer) ? await db.channel.findFirst({ where: { id: toUuid(id), estateId: viewer.estateId } }) : null
  if (row === null) throw new KeypointError('not-found', `There is no channel ${id}.`, 'See the list of channels.')
  return toRow(row)
}

const inputSchema = z.object({
  name: z.string().trim().min(1).max(nameLengthMax),
  kind: z.enum(channelKinds),
  recipients: z.array(z.email()).max(recipientsMax),
  topics: z.array(z.enum(topics)).min(1),
  minSeverity: z.enum(severities),
  keyPoints: z.array(z.enum(keyPointSlugs)),
  alwaysSend: z.boolean(),
  digest: z.object({ hour: z.number().int().min(0).max(23), timeZone: z.string().refine(isTimeZone) }).nullable(),
})

/** Where a channel leads to, as it is stored: never the address of a webhook itself. */
export interface ChannelAddress {
  target: string
  /** Null for e-mail. */
  sealed: string | null
}

/**
 * Makes a channel, or changes the one of that id; the address of a known one stays when none is given. A channel that was switched off by itself is on again.
 * @throws KeypointError `conflict` when another one has that name or the kind would change, `not-found` for an unknown id, `forbidden` for a viewer who does not see all.
 */
export async function saveChannel(
  db: Queryable, viewer: Viewer, channel: ChannelInput & { id?: string; address?: ChannelAddress }, by: string, now = new Date(),
): Promise<ChannelRow> {
  if (!seesAll(viewer)) throw new KeypointError('forbidden', 'Messages tell of the whole estate, of which you may not see all.', 'Ask somebody who does.')
  const { name, kind, digest, ...rest } = inputSchema.parse(channel)
  const known = channel.id === undefined ? null : await getChannel(db, viewer, channel.id)
  if (known !== null && known.kind !== kind) throw new KeypointError('conflict', 'A channel keeps its kind.', 'Make a new channel, and remove this one.')
  const other = await db.channel.findUnique({ where: { estateId_name: { estateId: viewer.estateId, name: toText(name) } }, select: { id: true } })
  if (other !== null && other.id !== known?.id) throw new KeypointError('conflict', `There is a channel named ${name} already.`, 'Choose another name.')
  const data = {
    ...rest, name: toText(name), digestHour: digest?.hour ?? null, digestTimeZone: digest?.timeZone ?? null, nextDigestAt: digest === null ? null : nextDigest(digest, now),
    ...(channel.address !== undefined && {
      target: channel.address.target, sealed: channel.address.sealed, sealedAt: channel.address.sealed === null ? null : now, hasOlderSecret: false, olderSecretUntil: null, quietUntil: null,
    }),
    ...(known !== null && known.disabledReason !== null && { enabled: true, disabledReason: null }),
  }
  if (known !== null) return toRow(await db.channel.update({ where: { id: known.id }, data }))
  if (channel.address === undefined) throw new KeypointError('invalid', 'The channel has no address.', 'Enter where it leads to.')
  return toRow(await db.channel.create({ data: { ...data, ...channel.address, id: randomUUID(), estateId: viewer.estateId, kind, createdBy: by } }))
}

/** The next time of a daily digest after now. */
function nextDigest({ hour, timeZone }: Digest, now: Date): Date {
  const [run] = nextRuns({ cron: `0 ${hour} * * *`, timeZone }, now, 1)
  if (run === undefined) throw new Error('a daily digest without a next time')
  return run
}

/** Throws KeypointError `not-found`. What was sent by it goes with it. */
export async function removeChannel(db: Queryable, viewer: Viewer, id: string): Promise<void> {
  const { id: known } = await getChannel(db, viewer, id)
  await db.channel.delete({ where: { id: known } })
}

/** Switches a channel on or off; what it still has to tell ends with that. Throws KeypointError `not-found`. */
export async function enableChannel(db: Queryable, viewer: Viewer, id: string, enabled: boolean): Promise<void> {
  const { id: known } = await getChannel(db, viewer, id)
  await db.channel.update({ where: { id: known }, data: { enabled, disabledReason: null, quietUntil: null } })
  if (!enabled) await endDeliveries(db, known, 'The channel was switched off.')
}

/** What a delivery needs to be sent. */
export interface ChannelAtWork extends ChannelRow {
  estateId: number
  sealed: string | null
}

/** The channels that are told of what happens. */
export async function enabledChannels(db: Queryable, estateId: number): Promise<ChannelRow[]> {
  return (await db.channel.findMany({ where: { estateId, enabled: true }, orderBy: { id: 'asc' } })).map(toRow)
}

/** Null when it was removed meanwhile. */
export async function findChannelAtWork(db: Queryable, id: string): Promise<ChannelAtWork | null> {
  const row = await db.channel.findUnique({ where: { id } })
  return row === null ? null : { ...toRow(row), estateId: row.estateId, sealed: row.sealed }
}

/** Leaves a channel alone until a time, as its receiver asked. */
export async function quietChannel(db: Queryable, id: string, until: Date): Promise<void> {
  await db.channel.updateMany({ where: { id }, data: { quietUntil: until } })
}

/** The sealed addresses of all channels. */
export async function sealedChannels(db: Queryable, estateId: number): Promise<{ id: string; sealed: string }[]> {
  const rows = await db.channel.findMany({ where: { estateId, sealed: { not: null } }, select: { id: true, sealed: true } })
  return rows.flatMap(({ id, sealed }) => (sealed === null ? [] : [{ id, sealed }]))
}

/** Puts another seal in the place of one, unless somebody entered a new address meanwhile. */
export async function replaceSeal(db: Queryable, id: string, before: string, sealed: string): Promise<void> {
  await db.channel.updateMany({ where: { id, sealed: before }, data: { sealed } })
}

/**
 * Keeps other secrets of a channel, sealed.
 * @param before the seal that they were made from.
 * @param olderSecret how long an older one of them is valid; null: there is none.
 * @throws KeypointError `conflict` when somebody changed them meanwhile.
 */
export async function replaceSecrets(db: Queryable, id: string, before: string, sealed: string, olderSecret: ChannelRow['olderSecret']): Promise<void> {
  const olderSecretUntil = olderSecret === null || olderSecret.until === null ? null : new Date(olderSecret.until)
  const { count } = await db.channel.updateMany({ where: { id, sealed: before }, data: { sealed, hasOlderSecret: olderSecret !== null, olderSecretUntil } })
  if (count === 0) throw new KeypointError('conflict', 'Somebody changed the channel meanwhile.', 'Reload the page and try again.')
}

/** Switches a channel off because its address is gone. */
export async function disableChannel(db: Queryable, id: string, reason: string): Promise<void> {
  await db.channel.updateMany({ where: { id }, data: { enabled: false, disabledReason: toText(reason) } })
  await endDeliveries(db, id, 'The channel was switched off.')
}

/** Channels in use whose digest is due, each with the digest after it planned, and those that hold messages though they have no digest any more; one of several workers gets it. */
export async function takeDueDigests(tx: Queryable, estateId: number, now: Date): Promise<string[]> {
  const due = await tx.channel.findMany({ where: { estateId, enabled: true, OR: [{ nextDigestAt: { lte: now } }, { digestHour: null, deliveries: { some: { status: 'held' } } }] } })
  const taken: string[] = []
  for (const { id, digestHour, digestTimeZone, nextDigestAt } of due) {
    if (digestHour === null || digestTimeZone === null) {
      taken.push(id)
      continue
    }
    const { count } = await tx.channel.updateMany({ where: { id, nextDigestAt }, data: { nextDigestAt: nextDigest({ hour: digestHour, timeZone: digestTimeZone }, now) } })
    if (count > 0) taken.push(id)
  }
  return taken
}
