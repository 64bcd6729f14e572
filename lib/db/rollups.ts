import type { Finding } from '@/lib/domain/finding'
import { countVerdict, emptyCounts, type VerdictCounts } from '@/lib/domain/score'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson } from './json'
import { writePartCounts } from './part-counts'
import { keyPointOf, verdictCode, verdictCodeOf } from './transitions'

const rollupColumns = Prisma.sql`scan_seq, dimension, key, key_point, severity, pass, fail, unknown, not_applicable`

/** Counts a part's findings by key point and severity, some at a time. */
export class PartTally {
  private readonly groups = new Map<string, { keyPoint: string; severity: string } & VerdictCounts>()

  add({ keyPoint, severity, judgement }: Finding): void {
    const group = this.groups.get(`${keyPoint} ${severity}`) ?? { keyPoint, severity, ...emptyCounts() }
    this.groups.set(`${keyPoint} ${severity}`, group)
    countVerdict(group, judgement.verdict)
  }

  rows(): ({ keyPoint: string; severity: string } & VerdictCounts)[] {
    return [...this.groups.values()]
  }
}

/** Writes a part's counts for a scan in place of what was there, so that a repeated part counts once. */
export async function writePartRollup(tx: Queryable, seq: number, subscriptionId: string | null, tally: PartTally): Promise<void> {
  const key = subscriptionId ?? ''
  await tx.$executeRaw(Prisma.sql`delete from rollup where scan_seq = ${seq} and dimension = 'subscription' and key = ${key}`)
  await tx.$executeRaw(Prisma.sql`
    insert into rollup (${rollupColumns})
    select ${seq}, 'subscription', ${key}, g."keyPoint", g.severity, g.pass, g.fail, g.unknown, g."notApplicable"
    from jsonb_to_recordset(${toJson(tally.rows())}::jsonb)
      as g("keyPoint" text, severity text, pass int, fail int, unknown int, "notApplicable" int)`)
  await writePartCounts(tx, seq, key)
}

/** Writes what a scan that ends counts over the parts that it stored. */
export async function writeScanRollups(tx: Queryable, seq: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`
    with judged as (
      select f."check", r.type, f.key_point, f.severity, f.verdict
      from finding f join resource r on r.id = f.resource_ref
      where f.estate_id = (select estate_id from scan where seq = ${seq}) and f.to_seq is null and f.from_seq <= ${seq}
        and coalesce(f.subscription_id, '') in (select key from rollup where scan_seq = ${seq} and dimension = 'subscription')
    )
    insert into rollup (${rollupColumns})
    select ${seq}, case grouping(type) when 1 then 'check' else 'type' end, coalesce("check", type), key_point, severity,
      count(*) filter (where verdict = 'pass'), count(*) filter (where verdict = 'fail'),
      count(*) filter (where verdict = 'unknown'), count(*) filter (where verdict = 'not-applicable')
    from judged group by grouping sets (("check", key_point, severity), (type, key_point, severity))`)
  await tx.$executeRaw(Prisma.sql`
    insert into rollup (${rollupColumns})
    select ${seq}, d.dimension, d.key, r.key_point, r.severity, sum(r.pass), sum(r.fail), sum(r.unknown), sum(r.not_applicable)
    from scan c join rollup r on r.scan_seq = c.seq and r.dimension = 'subscription'
      left join subscription s on s.estate_id = c.estate_id and s.subscription_id = r.key
      cross join lateral (
        select 'total' as dimension, '' as key union all select 'management-group', lower(name) from unnest(s.management_groups) as above(name)
      ) d
    where c.seq = ${seq} group by d.dimension, d.key, r.key_point, r.severity`)
}

/** How many gaps a scan that ended found. */
export async function countGaps(db: Queryable, seq: number): Promise<number> {
  const { _sum } = await db.rollup.aggregate({ where: { scanSeq: seq, dimension: 'total' }, _sum: { fail: true } })
  return _sum.fail ?? 0
}

/**
 * Writes which gaps a scan saw open and close in one part (null: the tenant's own), in place of what was there. With the part, since one may be stored when the
 * scan has been given up already.
 */
export async function writePartTurnover(tx: Queryable, seq: number, subscriptionId: string | null): Promise<void> {
  await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock_shared(${seq}::int, hashtext('gap turnover'))`)
  await replaceTurnover(tx, seq, Prisma.sql`coalesce(subscription_id, '') = ${subscriptionId ?? ''}`)
}

/**
 * Writes which gaps a scan that ends saw open and close in all of its parts, also in those that it did not store to the end: what it had stored of them stays, and
 * the next scan sees no change in it. In a transaction, which waits for those that write a part's.
 */
export async function writeScanTurnover(tx: Queryable, seq: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock(${seq}::int, hashtext('gap turnover'))`)
  await replaceTurnover(tx, seq, Prisma.sql`true`)
}

/**
 * Counts which gaps opened and closed by what a scan saw change, in the parts that meet a condition. Loss of sight closes no gap: one that passes when it is seen
 * again is closed then, and was open all the while. What comes into sight as a gap opens nothing, since nobody knows how old it is, and neither does a resource that
 * appears or vanishes.
 */
async function replaceTurnover(tx: Queryable, seq: number, isMeant: Prisma.Sql): Promise<void> {
  const { pass, fail, 'not-applicable': notApplicable } = verdictCode
  const proven = Prisma.sql`(${pass}, ${notApplicable})`
  await tx.$executeRaw(Prisma.sql`delete from gap_turnover where scan_seq = ${seq} and ${isMeant}`)
  await tx.$executeRaw(Prisma.sql`
    with turned as (
      select coalesce(subscription_id, '') as key, ${keyPointOf(Prisma.sql`after_state`)} as key_point, ${verdictCodeOf(Prisma.sql`before_state`)} as before,
        ${verdictCodeOf(Prisma.sql`after_state`)} as after, before_since
      from transition where seq = ${seq} and estate_id = (select estate_id from scan where seq = ${seq}) and ${isMeant}
    )
    insert into gap_turnover (scan_seq, subscription_id, key_point, opened, closed, open_seconds)
    select ended.seq, t.key, t.key_point, count(*) filter (where t.after = ${fail}), count(*) filter (where t.after <> ${fail}),
      coalesce(sum(extract(epoch from coalesce(ended.started_at, ended.created_at) - coalesce(began.started_at, began.created_at))) filter (where t.after <> ${fail}), 0)
    from turned t join scan ended on ended.seq = ${seq} left join scan began on began.seq = t.before_since
    where (t.after = ${fail} and t.before in ${proven}) or (t.after in ${proven} and began.seq is not null)
    group by 1, 2, 3`)
}
