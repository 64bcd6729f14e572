import type { CheckGapRow } from '@/lib/domain/views'
import { severities, type Severity } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { heldAt, resolveScan } from './scan-rows'
import { seenBy } from './viewing'

interface GapColumns {
  resource_id: string; name: string; subscription_name: string | null; severity: Severity; reason: string; since: Date
}

/**
 * The first gaps of one check that a scan found, the most severe first; of as many as the scan counts, `limit` at most. Throws KeypointError `not-found` for a scan
 * that is not there.
 */
export async function listCheckGaps(db: Queryable, viewer: Viewer, scanId: string, check: string, limit: number): Promise<CheckGapRow[]> {
  const { seq } = await resolveScan(db, viewer, scanId)
  // In two halves, each with an index of its own: what is open still, and what a later scan has ended.
  const gapsThat = (condition: Prisma.Sql) => Prisma.sql`
    select f.resource_ref, f.subscription_id, f.severity, f.judgement_ref, coalesce(f.gap_since_seq, f.since_seq) as since_seq, ${severityRank} as rank from finding f
    where ${seenBy(viewer, 'f')} and f."check" = ${check} and f.verdict = 'fail' and ${condition} and ${heldAt(seq)}`
  const rows = await db.$queryRaw<GapColumns[]>(Prisma.sql`
    select r.resource_id, r.name, coalesce(s.display_name, f.subscription_id) as subscription_name, f.severity, j.reason, coalesce(g.started_at, g.created_at) as since
    from (
      select * from (${gapsThat(Prisma.sql`f.to_seq is null`)} union all ${gapsThat(Prisma.sql`f.to_seq > ${seq}`)}) held order by rank, resource_ref limit ${limit}
    ) f join resource r on r.id = f.resource_ref join judgement j on j.id = f.judgement_ref join scan g on g.seq = f.since_seq
      left join subscription s on s.estate_id = r.estate_id and s.subscription_id = f.subscription_id
    order by f.rank, r.key`)
  return rows.map((row) => ({
    resourceId: row.resource_id, name: row.name, subscriptionName: row.subscription_name, severity: row.severity, reason: row.reason, openSince: row.since.toISOString(),
  }))
}

const severityRank = Prisma.sql`array_position(${[...severities]}::text[], f.severity)`
