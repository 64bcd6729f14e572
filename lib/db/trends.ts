import { keyPointSlugs } from '@/lib/domain/key-point'
import type { ScanStatus } from '@/lib/domain/scan'
import { coverageOf, emptyCountsBySeverity, scoreOf, sumCounts, type CountsBySeverity } from '@/lib/domain/score'
import type { TrendPoint } from '@/lib/domain/trend'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { sumBy, type CountRow } from './counts'
import { keySeenBy, narrowed } from './viewing'

/**
 * Score and coverage of each scan with results since a time, oldest first, in all and by key point. Over everything, only scans of everything
 * compare; of one subscription, each scan that judged it.
 */
export async function getTrend(db: Queryable, viewer: Viewer, { since, subscription }: { since: Date; subscription?: string }): Promise<TrendPoint[]> {
  const eyes = narrowed(viewer, subscription === undefined ? undefined : [subscription])
  // By check there are fewer rows than by subscription, but not of those of a narrowed viewer alone.
  const counted = eyes.subscriptions === 'all' ? Prisma.sql`r.dimension = 'check'` : Prisma.sql`r.dimension = 'subscription' and ${keySeenBy(eyes, 'r.key')}`
  const scope = subscription === undefined ? Prisma.sql`s.scope = '{}'::jsonb` : Prisma.sql`true`
  const rows = await db.$queryRaw<(CountRow & { id: string; at: Date; status: ScanStatus; seq: number })[]>(Prisma.sql`
    select s.seq, s.id::text as id, coalesce(s.started_at, s.created_at) as at, s.status, '' as key, r.key_point as "keyPoint", r.severity,
      sum(r.pass)::int as pass, sum(r.fail)::int as fail, sum(r.unknown)::int as unknown, sum(r.not_applicable)::int as "notApplicable"
    from scan s join rollup r on r.scan_seq = s.seq and ${counted}
    where s.estate_id = ${viewer.estateId} and s.status in ('succeeded', 'partial') and coalesce(s.started_at, s.created_at) >= ${since} and ${scope}
    group by s.seq, r.key_point, r.severity order by s.seq`)
  return [...Map.groupBy(rows, (row) => row.seq).values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const byKeyPoint = sumBy(own, (row) => row.keyPoint)
    return [{
      scanId: first.id, at: first.at.toISOString(), status: first.status, ...toFigures(sumBy(own, () => '').get('') ?? emptyCountsBySeverity()),
      keyPoints: Object.fromEntries(keyPointSlugs.flatMap((keyPoint) => {
        const by = byKeyPoint.get(keyPoint)
        return by === undefined ? [] : [[keyPoint, toFigures(by)]]
      })),
    }]
  })
}

function toFigures(by: CountsBySeverity): Pick<TrendPoint, 'score' | 'coverage' | 'fails'> {
  const counts = sumCounts(by)
  return { score: scoreOf(by), coverage: coverageOf(counts), fails: counts.fail }
}
