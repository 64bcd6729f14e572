import { keyPointSlugs } from '@/lib/domain/key-point'
import { managementGroupPrefix } from '@/lib/domain/management-group'
import type { ScanStatus } from '@/lib/domain/scan'
import { coverageOf, emptyCountsBySeverity, scoreOf, sumCounts, type CountsBySeverity } from '@/lib/domain/score'
import type { TrendPoint, TrendSubject } from '@/lib/domain/trend'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { sumBy } from './counts'
import { packed, unpack } from './part-counts'
import { scopeTypes } from './resources'
import { keySeenBy, narrowed, seenBy } from './viewing'

export interface TrendQuery {
  since: Date
  /** Until now by default. */
  until?: Date
  /** Everything by default. */
  of?: TrendSubject
}

/**
 * Score and coverage of each scan with results in a span, oldest first, in all and by key point. Only scans that judged the whole of the subject compare: of one
 * subscription each that judged it, of a management group those of everything, of the group and of a group above it, of everything and of a resource type those
 * of everything.
 */
export async function getTrend(db: Queryable, viewer: Viewer, { since, until, of = { kind: 'everything' } }: TrendQuery): Promise<TrendPoint[]> {
  const before = until === undefined ? Prisma.sql`true` : Prisma.sql`coalesce(s.started_at, s.created_at) <= ${until}`
  const rows = await db.$queryRaw<{ id: string; at: Date; status: ScanStatus; counts: string }[]>(Prisma.sql`
    select s.id::text as id, coalesce(s.started_at, s.created_at) as at, s.status, c.counts
    from scan s cross join lateral (${countsOf(viewer, of)}) c(counts)
    where s.estate_id = ${viewer.estateId} and s.status in ('succeeded', 'partial') and coalesce(s.started_at, s.created_at) >= ${since} and ${before} and ${isWhole(viewer, of)}
      and c.counts is not null
    order by s.seq`)
  return rows.map(({ id, at, status, counts }) => {
    const own = unpack(counts)
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

const everything = Prisma.sql`s.scope = '{}'::jsonb`
const scopeGroup = Prisma.sql`lower(s.scope ->> 'managementGroup')`

/** A condition on scans `s`: they judged the whole of a subject, as far as they could read it. */
function isWhole(viewer: Viewer, of: TrendSubject): Prisma.Sql {
  switch (of.kind) {
    case 'subscription': return Prisma.sql`true`
    case 'management-group': {
      const name = of.name.toLowerCase()
      return Prisma.sql`(${everything} or ${scopeGroup} = ${name} or ${scopeGroup} in (select above from (${placesOfGroups(viewer)}) place where name = ${name}))`
    }
    case 'everything':
    case 'type': return everything
  }
}

/** Each management group (`name`) with itself and each group `above` it, as subscriptions were last known to lie; lower case. */
function placesOfGroups({ estateId }: Viewer): Prisma.Sql {
  return Prisma.sql`
    select distinct lower(one.name) as name, lower(other.name) as above
    from (select distinct management_groups as chain from subscription where estate_id = ${estateId}) c
      cross join unnest(c.chain) with ordinality as one(name, place) cross join unnest(c.chain) with ordinality as other(name, place)
    where other.place >= one.place`
}

/**
 * The packed counts of a subject in scan `s` as far as the viewer sees it. For a narrowed viewer, everything and a management group are what they see of it;
 * counts by type are of all subscriptions together, so of a type such a viewer sees nothing.
 */
function countsOf(viewer: Viewer, of: TrendSubject): Prisma.Sql {
  const seen = (eyes: Viewer, where = Prisma.sql`true`) =>
    Prisma.sql`select string_agg(p.counts, ',') from part_counts p where p.scan_seq = s.seq and ${keySeenBy(eyes, 'p.subscription_id')} and ${where}`
  const rolledUp = (dimension: 'total' | 'management-group' | 'type', key: string) => viewer.subscriptions === 'all'
    ? Prisma.sql`select ${packed} from rollup r where r.scan_seq = s.seq and r.dimension = ${dimension} and r.key = ${key.toLowerCase()}` : null
  switch (of.kind) {
    case 'everything': return rolledUp('total', '') ?? seen(viewer)
    case 'subscription': return seen(narrowed(viewer, [of.subscriptionId]))
    case 'management-group': return rolledUp('management-group', of.name)
      ?? seen(viewer, Prisma.sql`p.subscription_id in (select m.subscription_id from subscription m where m.estate_id = ${viewer.estateId}
          and exists (select 1 from unnest(m.management_groups) as above(name) where lower(above.name) = ${of.name.toLowerCase()}))`)
    case 'type': return rolledUp('type', of.type) ?? Prisma.sql`select null::text`
  }
}

function toFigures(by: CountsBySeverity): Pick<TrendPoint, 'score' | 'coverage' | 'fails'> {
  const counts = sumCounts(by)
  return { score: scoreOf(by), coverage: coverageOf(counts), fails: counts.fail }
}

/** What trends can be asked of besides everything; each by name. What is `deleted` has figures in the span, and no more since. */
export interface TrendSubjects {
  subscriptions: { subscriptionId: string; displayName: string; deleted: boolean }[]
  /** `name` is the group's own; `subscriptions` are those below it now, or when it was deleted. */
  managementGroups: { name: string; displayName: string; deleted: boolean; subscriptions: string[] }[]
  /** Lower case. */
  types: string[]
}

/**
 * What trends over a span can be asked of, as far as the viewer may: subscriptions; management groups that the last scan of some scope judged as a whole, or
 * that went since the span began; resource types that the last scan of everything, of all or of a month of the span, judged.
 */
export async function trendSubjects(db: Queryable, viewer: Viewer, { since, until }: { since: Date; until: Date }): Promise<TrendSubjects> {
  const [span] = await db.$queryRaw<{ first: number | null; last: number | null }[]>(Prisma.sql`
    select min(seq) as first, max(seq) as last from scan where estate_id = ${viewer.estateId} and coalesce(started_at, created_at) between ${since} and ${until}`)
  const seqs = { first: span?.first ?? seqMax, last: span?.last ?? 0 }
  const subscriptions = await subscriptionSubjects(db, viewer, seqs)
  if (viewer.subscriptions !== 'all') return { subscriptions, managementGroups: [], types: [] }
  return { subscriptions, managementGroups: await groupSubjects(db, viewer, seqs), types: await typeSubjects(db, viewer, seqs) }
}

const seqMax = 2 ** 31 - 1

/** The seqs of the first and the last scan in a span; where there is none, the last lies before the first. */
interface SpanSeqs {
  first: number
  last: number
}

async function subscriptionSubjects(db: Queryable, viewer: Viewer, { first, last }: SpanSeqs): Promise<TrendSubjects['subscriptions']> {
  return db.$queryRaw<TrendSubjects['subscriptions']>(Prisma.sql`
    select s.subscription_id as "subscriptionId", s.display_name as "displayName", s.state = 'Deleted' as deleted from subscription s
    where ${seenBy(viewer, 's')} and (s.state <> 'Deleted' or (s.last_seen_seq >= ${first} and s.first_seen_seq <= ${last}))
    order by lower(s.display_name), s.subscription_id`)
}

async function groupSubjects(db: Queryable, viewer: Viewer, { first }: SpanSeqs): Promise<TrendSubjects['managementGroups']> {
  const rows = await db.$queryRaw<{ key: string; name: string | null; deleted: boolean; below: string[] }[]>(Prisma.sql`
    with place as materialized (${placesOfGroups(viewer)}),
    lately as (
      select distinct on (s.scope) s.* from scan s
      where s.estate_id = ${viewer.estateId} and s.status in ('succeeded', 'partial') and (${everything} or ${scopeGroup} is not null) order by s.scope, s.seq desc
    ),
    known as (
      select distinct r.key from lately s join rollup r on r.scan_seq = s.seq and r.dimension = 'management-group'
      where ${everything} or ${scopeGroup} = r.key or exists (select 1 from place p where p.name = r.key and p.above = ${scopeGroup})
      union select regexp_replace(r.key, '.*/', '') from resource r
      where r.estate_id = ${viewer.estateId} and r.type = ${scopeTypes.managementGroup} and r.gone_seq >= ${first}
    )
    select k.key, r.name, r.gone_seq is not null as deleted, array(
        select s.subscription_id from subscription s where s.estate_id = ${viewer.estateId}
          and exists (select 1 from unnest(s.management_groups) as above(name) where lower(above.name) = k.key)) as below
    from known k left join resource r on r.estate_id = ${viewer.estateId} and r.key = ${managementGroupPrefix} || k.key
    order by lower(coalesce(r.name, k.key)), k.key`)
  return rows.map(({ key, name, deleted, below }) => ({ name: key, displayName: name ?? key, deleted, subscriptions: below }))
}

async function typeSubjects(db: Queryable, { estateId }: Viewer, { first, last }: SpanSeqs): Promise<string[]> {
  // Not of each scan: the figures of hundreds are a million rows.
  const rows = await db.$queryRaw<{ key: string }[]>(Prisma.sql`
    with whole as (select s.seq, date_trunc('month', coalesce(s.started_at, s.created_at)) as month from scan s
      where s.estate_id = ${estateId} and s.status in ('succeeded', 'partial') and ${everything})
    select distinct key from rollup where dimension = 'type' and scan_seq in (
      select max(seq) from whole union select max(seq) from whole where seq between ${first} and ${last} group by month)
    order by key`)
  return rows.map(({ key }) => key)
}
