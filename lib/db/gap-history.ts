import { toGapHistory, type GapHistory } from '@/lib/domain/gap-history'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { gapSinceOf } from './transitions'
import { keySeenBy, seenBy } from './viewing'

/** The history of each check of one resource (by its row's id), by check, as far as it is kept. */
export async function gapHistories(db: Queryable, viewer: Viewer, resourceRef: number): Promise<Record<string, GapHistory>> {
  const rows = await db.$queryRaw<{ check: string; verdict: Verdict; from_at: Date; to_at: Date | null; gap_at: Date | null }[]>(Prisma.sql`
    select f."check", f.verdict, coalesce(b.started_at, b.created_at) as from_at, coalesce(e.started_at, e.created_at) as to_at,
      coalesce(g.started_at, g.created_at) as gap_at
    from finding f join scan b on b.seq = f.from_seq left join scan e on e.seq = f.to_seq left join scan g on g.seq = ${gapSinceOf('f')}
    where f.resource_ref = ${resourceRef} and ${seenBy(viewer, 'f')} order by f."check", f.from_seq`)
  const byCheck = Map.groupBy(rows, (row) => row.check)
  return Object.fromEntries([...byCheck].map(([check, own]) => [
    check, toGapHistory(own.map(({ verdict, from_at, to_at, gap_at }) => ({
      verdict, from: from_at.toISOString(), to: to_at?.toISOString() ?? null, gapSince: gap_at?.toISOString() ?? null,
    }))),
  ]))
}

/** Gaps opened and closed in a span of time. */
export interface GapTurnover {
  keyPoint: KeyPoint
  /** Null: management groups and the tenant. */
  subscriptionId: string | null
  opened: number
  closed: number
  /** How long the closed ones had been open, summed: from the scan that first saw each to the scan that proved it closed, also where it was out of sight in between. */
  openSeconds: number
}

/**
 * Gaps that scans in a span saw open and close, by key point and subscription. Loss of sight closes nothing, and a gap that comes into sight, or a
 * resource that appears or vanishes, opens and closes nothing.
 */
export async function gapTurnover(db: Queryable, viewer: Viewer, since: Date, until = new Date()): Promise<GapTurnover[]> {
  return db.$queryRaw<GapTurnover[]>(Prisma.sql`
    select t.key_point as "keyPoint", nullif(t.subscription_id, '') as "subscriptionId", sum(t.opened)::int as opened, sum(t.closed)::int as closed,
      sum(t.open_seconds)::float8 as "openSeconds"
    from scan s join gap_turnover t on t.scan_seq = s.seq
    where s.estate_id = ${viewer.estateId} and coalesce(s.started_at, s.created_at) between ${since} and ${until} and ${keySeenBy(viewer, 't.subscription_id')}
    group by t.key_point, t.subscription_id`)
}
