import type { Database } from '@/lib/db'
import { createScan } from '@/lib/db'
import { Prisma } from '@/lib/db/generated/client'
import { writePartCounts } from '@/lib/db/part-counts'
import { writeScanTurnover } from '@/lib/db/rollups'
import { writeTransitions } from '@/lib/db/transitions'

/** One of so many resources changes in a night. */
const changedOneIn = 200
/** Diagnostic settings decide these together: a setting that is removed or added turns all three. */
const turning = ['resource-audit-logs', 'resource-logs-centralized', 'resource-log-retention']

/** Keeps of each check that turns one pass and one fail as the first scan found them, for the nights to turn findings into. */
export async function keepTemplates(db: Database, estateId: number): Promise<void> {
  await db.$executeRawUnsafe('drop table if exists bench_template')
  await db.$executeRaw(Prisma.sql`
    create table bench_template as
    select distinct on ("check", verdict) "check", verdict, key_point, check_version, severity, judgement_ref, reason_key from finding
    where estate_id = ${Prisma.raw(String(estateId))} and verdict in ('pass', 'fail') and "check" in (${Prisma.raw(turning.map((check) => `'${check}'`).join(', '))})
    order by "check", verdict, resource_ref`)
}

/** The findings that turn in a night, with what they turn into: always the same for the same night. */
export function turned(estateId: number, seq: number): Prisma.Sql {
  return Prisma.sql`
    select f.resource_ref, f."check", f.from_seq, f.subscription_id, f.key_point, f.verdict as before, f.severity as severity_before,
      t.check_version, t.verdict, t.severity, t.judgement_ref, t.reason_key
    from finding f join bench_template t on t."check" = f."check" and t.verdict <> f.verdict
    where f.estate_id = ${estateId} and f.to_seq is null and f.verdict in ('pass', 'fail') and f."check" = any(${turning}::text[])
      and hashint4extended(f.resource_ref, ${seq}) % ${changedOneIn} = 0`
}

/**
 * One night of a whole estate as a scan would have stored it, at a time: written set by set, since a night through the product takes seconds and there are
 * hundreds. What it writes is what the product writes, as a test proves; the postures of resources alone are left to the next scan. Returns how many findings turned.
 */
export async function writeNight(db: Database, estateId: number, before: { seq: number }, at: Date): Promise<{ seq: number; turned: number }> {
  const { seq } = await createScan(db, estateId, { scope: {}, mode: 'incremental', requestedBy: 'benchmark' })
  const count = await db.$transaction(async (tx) => {
    await tx.$executeRaw(Prisma.sql`create temporary table night on commit drop as ${turned(estateId, seq)}`)
    await tx.$executeRaw(Prisma.sql`
      update finding f set to_seq = ${seq} from night n where f.resource_ref = n.resource_ref and f."check" = n."check" and f.from_seq = n.from_seq`)
    const written = await tx.$executeRaw(Prisma.sql`
      insert into finding (estate_id, resource_ref, subscription_id, key_point, "check", check_version, verdict, severity, judgement_ref, reason_key, from_seq, since_seq)
      select ${estateId}, resource_ref, subscription_id, key_point, "check", check_version, verdict, severity, judgement_ref, reason_key, ${seq}, ${seq} from night`)
    await tx.$executeRaw(Prisma.sql`update resource r set findings_hash = null from night n where r.id = n.resource_ref and r.findings_hash is not null`)
    await tx.$executeRaw(Prisma.sql`
      insert into scan_part (scan_seq, subscription_id, display_name, status, reason, resources)
      select ${seq}, subscription_id, display_name, status, reason, resources from scan_part where scan_seq = ${before.seq}`)
    await tx.$executeRaw(Prisma.sql`
      insert into rollup (scan_seq, dimension, key, key_point, severity, pass, fail, unknown, not_applicable)
      select ${seq}, dimension, key, key_point, severity, sum(pass), sum(fail), sum(unknown), sum(not_applicable) from (
        select dimension, key, key_point, severity, pass, fail, unknown, not_applicable from rollup where scan_seq = ${before.seq}
        union all
        select d.dimension, d.key, n.key_point, side.severity, side.sign * (side.verdict = 'pass')::int, side.sign * (side.verdict = 'fail')::int, 0, 0
        from night n join resource r on r.id = n.resource_ref
          cross join lateral (values (n.before, n.severity_before, -1), (n.verdict, n.severity, 1)) side(verdict, severity, sign)
          cross join lateral (
            values ('subscription', coalesce(n.subscription_id, '')), ('check', n."check"), ('type', r.type), ('total', '')
            union all select 'management-group', lower(name) from subscription s, unnest(s.management_groups) as above(name)
              where s.estate_id = ${estateId} and s.subscription_id = n.subscription_id
          ) d(dimension, key)
      ) counted group by dimension, key, key_point, severity having sum(pass + fail + unknown + not_applicable) > 0`)
    await writePartCounts(tx, seq, null)
    const pairs = await tx.$queryRaw<{ ref: number; check: string }[]>(Prisma.sql`select resource_ref as ref, "check" from night`)
    await writeTransitions(tx, estateId, seq, pairs)
    await tx.$executeRaw(Prisma.sql`
      update scan s set status = b.status, created_at = ${at}, started_at = ${at}, finished_at = ${at}::timestamptz + interval '10 minutes', heartbeat_at = ${at},
        progress = b.progress, summary = b.summary, central = b.central, judging = b.judging, resources = b.resources, score = b.score, coverage = b.coverage
      from scan b where s.seq = ${seq} and b.seq = ${before.seq}`)
    await writeScanTurnover(tx, seq)
    return written
  })
  return { seq, turned: count }
}
