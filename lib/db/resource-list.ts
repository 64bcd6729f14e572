import { toResourceKey } from '@/lib/domain/arm-id'
import type { FindingQuery, ResourceFacets, ResourcePage, ResourceQuery, ResourceRow } from '@/lib/domain/views'
import { verdicts } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toText } from './json'
import { maskOf, worstByKeyPoint } from './posture'
import { groupedPage } from './resource-groups'
import { narrowed, seenBy } from './viewing'

interface ResourceListRow {
  resource_id: string; name: string; type: string; subscription_id: string | null; display_name: string | null; location: string
  resource_group: string | null; c: number; h: number; m: number; l: number; u: number; p: number; mask: number
}

/** One page of present resources with their current standing; rows that tie are ordered by ARM id. */
export async function listResources(db: Queryable, viewer: Viewer, query: ResourceQuery): Promise<ResourcePage> {
  const where = Prisma.sql`${seenBy(narrowed(viewer, query.subscriptions), 'r')} and r.gone_seq is null and ${matches(query, viewer.estateId)}`
  if (query.search?.trim()) return searchResources(db, viewer, where, query)
  const [rows, counts] = await Promise.all([selectPage(db, where, query), countMatches(db, viewer, where, query)])
  return { rows: rows.map(toRow), ...counts }
}

async function selectPage(db: Queryable, where: Prisma.Sql, query: ResourceQuery): Promise<ResourceListRow[]> {
  const { sort } = query
  // Orders by severity and name run along their indexes.
  const within = sort === 'severity' || sort === 'name' ? { condition: Prisma.sql`true`, offset: undefined } : await groupedPage(db, where, { ...query, sort })
  if (within === null) return []
  return db.$queryRaw<ResourceListRow[]>(Prisma.sql`
    select ${listColumns} from (select r.id from resource r ${subscriptionsOf(query)} where ${where} and ${within.condition} ${pageOf(query, within.offset)}) page
      join resource r on r.id = page.id left join subscription s on s.estate_id = r.estate_id and s.subscription_id = r.subscription_id
    order by ${orderOf(query)}`)
}

const listColumns = Prisma.sql`r.resource_id, r.name, r.type, r.subscription_id, s.display_name, r.location, r.resource_group, r.fail_critical c, r.fail_high h,
  r.fail_medium m, r.fail_low l, r.unknown_count u, r.pass_count p, r.mask::float8 mask`

function pageOf(query: ResourceQuery, offset = Math.max(0, query.page - 1) * query.pageSize): Prisma.Sql {
  return Prisma.sql`order by ${orderOf(query)} limit ${query.pageSize} offset ${offset}`
}

/** The same where a text is looked for: what has it is found once, for the page and for the counts. */
async function searchResources(db: Queryable, viewer: Viewer, where: Prisma.Sql, query: ResourceQuery): Promise<ResourcePage> {
  const [rows, findings] = await Promise.all([
    db.$queryRaw<((ResourceListRow | { resource_id: null }) & PageCounts)[]>(Prisma.sql`
      with found as materialized (
        select r.id, r.estate_id, r.subscription_id, r.key, r.rank, r.name_key, r.type, r.location, r.mask, r.findings from resource r where ${where}
      ), page as (select r.id from found r ${subscriptionsOf(query)} ${pageOf(query)})
      select ${listColumns}, t.* from (select ${pageCounts} from found r) t
        left join (page join resource r on r.id = page.id left join subscription s on s.estate_id = r.estate_id and s.subscription_id = r.subscription_id) on true
      order by ${orderOf(query)}`),
    hasFindingFilter(query) ? db.$queryRaw<{ findings: number }[]>(countFindings(viewer, where, query)) : [],
  ])
  const { total, withGaps, withUnknown, findings: all } = rows[0] ?? noCounts
  return { rows: rows.flatMap((row) => (row.resource_id === null ? [] : [toRow(row)])), total, withGaps, withUnknown, findings: findings[0]?.findings ?? all }
}

type PageCounts = Pick<ResourcePage, 'total' | 'findings' | 'withGaps' | 'withUnknown'>

const pageCounts = Prisma.sql`count(*)::int as total, coalesce(sum(r.findings), 0)::int as findings, count(*) filter (where r.mask & ${maskOf(['fail'])}::bigint <> 0)::int as "withGaps",
  count(*) filter (where r.mask & ${maskOf(['unknown'])}::bigint <> 0)::int as "withUnknown"`

/** Counts over all resources that match, and of their findings those that match. */
async function countMatches(db: Queryable, viewer: Viewer, where: Prisma.Sql, query: ResourceQuery): Promise<PageCounts> {
  const resources = db.$queryRaw<PageCounts[]>(Prisma.sql`select ${pageCounts} from resource r where ${where}`)
  if (!hasFindingFilter(query)) return (await resources)[0] ?? noCounts
  const [[totals], [found]] = await Promise.all([resources, db.$queryRaw<{ findings: number }[]>(countFindings(viewer, where, query))])
  return { ...noCounts, ...totals, ...found }
}

/** Filters that name resources, and not only scopes and findings. */
function isAboutResources({ search, types, locations }: ResourceQuery): boolean {
  return Boolean(search?.trim()) || Boolean(types?.length) || Boolean(locations?.length)
}

/** How many findings match the filters; those of whole scopes are counted in the indexes alone, since a resource that is gone has no open finding. */
function countFindings(viewer: Viewer, where: Prisma.Sql, query: ResourceQuery): Prisma.Sql {
  const open = Prisma.sql`f.estate_id = ${viewer.estateId} and f.to_seq is null and ${findingFilter(query)}`
  if (isAboutResources(query)) return Prisma.sql`select count(*)::int as findings from finding f where ${open} and f.resource_ref in (select r.id from resource r where ${where})`
  const eyes = narrowed(viewer, query.subscriptions)
  if (eyes.subscriptions !== 'all') return Prisma.sql`select count(*)::int as findings from finding f where ${open} and ${seenBy(eyes, 'f')}`
  // Check by check: the index of the filters begins with it, and there are a hundred checks and half a million findings.
  return Prisma.sql`
    with recursive asked("check") as (
      select min(f."check") from finding f where f.estate_id = ${viewer.estateId} and f.to_seq is null
      union all
      select (select min(f."check") from finding f where f.estate_id = ${viewer.estateId} and f.to_seq is null and f."check" > a."check") from asked a where a."check" is not null
    )
    select coalesce(sum(c.count), 0)::int as findings from asked a cross join lateral (select count(*) as count from finding f where f."check" = a."check" and ${open}) c
    where a."check" is not null`
}

const noCounts: PageCounts = { total: 0, findings: 0, withGaps: 0, withUnknown: 0 }

function toRow(row: ResourceListRow): ResourceRow {
  return {
    resourceId: row.resource_id, name: row.name, type: row.type, subscriptionId: row.subscription_id, subscriptionName: row.display_name,
    location: row.location, resourceGroup: row.resource_group, fails: { critical: row.c, high: row.h, medium: row.m, low: row.l },
    unknown: row.u, pass: row.p, keyPoints: worstByKeyPoint(row.mask),
  }
}

function matches(query: ResourceQuery, estateId: number): Prisma.Sql {
  const resources = resourceFilter(query, estateId)
  return hasFindingFilter(query) ? Prisma.sql`${resources} and ${findingCondition(query, estateId)}` : resources
}

/** The part of a query that resources `r` answer by what they are, their subscription apart. */
export function resourceFilter(query: FindingQuery, estateId: number): Prisma.Sql {
  return Prisma.join([
    Prisma.sql`true`,
    ...(query.search?.trim() ? [searchCondition(query.search, estateId)] : []),
    ...(query.types?.length ? [Prisma.sql`r.type = any(${query.types.map((type) => type.toLowerCase())}::text[])`] : []),
    ...(query.locations?.length ? [Prisma.sql`r.location = any(${query.locations}::text[])`] : []),
  ], ' and ')
}

/**
 * A pasted ARM id finds that resource and what lies below it through the index on keys, and a text with a slash whatever has it in its id or its name; anything else is
 * looked for within names, in their index alone: resources themselves are wide.
 */
function searchCondition(search: string, estateId: number): Prisma.Sql {
  const text = toText(search.trim())
  if (/^\/?subscriptions\//i.test(text)) return Prisma.sql`r.key like ${`${escapeLike(toResourceKey(text))}%`}`
  const pattern = `%${escapeLike(text.toLowerCase())}%`
  const within = (column: 'key' | 'name_key') =>
    Prisma.sql`select n.id from resource n where n.estate_id = ${estateId} and n.gone_seq is null and n.${Prisma.raw(column)} like ${pattern}`
  // As an array: PostgreSQL 18 would see through a join of the table with itself, and read the rows.
  return Prisma.sql`r.id = any(array(${text.includes('/') ? Prisma.sql`${within('key')} union all ${within('name_key')}` : within('name_key')}))`
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (wildcard) => `\\${wildcard}`)
}

function hasFindingFilter({ verdicts: v, keyPoints, severities, checks, reasonCodes }: ResourceQuery): boolean {
  return [v, keyPoints, severities, checks, reasonCodes].some((filter) => filter !== undefined && filter.length > 0)
}

/** At least one open finding meets all finding filters at once. Verdicts and key points alone are answered by the mask. */
function findingCondition(query: ResourceQuery, estateId: number): Prisma.Sql {
  const mask = maskOf(query.verdicts?.length ? query.verdicts : verdicts, query.keyPoints?.length ? query.keyPoints : undefined)
  const byMask = Prisma.sql`r.mask & ${mask}::bigint <> 0`
  if (!query.severities?.length && !query.checks?.length && !query.reasonCodes?.length) return byMask
  return Prisma.sql`${byMask} and r.id in (select f.resource_ref from finding f where f.estate_id = ${estateId} and f.to_seq is null and ${findingFilter(query)})`
}

/** The part of a query that findings `f` answer. */
export function findingFilter(query: FindingQuery): Prisma.Sql {
  const column = (name: string, values: readonly string[] | undefined) =>
    (values?.length ? [Prisma.sql`f.${Prisma.raw(name)} = any(${[...values]}::text[])`] : [])
  return Prisma.join([
    Prisma.sql`true`, ...column('verdict', query.verdicts), ...column('key_point', query.keyPoints), ...column('severity', query.severities),
    ...column('"check"', query.checks), ...column('reason_code', query.reasonCodes),
  ], ' and ')
}

/** The page is chosen by id alone, from an index or with a narrow sort; names of subscriptions only where they decide the order. */
function subscriptionsOf({ sort }: ResourceQuery): Prisma.Sql {
  return sort === 'subscription'
    ? Prisma.sql`left join subscription s on s.estate_id = r.estate_id and s.subscription_id = r.subscription_id`
    : Prisma.empty
}

/** Every order ends with the key; those by severity and name run along their index, forwards or backwards. */
function orderOf({ sort, descending }: ResourceQuery): Prisma.Sql {
  const way = Prisma.raw(descending ? 'desc' : 'asc')
  switch (sort) {
    case 'severity': return Prisma.sql`r.rank ${way}, r.key ${Prisma.raw(descending ? 'asc' : 'desc')}`
    case 'name': return Prisma.sql`r.name_key ${way}, r.key ${way}`
    case 'type': return Prisma.sql`r.type ${way}, r.key ${way}`
    case 'location': return Prisma.sql`r.location ${way}, r.key ${way}`
    case 'subscription': return Prisma.sql`lower(s.display_name) ${way} nulls last, r.key ${way}`
  }
}

/** Values to offer in the resources page's filters. */
export async function resourceFacets(db: Queryable, viewer: Viewer): Promise<ResourceFacets> {
  const rows = await db.$queryRaw<{ subscription_id: string | null; display_name: string | null; type: string | null; location: string | null; count: number }[]>(Prisma.sql`
    select g.subscription_id, s.display_name, g.type, g.location, g.count from (
      select c.subscription_id, c.type, c.location, sum(c.count)::int as count from (
        select r.subscription_id, r.type, r.location, count(*) as count from resource r where ${seenBy(viewer, 'r')} and r.gone_seq is null group by 1, 2, 3
      ) c group by grouping sets ((c.subscription_id), (c.type), (c.location))
    ) g left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = g.subscription_id
    order by g.count desc, g.subscription_id, g.type, g.location`)
  return {
    subscriptions: rows.flatMap((row) => (row.subscription_id === null ? []
      : [{ subscriptionId: row.subscription_id, displayName: row.display_name ?? row.subscription_id, count: row.count }])),
    types: rows.flatMap(({ type, count }) => (type === null ? [] : [{ type, count }])),
    locations: rows.flatMap(({ location, count }) => (location === null ? [] : [{ location, count }])),
  }
}
