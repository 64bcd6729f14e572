import { z } from 'zod'
import type { FactSource } from '@/lib/domain/fact'
import type { Subscription } from '@/lib/domain/estate'
import type { MissedCounts } from '@/lib/domain/scan'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson, toText } from './json'
import type { ReadKey } from './reading-plan'

export interface PartError {
  message: string
  remedy: string
}

const errorSchema = z.object({ message: z.string(), remedy: z.string() })
const missedMost = 1_000

/** A source of a subject, as they are stored. */
interface SourceOf {
  subject: string
  source: FactSource
}

/** How far a part's inventory is: being listed, stored whole, or impossible to read. */
export type InventoryState = 'open' | 'complete' | 'unread'

/** Begins a scan's parts, or goes on with those of an interrupted attempt: what was read of them stays so. Of those out of sight nothing is read. */
export async function openParts(db: Queryable, seq: number, parts: { scanned: readonly Subscription[]; lost: readonly Subscription[] }): Promise<void> {
  const rows = [...parts.scanned.map((s) => ({ ...s, inventory: 'open' })), ...parts.lost.map((s) => ({ ...s, inventory: 'unread' }))]
  await db.$executeRaw(Prisma.sql`
    insert into scan_part (scan_seq, subscription_id, display_name, status, inventory)
    select distinct on (lower(p."subscriptionId")) ${seq}, lower(p."subscriptionId"), p."displayName", 'running', p.inventory
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as p("subscriptionId" text, "displayName" text, inventory text)
    on conflict (scan_seq, subscription_id) do update set display_name = excluded.display_name, status = 'running', inventory = excluded.inventory, error = null`)
}

/** Ends the listing of a part. `again`: there is something in it that it was not read with. */
export async function closePartInventory(db: Queryable, seq: number, subscriptionId: string, inventory: Exclude<InventoryState, 'open'>, again: boolean): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update scan_part set inventory = ${inventory}, read_at = case when ${again} then null else read_at end
    where scan_seq = ${seq} and subscription_id = ${subscriptionId.toLowerCase()}`)
}

/** A worker takes a part. False: there is nothing (more) to read, since the part was read or the scan has ended or shall end. */
export async function takePart(db: Queryable, seq: number, subscriptionId: string, worker: number, job: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ taken: number }[]>(Prisma.sql`
    with before as (
      select worker from scan_part where scan_seq = ${seq} and subscription_id = ${subscriptionId.toLowerCase()}
    ), taken as (
      update scan_part p set worker = ${worker}, job = ${job}::uuid from scan s
      where p.scan_seq = ${seq} and p.subscription_id = ${subscriptionId.toLowerCase()} and p.read_at is null
        and s.seq = p.scan_seq and s.status = 'running' and not s.cancel_requested
      returning p.subscription_id
    ), counted as (
      -- Whoever had it is gone, and what it did last was not counted.
      update scan set counts_at_least = true where seq = ${seq} and exists (select 1 from taken) and exists (select 1 from before where worker <> ${worker})
    )
    select count(*)::int as taken from taken`)
  return row !== undefined && row.taken > 0
}

/** A worker leaves a part to others, after what it did was counted. */
export async function leavePart(db: Queryable, seq: number, subscriptionId: string, worker: number): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update scan_part set worker = null, job = null where scan_seq = ${seq} and subscription_id = ${subscriptionId.toLowerCase()} and worker = ${worker} and read_at is null`)
}

const triedSchema = z.array(z.object({ subject: z.string(), source: z.string() })).nullable()

/** The reads that a part tries again though they were refused; null: an attempt at it has not chosen them yet. */
export async function partTried(db: Queryable, seq: number, subscriptionId: string): Promise<ReadKey[] | null> {
  const part = await db.scanPart.findUnique({ where: { scanSeq_subscriptionId: { scanSeq: seq, subscriptionId: subscriptionId.toLowerCase() } }, select: { tried: true } })
  return triedSchema.parse(part?.tried ?? null)?.map(toReadKey) ?? null
}

/** The column holds what `savePartTried` wrote. */
function toReadKey({ subject, source }: { subject: string; source: string }): ReadKey {
  return { subject: subject as ReadKey['subject'], source: source as FactSource }
}

/** Keeps which refused reads an attempt at a part tries again, for the attempts after it. */
export async function savePartTried(db: Queryable, seq: number, subscriptionId: string, tried: readonly ReadKey[]): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update scan_part set tried = ${toJson(tried.map(({ subject, source }) => ({ subject: toText(subject), source })))}::jsonb where scan_seq = ${seq} and subscription_id = ${subscriptionId.toLowerCase()}`)
}

/** A part is read to the end. */
export async function savePartRead(db: Queryable, seq: number, subscriptionId: string, carriesOver: boolean): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update scan_part set read_at = coalesce(read_at, now()), carries_over = ${carriesOver} where scan_seq = ${seq} and subscription_id = ${subscriptionId.toLowerCase()}`)
}

/** A part cannot be read by an error that fails the whole scan. */
export async function savePartError(db: Queryable, seq: number, subscriptionId: string, error: PartError): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update scan_part set error = ${toJson(error)}::jsonb where scan_seq = ${seq} and subscription_id = ${subscriptionId.toLowerCase()}`)
}

/** Keeps what has changed in a part although it had been carried over: the first of it by name, all of it by number. */
export async function notePartMissed(db: Queryable, seq: number, subscriptionId: string, missed: readonly SourceOf[]): Promise<void> {
  if (missed.length === 0) return
  const changes = toJson(missed.map(({ subject, source }) => ({ subject: toText(subject), source })))
  // Two workers may read a part at once for a moment, and find the same.
  await db.$executeRaw(Prisma.sql`
    update scan_part p set (missed, missed_count) = (
      select coalesce(p.missed, '[]'::jsonb) || coalesce(jsonb_agg(n.change order by n.nth) filter (where n.nth <= ${missedMost} - jsonb_array_length(coalesce(p.missed, '[]'::jsonb))), '[]'::jsonb),
        p.missed_count + count(*)
      from jsonb_array_elements(${changes}::jsonb) with ordinality n(change, nth) where not coalesce(p.missed, '[]'::jsonb) @> jsonb_build_array(n.change))
    where p.scan_seq = ${seq} and p.subscription_id = ${subscriptionId.toLowerCase()}`)
}

/** The parts of a scan with something that was noted as missed, by lower-case subscription id. */
export async function partsMissed(db: Queryable, seq: number): Promise<Map<string, SourceOf[]>> {
  const rows = await db.$queryRaw<(SourceOf & { id: string })[]>(Prisma.sql`
    select p.subscription_id as id, m.subject, m.source from scan_part p cross join lateral jsonb_to_recordset(p.missed) m(subject text, source text)
    where p.scan_seq = ${seq} and p.missed_count > 0`)
  return new Map([...Map.groupBy(rows, ({ id }) => id)].map(([id, missed]) => [id, missed.map(({ subject, source }) => ({ subject, source }))]))
}

/** Says of what was noted in a part what its activity log told after all, which was not missed; null: the log could not be asked. */
export async function settlePartMissed(db: Queryable, seq: number, subscriptionId: string, told: readonly SourceOf[] | null): Promise<void> {
  const changes = toJson((told ?? []).map(({ subject, source }) => ({ subject, source })))
  await db.$executeRaw(Prisma.sql`
    update scan_part p set missed_perhaps = ${told === null}, (missed, missed_count) = (
      select coalesce(jsonb_agg(m.change) filter (where not m.told), '[]'::jsonb), p.missed_count - count(*) filter (where m.told)
      from (select n.change, ${changes}::jsonb @> jsonb_build_array(n.change) as told from jsonb_array_elements(p.missed) n(change)) m)
    where p.scan_seq = ${seq} and p.subscription_id = ${subscriptionId.toLowerCase()}`)
}

/** Puts together what a scan's parts found changed though no activity log had told of it: the first thousand by name, what is sure before the rest. */
export async function saveMissed(db: Queryable, seq: number): Promise<MissedCounts> {
  await db.$executeRaw(Prisma.sql`
    update scan set missed = (
      select coalesce(jsonb_agg(m.change), '[]'::jsonb) from (
        select case when p.missed_perhaps then c.change || '{"perhaps":true}'::jsonb else c.change end as change
        from scan_part p cross join lateral jsonb_array_elements(coalesce(p.missed, '[]'::jsonb)) c(change)
        where p.scan_seq = ${seq} order by p.missed_perhaps, p.subscription_id limit ${missedMost}) m)
    where seq = ${seq}`)
  return countMissed(db, seq, Prisma.sql`true`)
}

/** @param seen a condition on the parts `p` that count. */
export async function countMissed(db: Queryable, seq: number, seen: Prisma.Sql): Promise<MissedCounts> {
  const [row] = await db.$queryRaw<MissedCounts[]>(Prisma.sql`
    select coalesce(sum(p.missed_count) filter (where not p.missed_perhaps), 0)::int as missed, coalesce(sum(p.missed_count) filter (where p.missed_perhaps), 0)::int as "perhapsMissed"
    from scan_part p where p.scan_seq = ${seq} and ${seen}`)
  return row ?? { missed: 0, perhapsMissed: 0 }
}

/** True for a part that somebody has to read still. */
const isUnread = Prisma.sql`read_at is null and inventory <> 'unread'`

/** The lower-case subscription ids of the parts that somebody has to read still. */
export async function unreadParts(db: Queryable, seq: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select subscription_id as id from scan_part where scan_seq = ${seq} and subscription_id <> '' and status = 'running' and ${isUnread}`)
  return rows.map(({ id }) => id)
}

/** How many parts somebody has to read still, and the first error of one. */
export async function partsToRead(db: Queryable, seq: number): Promise<{ left: number; error: PartError | null }> {
  const [row] = await db.$queryRaw<{ left: number; error: unknown }[]>(Prisma.sql`
    select count(*) filter (where ${isUnread})::int as left, (array_agg(error) filter (where error is not null))[1] as error
    from scan_part where scan_seq = ${seq} and subscription_id <> '' and status = 'running'`)
  return { left: row?.left ?? 0, error: errorSchema.nullable().parse(row?.error ?? null) }
}

/** How far each part is, by lower-case subscription id. */
export async function partStates(db: Queryable, seq: number): Promise<Map<string, { inventory: InventoryState; read: boolean; carriesOver: boolean }>> {
  const rows = await db.$queryRaw<{ id: string; inventory: InventoryState; read: boolean; carries: boolean }[]>(Prisma.sql`
    select subscription_id as id, inventory, read_at is not null as read, carries_over as carries from scan_part where scan_seq = ${seq} and subscription_id <> ''`)
  return new Map(rows.map(({ id, inventory, read, carries }) => [id, { inventory, read, carriesOver: carries }]))
}
