import { growthOf, predictedBytes, type DatabaseGrowth } from '@/lib/domain/database-growth'
import { dayMs } from '@/lib/domain/day'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { pruneComparisons } from './comparisons'
import { pruneJudgements } from './judgements'

/** The shortest time that history can be kept for, in days. */
export const historyDaysMin = 30
export const historyDaysMax = 3_650

export interface HistoryKept {
  /** Scans are kept in full for so many days, then one of each month and scope with its figures alone. */
  days: number
  /** Who set that last; null: nobody yet. */
  setBy: { username: string; at: string } | null
  /** ISO 8601 UTC; null before the first time. */
  prunedAt: string | null
  /** Of the whole database. */
  databaseBytes: number
  scans: number
  /** Start of the oldest scan that is kept in full; null without scans. */
  oldestAt: string | null
  /** Over the last scans; null while they are too few. */
  growth: DatabaseGrowth | null
  /** The size to expect in so many days, if scans go on like that; null without growth known. */
  predicted: { days: number; bytes: number } | null
}

/** Growth is measured over so many scans. */
const scansMeasured = 30
const predictedDays = 400

/** What is kept, and what to expect. Throws KeypointError `not-found` before the first scan. */
export async function getHistoryKept(db: Queryable, viewer: Viewer, now = new Date()): Promise<HistoryKept> {
  const [row] = await db.$queryRaw<{ days: number; by: string | null; at: Date | null; pruned: Date | null; bytes: bigint; scans: number; oldest: Date | null }[]>(Prisma.sql`
    select e.history_days as days, e.history_days_by as by, e.history_days_at as at, e.pruned_at as pruned, pg_database_size(current_database()) as bytes,
      (select count(*)::int from scan where estate_id = e.id) as scans,
      (select min(coalesce(started_at, created_at)) from scan where estate_id = e.id and pruned_at is null) as oldest
    from estate e where e.id = ${viewer.estateId}`)
  if (row === undefined) throw new KeypointError('not-found', 'There is no such estate in the database.', 'Run a scan first.')
  const sizes = await db.scan.findMany({
    where: { estateId: viewer.estateId, databaseBytes: { not: null }, finishedAt: { not: null } }, orderBy: { seq: 'desc' }, take: scansMeasured + 1,
    select: { finishedAt: true, databaseBytes: true },
  })
  const growth = growthOf(sizes.toReversed().flatMap(({ finishedAt, databaseBytes }) =>
    (finishedAt === null || databaseBytes === null ? [] : [{ at: finishedAt.toISOString(), bytes: Number(databaseBytes) }])))
  const bytes = Number(row.bytes)
  const oldestDays = row.oldest === null ? 0 : (now.getTime() - row.oldest.getTime()) / dayMs
  return {
    days: row.days, setBy: row.by === null || row.at === null ? null : { username: row.by, at: row.at.toISOString() }, prunedAt: row.pruned?.toISOString() ?? null, databaseBytes: bytes, scans: row.scans, oldestAt: row.oldest?.toISOString() ?? null, growth,
    predicted: growth === null ? null : { days: predictedDays, bytes: predictedBytes({ bytes, growth, keptDays: row.days, oldestDays }, predictedDays) },
  }
}

/** What a shorter time does to history. */
export interface Shortened {
  /** Scans that lose their findings. */
  scans: number
  /** ISO 8601 UTC: they began before it. */
  before: string
}

/** What would be pruned if history were kept for so many days; null where that is no shorter than now. Throws KeypointError `invalid` as setHistoryDays does. */
export async function shortenedTo(db: Queryable, viewer: Viewer, days: number, now = new Date()): Promise<Shortened | null> {
  if (toHistoryDays(days) >= (await historyDaysOf(db, viewer))) return null
  const before = new Date(now.getTime() - days * dayMs)
  const last = await lastScanBefore(db, viewer.estateId, before)
  const scans = last === null ? 0 : await db.scan.count({ where: { estateId: viewer.estateId, seq: { lte: last }, prunedAt: null } })
  return { scans, before: before.toISOString() }
}

/**
 * Sets for how long scans are kept in full. What a shorter time prunes cannot be brought back, so it takes `mayShorten`, which stands for a person's word.
 * Throws KeypointError `invalid` for a time that is too short or too long, `conflict` for a shorter one without that, or when somebody set it meanwhile.
 */
export async function setHistoryDays(db: Queryable, viewer: Viewer, days: number, by: string, mayShorten = false, now = new Date()): Promise<void> {
  const kept = await historyDaysOf(db, viewer)
  if (toHistoryDays(days) === kept) return
  if (days < kept && !mayShorten) throw new KeypointError('conflict', `History is kept for ${kept} days: a shorter time prunes what is older.`, 'Confirm the shorter time.')
  const { count } = await db.estate.updateMany({ where: { id: viewer.estateId, historyDays: kept }, data: { historyDays: days, historyDaysBy: by, historyDaysAt: now } })
  if (count === 0) throw new KeypointError('conflict', 'Somebody set the time meanwhile.', 'Reload the page to see it.')
}

async function historyDaysOf(db: Queryable, { estateId }: Viewer): Promise<number> {
  return (await db.estate.findUniqueOrThrow({ where: { id: estateId }, select: { historyDays: true } })).historyDays
}

function toHistoryDays(days: number): number {
  if (Number.isInteger(days) && days >= historyDaysMin && days <= historyDaysMax) return days
  throw new KeypointError('invalid', `History is kept for ${historyDaysMin} to ${historyDaysMax} whole days.`, 'Choose a number of days between.')
}

/** Messages tell of days, not of years. */
const deliveryDays = 90

export interface Pruned {
  scans: number
  findings: number
}

const rowsAtOnce = 20_000
/** What was read of a resource that is gone is kept for so long, whatever becomes of its findings. */
const factDays = historyDaysMin

/**
 * Prunes what is older than the estate keeps, at most once a day: findings that ended before the oldest scan that is kept in full, all of the older scans but the
 * last with results of each month and scope, of those everything but the figures (and what opened and closed in the month), what activity logs told, messages that were sent, and what was read of resources that are gone. Open findings stay with the scans that they began in, so that `since` holds; the last
 * scan with results is never pruned. Null when it was done within a day.
 */
export async function pruneHistory(db: Database, estateId: number, now = new Date()): Promise<Pruned | null> {
  const [estate] = await db.$queryRaw<{ days: number }[]>(Prisma.sql`
    update estate set pruned_at = ${now} where id = ${estateId} and coalesce(pruned_at, '-infinity') < ${new Date(now.getTime() - dayMs)} returning history_days as days`)
  if (estate === undefined) return null
  const before = new Date(now.getTime() - estate.days * dayMs)
  await db.$executeRaw(Prisma.sql`delete from change where estate_id = ${estateId} and at < ${before}`)
  const toldBefore = new Date(now.getTime() - deliveryDays * dayMs)
  await db.$executeRaw(Prisma.sql`delete from delivery where estate_id = ${estateId} and created_at < ${toldBefore}`)
  await db.missedRun.deleteMany({ where: { schedule: { estateId }, plannedAt: { lt: toldBefore } } })
  const lastForFacts = await lastScanBefore(db, estateId, new Date(now.getTime() - factDays * dayMs))
  if (lastForFacts !== null) await pruneFacts(db, estateId, lastForFacts)
  const last = await lastScanBefore(db, estateId, before)
  await pruneComparisons(db, estateId, last ?? 0, now)
  if (last === null) return { scans: 0, findings: 0 }
  const findings = await pruneFindings(db, estateId, last)
  const scans = await db.$transaction((tx) => pruneScans(tx, estateId, last, now))
  await db.$transaction((tx) => pruneJudgements(tx, estateId))
  return { scans, findings }
}

/** The last scan that began before a time and has ended; never the last with results. */
async function lastScanBefore(db: Queryable, estateId: number, before: Date): Promise<number | null> {
  const [bound] = await db.$queryRaw<{ seq: number | null }[]>(Prisma.sql`
    select max(seq) as seq from scan where estate_id = ${estateId} and status not in ('queued', 'running')
      and coalesce(started_at, created_at) < ${before}
      and seq < (select max(seq) from scan where estate_id = ${estateId} and status in ('succeeded', 'partial'))`)
  return bound?.seq ?? null
}

/**
 * Deletes facts about resources that were gone by the scan `last`, and about what no inventory lists any more, unless a finding of theirs is open or a later scan
 * read them: a resource that comes back is read anew.
 */
async function pruneFacts(db: Database, estateId: number, last: number): Promise<void> {
  for (;;) {
    const count = await db.$executeRaw(Prisma.sql`
      delete from fact f using (
        select old.subject, old.source from fact old left join resource r on r.estate_id = old.estate_id and r.key = old.subject
        where old.estate_id = ${estateId} and old.read_seq <= ${last} and old.subject like '/subscriptions/%/providers/%'
          and (r.id is null or (r.gone_seq <= ${last} and not exists (select 1 from finding x where x.resource_ref = r.id and x.to_seq is null)))
        limit ${rowsAtOnce}
      ) old where f.estate_id = ${estateId} and f.subject = old.subject and f.source = old.source and f.read_seq <= ${last}`)
    if (count < rowsAtOnce) return
  }
}

/** Deletes findings that held in none of the scans after `last`; in batches, so that nobody waits for a long transaction. */
async function pruneFindings(db: Database, estateId: number, last: number): Promise<number> {
  let deleted = 0
  for (;;) {
    const count = await db.$executeRaw(Prisma.sql`
      delete from finding f using (
        select resource_ref, "check", from_seq from finding
        where estate_id = ${estateId} and to_seq <= (select min(seq) from scan where estate_id = ${estateId} and seq > ${last}) limit ${rowsAtOnce}
      ) old where f.resource_ref = old.resource_ref and f."check" = old."check" and f.from_seq = old.from_seq`)
    deleted += count
    if (count < rowsAtOnce) return deleted
  }
}

/** Returns how many scans were deleted. */
async function pruneScans(tx: Queryable, estateId: number, last: number, now: Date): Promise<number> {
  const old = Prisma.sql`estate_id = ${estateId} and seq <= ${last}`
  // The last with results of each month (UTC) and scope keeps its figures, for trends: scans of one scope say nothing of another. The month's last keeps what opened and closed in it.
  const month = Prisma.sql`date_trunc('month', coalesce(started_at, created_at) at time zone 'UTC')`
  const monthly = Prisma.sql`select max(seq) from scan where ${old} and status in ('succeeded', 'partial') group by ${month}, scope`
  await tx.$executeRaw(Prisma.sql`
    with months as (select seq, max(seq) filter (where status in ('succeeded', 'partial')) over (partition by ${month}) as kept from scan where ${old}),
    folded as (
      delete from gap_turnover t using months m where m.seq = t.scan_seq and m.kept <> m.seq
      returning m.kept, t.subscription_id, t.key_point, t.opened, t.closed, t.open_seconds
    )
    insert into gap_turnover (scan_seq, subscription_id, key_point, opened, closed, open_seconds)
    select kept, subscription_id, key_point, sum(opened), sum(closed), sum(open_seconds) from folded group by 1, 2, 3
    on conflict (scan_seq, subscription_id, key_point) do update
      set opened = gap_turnover.opened + excluded.opened, closed = gap_turnover.closed + excluded.closed, open_seconds = gap_turnover.open_seconds + excluded.open_seconds`)
  await tx.$executeRaw(Prisma.sql`delete from transition where estate_id = ${estateId} and seq <= ${last}`)
  for (const table of ['rollup', 'part_counts']) {
    await tx.$executeRaw(Prisma.sql`delete from ${Prisma.raw(table)} where scan_seq in (select seq from scan where ${old}) and scan_seq not in (${monthly})`)
  }
  const deleted = await tx.$executeRaw(Prisma.sql`
    delete from scan where ${old} and seq not in (${monthly}) and seq not in (
      select from_seq from finding where estate_id = ${estateId} and from_seq <= ${last}
      union select since_seq from finding where estate_id = ${estateId} and since_seq <= ${last}
      union select gap_since_seq from finding where estate_id = ${estateId} and gap_since_seq <= ${last})`)
  await tx.$executeRaw(Prisma.sql`update scan set pruned_at = ${now}, judging = null, progress = null where ${old} and pruned_at is null`)
  await tx.$executeRaw(Prisma.sql`
    delete from resource r where r.estate_id = ${estateId} and r.gone_seq <= ${last} and not exists (select 1 from finding f where f.resource_ref = r.id)`)
  return deleted
}
