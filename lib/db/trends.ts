import { keyPointSlugs } from '@/lib/domain/key-point'
import type { ScanStatus } from '@/lib/domain/scan'
import { coverageOf, emptyCountsBySeverity, scoreOf, sumCounts, type CountsBySeverity } from '@/lib/domain/score'
import type { TrendPoint, TrendSubject } from '@/lib/domain/trend'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { sumBy, type CountRow } from './counts'
import { listSubscriptionNames } from './subscriptions'
import { keySeenBy, narrowed } from './viewing'

export interface TrendQuery {
  since: Date
  /** Until now by default. */
  until?: Date
  /** Everything by default. */
  of?: TrendSubject
}

type Counts = [keyPoint: CountRow['keyPoint'], severity: CountRow['severity'], pass: number, fail: number, unknown: number, notApplicable: number]

/**
 * Score and coverage of each scan with results in a span, oldest first, in all and by key point. Of one subscription, each scan that judged it counts;
 * of everything, of a management group and of a resource type only scans of everything compare.
 */
export async function getTrend(db: Queryable, viewer: Viewer, { since, until, of = { kind: 'everything' } }: TrendQuery): Promise<TrendPoint[]> {
  const scope = of.kind === 'subscription' ? Prisma.sql`true` : Prisma.sql`s.scope = '{}'::jsonb`
  const before = until === undefined ? Prisma.sql`true` : Prisma.sql`coalesce(s.started_at, s.created_at) <= ${until}`
  // One row for each scan: sending each count as a row of its own took longer than finding it.
  const rows = await db.$queryRaw<{ id: string; at: Date; status: ScanStatus; counts: Counts[] }[]>(Prisma.sql`
    select s.id::text as id, coalesce(s.started_at, s.created_at) as at, s.status, c.counts
    from scan s cross join lateral (
      select json_agg(json_build_array(key_point, severity, pass, fail, unknown, not_applicable)) as counts from (
        select r.key_point, r.severity, sum(r.pass) as pass, sum(r.fail) as fail, sum(r.unknown) as unknown, sum(r.not_applicable) as not_applicable
        from rollup r where r.scan_seq = s.seq and ${rollupOf(viewer, of)} group by r.key_point, r.severity
      ) summed
    ) c
    where s.estate_id = ${viewer.estateId} and s.status in ('succeeded', 'partial') and coalesce(s.started_at, s.created_at) >= ${since} and ${before} and ${scope}
      and c.counts is not null
    order by s.seq`)
  return rows.map(({ id, at, status, counts }) => {
    const own = counts.map(([keyPoint, severity, pass, fail, unknown, notApplicable]): CountRow => ({ key: '', keyPoint, severity, pass, fail, unknown, notApplicable }))
    const byKeyPoint = sumBy(own, (row) => row.keyPoint)
    return {
      scanId: id, at: at.toISOString(), status, ...toFigures(sumBy(own, () => '').get('') ?? emptyCountsBySeverity()),
      keyPoints: Object.fromEntries(keyPointSlugs.flatMap((keyPoint) => {
        const by = byKeyPoint.get(keyPoint)
        return by === undefined ? [] : [[keyPoint, toFigures(by)]]
      })),
    }
  })
}

/**
 * The roll-up rows `r` of a subject as far as the viewer sees it. For a narrowed viewer, everything and a management group are what they see of it;
 * counts by type are of all subscriptions together, so of a type such a viewer sees nothing.
 */
function rollupOf(viewer: Viewer, of: TrendSubject): Prisma.Sql {
  const seen = (eyes: Viewer) => Prisma.sql`r.dimension = 'subscription' and ${keySeenBy(eyes, 'r.key')}`
  switch (of.kind) {
    case 'everything': return viewer.subscriptions === 'all' ? Prisma.sql`r.dimension = 'total'` : seen(viewer)
    case 'subscription': return seen(narrowed(viewer, [of.subscriptionId]))
    case 'management-group': return viewer.subscriptions === 'all' ? Prisma.sql`r.dimension = 'management-group' and r.key = ${of.name.toLowerCase()}`
      : Prisma.sql`${seen(viewer)} and r.key in (select m.subscription_id from subscription m where m.estate_id = ${viewer.estateId}
          and exists (select 1 from unnest(m.management_groups) as above(name) where lower(above.name) = ${of.name.toLowerCase()}))`
    case 'type': return viewer.subscriptions === 'all' ? Prisma.sql`r.dimension = 'type' and r.key = ${of.type.toLowerCase()}` : Prisma.sql`false`
  }
}

function toFigures(by: CountsBySeverity): Pick<TrendPoint, 'score' | 'coverage' | 'fails'> {
  const counts = sumCounts(by)
  return { score: scoreOf(by), coverage: coverageOf(counts), fails: counts.fail }
}

/** What trends can be asked of besides everything. */
export interface TrendSubjects {
  subscriptions: { subscriptionId: string; displayName: string }[]
  /** `name` is the group's own; `subscriptions` are those below it now. */
  managementGroups: { name: string; displayName: string; subscriptions: string[] }[]
  /** Lower case. */
  types: string[]
}

/** The subscriptions, and the management groups and resource types that the last scan of everything judged, as far as the viewer may ask for them; each by name. */
export async function trendSubjects(db: Queryable, viewer: Viewer): Promise<TrendSubjects> {
  const subscriptions = await listSubscriptionNames(db, viewer)
  if (viewer.subscriptions !== 'all') return { subscriptions, managementGroups: [], types: [] }
  const rows = await db.$queryRaw<{ dimension: string; key: string; name: string | null; below: string[] }[]>(Prisma.sql`
    select k.dimension, k.key, r.name, array(
        select s.subscription_id from subscription s where s.estate_id = ${viewer.estateId} and k.dimension = 'management-group'
          and exists (select 1 from unnest(s.management_groups) as above(name) where lower(above.name) = k.key)) as below
    from (
      select distinct dimension, key from rollup where dimension in ('management-group', 'type') and scan_seq = (
        select max(seq) from scan where estate_id = ${viewer.estateId} and status in ('succeeded', 'partial') and scope = '{}'::jsonb)
    ) k left join resource r on k.dimension = 'management-group' and r.estate_id = ${viewer.estateId}
      and r.key = '/providers/microsoft.management/managementgroups/' || k.key
    order by lower(coalesce(r.name, k.key)), k.key`)
  return {
    subscriptions,
    managementGroups: rows.filter(({ dimension }) => dimension === 'management-group').map(({ key, name, below }) => ({ name: key, displayName: name ?? key, subscriptions: below })),
    types: rows.filter(({ dimension }) => dimension === 'type').map(({ key }) => key),
  }
}
