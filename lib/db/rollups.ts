import type { Finding } from '@/lib/domain/finding'
import { countVerdict, emptyCounts, type VerdictCounts } from '@/lib/domain/score'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson } from './json'

/** Writes a part's counts for a scan in place of what was there, so that a repeated part counts once. */
export async function writePartRollup(tx: Queryable, seq: number, subscriptionId: string | null, findings: Iterable<Finding>): Promise<void> {
  const key = subscriptionId ?? ''
  const groups = new Map<string, { keyPoint: string; severity: string } & VerdictCounts>()
  for (const { keyPoint, severity, judgement } of findings) {
    const group = groups.get(`${keyPoint} ${severity}`) ?? { keyPoint, severity, ...emptyCounts() }
    groups.set(`${keyPoint} ${severity}`, group)
    countVerdict(group, judgement.verdict)
  }
  await tx.$executeRaw(Prisma.sql`delete from rollup where scan_seq = ${seq} and dimension = 'subscription' and key = ${key}`)
  await tx.$executeRaw(Prisma.sql`
    insert into rollup (scan_seq, dimension, key, key_point, severity, pass, fail, unknown, not_applicable)
    select ${seq}, 'subscription', ${key}, g."keyPoint", g.severity, g.pass, g.fail, g.unknown, g."notApplicable"
    from jsonb_to_recordset(${toJson([...groups.values()])}::jsonb)
      as g("keyPoint" text, severity text, pass int, fail int, unknown int, "notApplicable" int)`)
}

/** Writes the counts by check and by resource type of a scan that ends, over the parts that it stored. */
export async function writeScanRollups(tx: Queryable, seq: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`
    with judged as (
      select f."check", r.type, f.key_point, f.severity, f.verdict
      from finding f join resource r on r.id = f.resource_ref
      where f.estate_id = (select estate_id from scan where seq = ${seq}) and f.to_seq is null and f.from_seq <= ${seq}
        and coalesce(f.subscription_id, '') in (select key from rollup where scan_seq = ${seq} and dimension = 'subscription')
    )
    insert into rollup (scan_seq, dimension, key, key_point, severity, pass, fail, unknown, not_applicable)
    select ${seq}, case grouping(type) when 1 then 'check' else 'type' end, coalesce("check", type), key_point, severity,
      count(*) filter (where verdict = 'pass'), count(*) filter (where verdict = 'fail'),
      count(*) filter (where verdict = 'unknown'), count(*) filter (where verdict = 'not-applicable')
    from judged group by grouping sets (("check", key_point, severity), (type, key_point, severity))`)
}
