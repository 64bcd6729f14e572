import { dayMs } from '@/lib/domain/day'
import type { ChangeCount } from '@/lib/domain/diff'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { inTime, judgedByBoth, knownAt, type ScanPair } from './scan-pairs'
import { atSeq, contentOf, keyPointOf, verdictCode, verdictCodeOf } from './transitions'
import { seenBy } from './viewing'

export interface ComparedParts {
  /**
   * True: of all subscriptions that were read until the older scan, whichever the two judged. Then every change that scans stored belongs to one pair of scans
   * that follow each other, and to no other.
   */
  ofAllKnown?: boolean
}

/** The subscriptions (empty: the tenant's own part) that are compared, as a query of `key`. */
export function comparedParts(viewer: Viewer, pair: ScanPair, { ofAllKnown = false }: ComparedParts): Prisma.Sql {
  const [older, newer] = inTime(pair)
  return ofAllKnown ? knownAt(viewer, older) : judgedByBoth(viewer, older, newer)
}

/**
 * What became of each (resource, check) between two scans, as a query, from the transitions `t` between the two alone that meet a condition: what a pair was
 * before its first one held at the older scan (`old`), what it became by its last one holds at the newer (`new`). Pairs that are again what they were are left out.
 */
export function netBetween(older: number, newer: number, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select resource_ref, "check", subscription_id, old, new, ${keyPointOf(Prisma.sql`case ${verdictCodeOf(Prisma.sql`new`)} when 0 then old else new end`)} as key_point
    from (
      select t.resource_ref, t."check", t.subscription_id, min(${atSeq(Prisma.sql`t.before_state`)}) as old, max(${atSeq(Prisma.sql`t.after_state`)}) as new
      -- In order, so that the pairs of scans far apart are grouped as they come from the index: hashing a few hundred thousand takes more than twice as long.
      from (
        select t.* from transition t where ${condition} and t.seq > ${older} and t.seq <= ${newer} order by t.subscription_id, t.resource_ref, t."check" offset 0
      ) t
      group by t.subscription_id, t.resource_ref, t."check"
    ) net where ${contentOf(Prisma.sql`old`)} <> ${contentOf(Prisma.sql`new`)}`
}

/** The kind of a change between two scans, from the codes of its verdicts at the older and at the newer one. */
export function kindOf({ from, to }: ScanPair, old: Prisma.Sql, latest: Prisma.Sql): Prisma.Sql {
  const [before, after] = from.seq <= to.seq ? [old, latest] : [latest, old]
  const { fail, unknown } = verdictCode
  return Prisma.sql`case
    when ${before} = 0 then 'appeared'
    when ${after} = 0 then 'vanished'
    when ${after} = ${unknown} and ${before} <> ${unknown} then 'lost-sight'
    when ${before} = ${unknown} and ${after} <> ${unknown} then 'gained-sight'
    when ${after} = ${fail} and ${before} <> ${fail} then 'new-gap'
    when ${before} = ${fail} and ${after} <> ${fail} then 'closed-gap'
    else 'reason-changed' end`
}

const columns = Prisma.sql`subscription_id text, key_point text, old int, new int, count int`

function countsBetween(older: number, newer: number, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select subscription_id, key_point, ${verdictCodeOf(Prisma.sql`old`)}::int as old, ${verdictCodeOf(Prisma.sql`new`)}::int as new, count(*)::int as count
    from (${netBetween(older, newer, condition)}) net group by 1, 2, 3, 4`
}

/** How many changes there are, by kind, subscription and key point. Counted once for two scans, and for a narrowed viewer each time of the own subscriptions alone. */
export async function countChanges(db: Queryable, viewer: Viewer, pair: ScanPair, parts: ComparedParts = {}): Promise<ChangeCount[]> {
  const [older, newer] = inTime(pair)
  if (viewer.subscriptions !== 'all') return sumCounts(db, viewer, pair, parts, countsBetween(older, newer, seenBy(viewer, 't')))
  const kept = Prisma.sql`from comparison where estate_id = ${viewer.estateId} and older_seq = ${older} and newer_seq = ${newer}`
  const [known] = await db.$queryRaw<{ exists: number }[]>(Prisma.sql`select 1 as exists ${kept}`)
  if (known === undefined) await keepCounts(db, viewer, older, newer)
  return sumCounts(db, viewer, pair, parts, Prisma.sql`select x.* from (select counts ${kept}) c cross join lateral jsonb_to_recordset(c.counts) as x(${columns})`)
}

async function keepCounts(db: Queryable, viewer: Viewer, older: number, newer: number): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    insert into comparison (estate_id, older_seq, newer_seq, counts)
    select ${viewer.estateId}, ${older}, ${newer}, coalesce(jsonb_agg(c), '[]'::jsonb) from (${countsBetween(older, newer, seenBy(viewer, 't'))}) c
    on conflict do nothing`)
}

async function sumCounts(db: Queryable, viewer: Viewer, pair: ScanPair, parts: ComparedParts, counts: Prisma.Sql): Promise<ChangeCount[]> {
  return db.$queryRaw<ChangeCount[]>(Prisma.sql`
    with compared as (${comparedParts(viewer, pair, parts)})
    select ${kindOf(pair, Prisma.sql`c.old`, Prisma.sql`c.new`)} as kind, c.subscription_id as "subscriptionId", s.display_name as "subscriptionName",
      c.key_point as "keyPoint", sum(c.count)::int as count
    from (${counts}) c left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = c.subscription_id
    where coalesce(c.subscription_id, '') in (select key from compared) group by 1, 2, 3, 4
    order by lower(s.display_name) nulls first, c.subscription_id, c.key_point, 1`)
}

const keptDays = 7

/** Forgets what was counted of scans until `last`, which are not compared any more, and what nobody asked for in the last days. */
export async function pruneComparisons(db: Queryable, estateId: number, last: number, now: Date): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    delete from comparison where estate_id = ${estateId} and (older_seq <= ${last} or made_at < ${new Date(now.getTime() - keptDays * dayMs)})`)
}
