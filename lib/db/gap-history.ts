import { toGapHistory, type GapHistory } from '@/lib/domain/gap-history'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { seenBy } from './viewing'

/** The history of each check of one resource (by its row's id), by check. */
export async function gapHistories(db: Queryable, viewer: Viewer, resourceRef: number): Promise<Record<string, GapHistory>> {
  const rows = await db.$queryRaw<{ check: string; verdict: Verdict; from_at: Date; to_at: Date | null }[]>(Prisma.sql`
    select f."check", f.verdict, coalesce(b.started_at, b.created_at) as from_at, coalesce(e.started_at, e.created_at) as to_at
    from finding f join scan b on b.seq = f.from_seq left join scan e on e.seq = f.to_seq
    where f.resource_ref = ${resourceRef} and ${seenBy(viewer, 'f')} order by f."check", f.from_seq`)
  const byCheck = Map.groupBy(rows, (row) => row.check)
  return Object.fromEntries([...byCheck].map(([check, own]) => [
    check, toGapHistory(own.map(({ verdict, from_at, to_at }) => ({ verdict, from: from_at.toISOString(), to: to_at?.toISOString() ?? null }))),
  ]))
}

/** Gaps opened and closed in a span of time. */
export interface GapTurnover {
  keyPoint: KeyPoint
  /** Null: management groups and the tenant. */
  subscriptionId: string | null
  opened: number
  closed: number
  /** How long the closed ones had been open, summed: from the scan that first saw each to the scan that saw it closed. */
  openSeconds: number
}

/**
 * Gaps that scans since `since` saw open and close, by key point and subscription. Loss and gain of sight opens and closes nothing, and neither does a
 * resource that appears or vanishes.
 */
export async function gapTurnover(db: Queryable, viewer: Viewer, since: Date): Promise<GapTurnover[]> {
  return db.$queryRaw<GapTurnover[]>(Prisma.sql`
    with times as materialized (
      select seq, extract(epoch from coalesce(started_at, created_at))::float8 as at from scan where estate_id = ${viewer.estateId}
    ),
    first as (select min(seq) as seq from times where at >= ${since.getTime() / 1000}::float8)
    select n.key_point as "keyPoint", n.subscription_id as "subscriptionId",
      count(*) filter (where n.verdict = 'fail')::int as opened, count(*) filter (where o.verdict = 'fail')::int as closed,
      coalesce(sum(ended.at - began.at) filter (where o.verdict = 'fail'), 0)::float8 as "openSeconds"
    from finding n
      join finding o on o.resource_ref = n.resource_ref and o."check" = n."check" and o.to_seq = n.from_seq
      join times ended on ended.seq = n.from_seq join times began on began.seq = o.since_seq
    where ${seenBy(viewer, 'n')} and n.from_seq >= (select seq from first) and o.estate_id = n.estate_id and o.to_seq >= (select seq from first)
      and (n.verdict = 'fail') <> (o.verdict = 'fail') and n.verdict <> 'unknown' and o.verdict <> 'unknown'
    group by 1, 2`)
}
