import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { comparedParts, kindOf, type ComparedParts } from './comparisons'
import { findingAt, withAuthors, type ChangeColumns, type ChangeRow } from './diff'
import { inTime, type ScanPair } from './scan-pairs'
import { codeOf, gapSinceOf } from './transitions'

const streamedAtOnce = 20_000

/**
 * Gaps that only scans without results between two scans saw open or close, and that are out of sight since, in batches: between the two scans they are a loss
 * of sight, or nothing at all. Each change leads to what was seen last; a gap that was neither seen closed nor is open any more vanished. A pair is of the older
 * and the newer scan, in this order.
 */
export async function* streamUnseenGaps(db: Queryable, viewer: Viewer, pair: ScanPair, parts: ComparedParts): AsyncGenerator<ChangeRow[]> {
  const [older, newer] = inTime(pair)
  if ((await db.scan.findFirst({ where: { estateId: viewer.estateId, seq: { gt: older, lt: newer } }, select: { seq: true } })) === null) return
  for (let after: ChangeColumns | undefined; ;) {
    const rows = await selectUnseen(db, viewer, pair, parts, after)
    if (rows.length > 0) yield await withAuthors(db, viewer, pair, rows)
    after = rows.at(-1)
    if (rows.length < streamedAtOnce) return
  }
}

async function selectUnseen(db: Queryable, viewer: Viewer, pair: ScanPair, parts: ComparedParts, after: ChangeColumns | undefined): Promise<ChangeColumns[]> {
  const [older, newer] = inTime(pair)
  const part = Prisma.sql`coalesce(c.subscription_id, '')`
  const rest = after === undefined ? Prisma.empty : Prisma.sql`and (${part}, r.key, c."check") > (${after.subscription_id ?? ''}, ${after.key}, ${after.check})`
  return db.$queryRaw<ChangeColumns[]>(Prisma.sql`
    select ${kindOf(pair, codeOf(Prisma.sql`b.verdict`), codeOf(Prisma.sql`a.verdict`))} as kind, c.subscription_id, s.display_name, r.resource_id, r.type, r.name, r.key,
      c.key_point, c."check", false as gone, b.gap_since is not null as was_gap, coalesce(a.severity, b.severity, c.severity) as severity,
      b.verdict as before, b.reason as before_reason, a.verdict as after, a.reason as after_reason
    -- Few are unknown, and an index has them by their intervals: an unknown that the older scan saw already is no news.
    from (
        select f.resource_ref, f."check", f.subscription_id, f.key_point, f.severity, ${gapSinceOf('f')} as gap_since from finding f
        where f.estate_id = ${viewer.estateId} and f.verdict = 'unknown' and f.from_seq > ${older} and f.from_seq <= ${newer} and (f.to_seq is null or f.to_seq > ${newer})
      ) c
      join resource r on r.id = c.resource_ref
      left join lateral (${findingAt(older)}) b on true
      left join lateral (
        select f.verdict, f.severity, j.reason from finding f join judgement j on j.id = f.judgement_ref
        where f.resource_ref = c.resource_ref and f."check" = c."check" and f.from_seq > ${older} and f.from_seq <= ${newer}
          and case when c.gap_since is null then f.verdict in ('pass', 'not-applicable') else f.verdict = 'fail' end
        order by f.from_seq desc limit 1
      ) a on true
      left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = c.subscription_id
    where (c.gap_since is null) <> (b.gap_since is null) and ${part} in (${comparedParts(viewer, pair, parts)}) ${rest}
    order by ${part}, r.key, c."check" limit ${streamedAtOnce}`)
}
