import type { ResourceKey } from '@/lib/domain/arm-id'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { batches, toText } from './json'
import { seenBy } from './viewing'

export interface StoredChange {
  eventId: string
  subject: ResourceKey
  operation: string
  caller: string | null
  /** ISO 8601 UTC. */
  at: string
}

/** The time of day (ISO 8601 UTC) by the clock that the starts of scans are told by, whatever a worker's own says. */
export async function databaseTime(db: Queryable): Promise<string> {
  const [row] = await db.$queryRaw<{ now: Date }[]>(Prisma.sql`select now()`)
  return (row?.now ?? new Date()).toISOString()
}

/** Keeps what activity logs told; an event that is known already is kept once. */
export async function saveChanges(db: Queryable, estateId: number, changes: readonly StoredChange[]): Promise<void> {
  for (const batch of batches(changes)) {
    await db.$executeRaw(Prisma.sql`
      insert into change (estate_id, event_id, subject, operation, caller, at)
      select ${estateId}, n.event_id, n.subject, n.operation, n.caller, n.at
      from unnest(${batch.map((c) => toText(c.eventId))}::text[], ${batch.map((c) => toText(c.subject))}::text[], ${batch.map((c) => toText(c.operation))}::text[],
        ${batch.map((c) => (c.caller === null ? null : toText(c.caller)))}::text[], ${batch.map((c) => c.at)}::timestamptz[])
        as n(event_id, subject, operation, caller, at)
      on conflict do nothing`)
  }
}

/**
 * The last change of each subject by each operation in a span (ISO 8601 UTC, the start left out), by the subject's key, the newest first, as far as the viewer may
 * see the subject.
 */
export async function lastChanges(db: Queryable, viewer: Viewer, subjects: readonly ResourceKey[], from: string, to: string): Promise<Map<string, StoredChange[]>> {
  if (subjects.length === 0) return new Map()
  const rows = await db.$queryRaw<(Omit<StoredChange, 'at'> & { at: Date })[]>(Prisma.sql`
    select distinct on (c.subject, c.operation) c.event_id as "eventId", c.subject, c.operation, c.caller, c.at
    from change c join resource r on r.estate_id = c.estate_id and r.key = c.subject
    where c.estate_id = ${viewer.estateId} and ${seenBy(viewer, 'r')} and c.subject = any(${[...subjects]}::text[])
      and c.at > ${from}::timestamptz and c.at <= ${to}::timestamptz
    order by c.subject, c.operation, c.at desc`)
  const newestFirst = rows.sort((a, b) => b.at.getTime() - a.at.getTime()).map((row): StoredChange => ({ ...row, at: row.at.toISOString() }))
  return Map.groupBy(newestFirst, ({ subject }): string => subject)
}

export interface LastRead {
  /** By the clock that the starts of scans are told by. */
  startedAt: Date
  /** By Azure's, where that is known. */
  azureStartedAt: Date
  fullAt: Date | null
  seq: number
}

/** When each subscription (lower-case id) was last scanned, and last read in full, be it by a full scan or not, by scans that ended well or in part. */
export async function lastReads(db: Queryable, estateId: number, before: number): Promise<Map<string, LastRead>> {
  const rows = await db.$queryRaw<{ id: string; started: Date; azure: Date | null; full: Date | null; seq: number }[]>(Prisma.sql`
    select p.subscription_id as id, (array_agg(s.started_at order by s.seq desc))[1] as started, (array_agg(s.azure_started_at order by s.seq desc))[1] as azure,
      (array_agg(s.started_at order by s.seq desc) filter (where s.mode = 'full' or (p.read_at is not null and not p.carries_over)))[1] as "full", max(s.seq) as seq
    from scan_part p join scan s on s.seq = p.scan_seq
    where s.estate_id = ${estateId} and s.seq < ${before} and s.status in ('succeeded', 'partial') and s.judges_again is null and p.subscription_id <> ''
      and p.status in ('succeeded', 'partial')
    group by 1`)
  return new Map(rows.map(({ id, started, azure, full, seq }) => [id, { startedAt: started, azureStartedAt: azure ?? started, fullAt: full, seq }]))
}

/** When the estate was last read in full and as a whole; null: never, or not by a scan that ended well or in part. */
export async function lastFullScan(db: Queryable, estateId: number): Promise<Date | null> {
  const row = await db.scan.findFirst({
    where: { estateId, mode: 'full', judgesAgain: null, status: { in: ['succeeded', 'partial'] }, scope: { equals: {} } },
    orderBy: { seq: 'desc' }, select: { startedAt: true },
  })
  return row?.startedAt ?? null
}

/** Keeps what time it was at Azure when a scan began to read, in its first attempt. */
export async function saveAzureStart(db: Queryable, seq: number, at: Date): Promise<void> {
  await db.scan.updateMany({ where: { seq, azureStartedAt: null }, data: { azureStartedAt: at } })
}

/** A scan becomes a full one when it finds nothing to build on. */
export async function setScanMode(db: Queryable, seq: number, mode: 'full' | 'incremental'): Promise<void> {
  await db.scan.update({ where: { seq }, data: { mode } })
}
