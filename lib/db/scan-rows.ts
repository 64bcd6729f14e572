import { keyPointSlugs, type KeyPoint } from '@/lib/domain/key-point'
import { coverageOf, emptyCountsBySeverity, scoreOf, sumCounts } from '@/lib/domain/score'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import type { PartStatus, RequestCounts, ScanMode, ScanProgress, ScanStatus, ScanSummary } from '@/lib/domain/scan'
import type { MissedRow, ScanDetail, ScanPartRow, ScanRow, UnreadRow } from '@/lib/domain/views'
import type { ReasonCode } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { sumBy, type CountRow } from './counts'
import { countMissed } from './scan-parts'
import { scanNotFound, scopeSchema } from './scans'
import { toUuid } from './uuid'
import { keySeenBy, seenBy } from './viewing'

interface ScanColumns {
  seq: number; id: string; status: ScanStatus; mode: ScanMode; requested_by: string; judges_again: string | null; created_at: Date; started_at: Date | null
  finished_at: Date | null; resources: number | null; score: number | null; coverage: number | null; error: string | null; pruned: boolean
  requests: RequestCounts | null; parts: number; read: number; part_resources: number
}

/** The columns of scans, newest first, with their parts as the viewer sees them; `s` is the scan. Parts of scans that `cut` leaves out are not counted. */
function selectScans(viewer: Viewer, where: Prisma.Sql, cut = Prisma.empty): Prisma.Sql {
  return Prisma.sql`
    select s.seq, s.id::text as id, s.status, s.mode, s.requested_by, s.judges_again::text as judges_again, s.created_at, s.started_at, s.finished_at, s.resources, s.score, s.coverage, s.error, s.pruned_at is not null as pruned,
      coalesce(s.summary -> 'requests', s.progress -> 'requests') as requests, p.parts, p.read, p.part_resources
    from (select s.* from scan s where s.estate_id = ${viewer.estateId} and ${where} order by s.seq desc ${cut}) s cross join lateral (
      select count(*)::int as parts, count(*) filter (where status in ('succeeded', 'partial'))::int as read, coalesce(sum(resources), 0)::int as part_resources
      from scan_part where scan_seq = s.seq and subscription_id <> '' and ${keySeenBy(viewer, 'subscription_id')}
    ) p
    order by s.seq desc`
}

async function toScanRows(db: Queryable, viewer: Viewer, columns: ScanColumns[]): Promise<ScanRow[]> {
  const own = viewer.subscriptions === 'all' ? null : await ownScores(db, viewer, columns.map((c) => c.seq))
  return columns.map((c) => ({
    scanId: c.id, status: c.status, mode: c.mode, requestedBy: c.requested_by, judgesAgain: c.judges_again, createdAt: c.created_at.toISOString(),
    startedAt: c.started_at?.toISOString() ?? null, finishedAt: c.finished_at?.toISOString() ?? null,
    resources: own === null || c.resources === null ? c.resources : c.part_resources,
    score: own === null ? c.score : (own.get(c.seq)?.score ?? null),
    coverage: own === null ? c.coverage : (own.get(c.seq)?.coverage ?? null),
    subscriptionsRead: c.read, subscriptionsTotal: c.parts, requests: c.requests, error: c.error, pruned: c.pruned,
  }))
}

/** Scores over the viewer's own subscriptions, by scan. */
async function ownScores(db: Queryable, viewer: Viewer, seqs: number[]): Promise<Map<number, { score: number | null; coverage: number }>> {
  const rows = await db.$queryRaw<(CountRow & { seq: number })[]>(Prisma.sql`
    select scan_seq as seq, '' as key, key_point as "keyPoint", severity, sum(pass)::int as pass, sum(fail)::int as fail, sum(unknown)::int as unknown,
      sum(not_applicable)::int as "notApplicable"
    from rollup where scan_seq = any(${seqs}::int[]) and dimension = 'subscription' and ${keySeenBy(viewer, 'key')}
    group by scan_seq, key_point, severity`)
  return new Map([...Map.groupBy(rows, (row) => row.seq)].map(([seq, group]) => {
    const sum = sumBy(group, () => '').get('') ?? emptyCountsBySeverity()
    return [seq, { score: scoreOf(sum), coverage: coverageOf(sumCounts(sum)) }]
  }))
}

interface ScanPage {
  limit: number
  /** How many newer ones are left out. */
  skip?: number
  /** Only those that began until then. */
  until?: Date
  /** True: only those that have ended and were not pruned, so that they can be compared. */
  comparable?: boolean
}

const isComparable = Prisma.sql`s.status not in ('queued', 'running') and s.pruned_at is null`

/** Scans, newest first. */
export async function listScans(db: Queryable, viewer: Viewer, { limit, skip = 0, until, comparable = false }: ScanPage): Promise<ScanRow[]> {
  const conditions = [
    Prisma.sql`true`,
    ...(until === undefined ? [] : [Prisma.sql`coalesce(s.started_at, s.created_at) <= ${until}`]),
    ...(comparable ? [isComparable] : []),
  ]
  return toScanRows(db, viewer, await db.$queryRaw<ScanColumns[]>(selectScans(viewer, Prisma.join(conditions, ' and '), Prisma.sql`limit ${limit} offset ${skip}`)))
}

export interface ScanCounts {
  total: number
  /** Have ended and were not pruned. */
  comparable: number
  /** Of these, those that judged something. */
  withResults: number
}

/** How many scans there are. */
export async function countScans(db: Queryable, viewer: Viewer): Promise<ScanCounts> {
  const [row] = await db.$queryRaw<ScanCounts[]>(Prisma.sql`
    select count(*)::int as total, count(*) filter (where ${isComparable})::int as comparable,
      count(*) filter (where ${isComparable} and s.status in ('succeeded', 'partial'))::int as "withResults"
    from scan s where s.estate_id = ${viewer.estateId}`)
  return row ?? { total: 0, comparable: 0, withResults: 0 }
}

/** One scan with its parts and what it could not read. Throws KeypointError `not-found`. */
export async function getScan(db: Queryable, viewer: Viewer, scanId: string): Promise<ScanDetail> {
  const columns = await db.$queryRaw<ScanColumns[]>(selectScans(viewer, Prisma.sql`s.id = ${toUuid(scanId)}::uuid`))
  const [row] = await toScanRows(db, viewer, columns)
  const seq = columns[0]?.seq
  if (row === undefined || seq === undefined) throw scanNotFound(scanId)
  const [more] = await db.$queryRaw<{ progress: ScanProgress | null; scope: unknown; summary: ScanSummary | null; central: CentralWorkspaces | null; policy_version: number }[]>(
    Prisma.sql`select progress, scope, summary, central, policy_version from scan where seq = ${seq}`)
  const summary = more?.summary ?? null
  const missedCounts = await countMissed(db, seq, keySeenBy(viewer, 'p.subscription_id'))
  const unread = await listUnread(db, viewer, seq)
  return {
    ...row,
    scope: scopeSchema.parse(more?.scope ?? {}),
    progress: more?.progress ?? null,
    parts: await listParts(db, viewer, seq),
    unread: unread.rows,
    unreadTotal: unread.total,
    summary: summary === null || viewer.subscriptions === 'all' ? summary : await narrowSummary(db, viewer, seq, { ...summary, missed: summary.missed && missedCounts }, row),
    central: more?.central ?? null,
    policyVersion: more?.policy_version ?? 0,
    missed: await listMissed(db, viewer, seq),
    missedCounts,
  }
}

/** How far a scan is, for those who ask again and again. */
export type ScanProgressRow = Pick<ScanDetail, 'status' | 'startedAt' | 'finishedAt' | 'progress'> & { seq: number }

/** Throws KeypointError `not-found`. */
export async function getScanProgress(db: Queryable, viewer: Viewer, scanId: string): Promise<ScanProgressRow> {
  const [row] = await db.$queryRaw<{ seq: number; status: ScanStatus; started_at: Date | null; finished_at: Date | null; progress: ScanProgress | null }[]>(Prisma.sql`
    select seq, status, started_at, finished_at, progress from scan where id = ${toUuid(scanId)}::uuid and estate_id = ${viewer.estateId}`)
  if (row === undefined) throw scanNotFound(scanId)
  const { seq, status, progress } = row
  return { seq, status, progress, startedAt: row.started_at?.toISOString() ?? null, finishedAt: row.finished_at?.toISOString() ?? null }
}

/** Where scanning stands: the id of the newest scan that has ended (null: none), and whether the newest that was begun is running. */
export async function scanningState(db: Queryable, { estateId }: Viewer): Promise<{ lastEnded: string | null; running: boolean }> {
  const newest = (where: { status: { notIn: string[] } }) => db.scan.findFirst({ where: { estateId, ...where }, orderBy: { seq: 'desc' }, select: { id: true, status: true } })
  const [ended, begun] = await Promise.all([newest({ status: { notIn: ['queued', 'running'] } }), newest({ status: { notIn: ['queued'] } })])
  return { lastEnded: ended?.id ?? null, running: begun?.status === 'running' }
}

async function listMissed(db: Queryable, viewer: Viewer, seq: number): Promise<MissedRow[]> {
  return db.$queryRaw<MissedRow[]>(Prisma.sql`
    select r.resource_id as "resourceId", r.name, m.source, coalesce(m.perhaps, false) as perhaps
    from scan s cross join lateral jsonb_to_recordset(coalesce(s.missed, '[]'::jsonb)) m(subject text, source text, perhaps boolean)
      join resource r on r.estate_id = s.estate_id and r.key = m.subject
    where s.seq = ${seq} and ${seenBy(viewer, 'r')} order by perhaps, r.key, m.source`)
}

/** The subscriptions of a scan, by name. */
export async function listParts(db: Queryable, viewer: Viewer, seq: number): Promise<ScanPartRow[]> {
  return db.$queryRaw<(ScanPartRow & { status: PartStatus })[]>(Prisma.sql`
    select subscription_id as "subscriptionId", display_name as "displayName", status, reason, resources from scan_part
    where scan_seq = ${seq} and subscription_id <> '' and ${keySeenBy(viewer, 'subscription_id')} order by lower(display_name), subscription_id`)
}

const unreadRowsMax = 500
const unreadNames = 3

/** Findings that are unknown, grouped by what would cure them. */
async function listUnread(db: Queryable, viewer: Viewer, seq: number): Promise<{ rows: UnreadRow[]; total: number }> {
  const found = await db.$queryRaw<(UnreadRow & { reasonCode: ReasonCode; total: number })[]>(Prisma.sql`
    with unread as (
      select f.estate_id, f.subscription_id, f.reason_code, f.permission, count(*)::int as findings
      from finding f where ${seenBy(viewer, 'f')} and f.verdict = 'unknown' and ${heldAt(seq)} group by 1, 2, 3, 4
    )
    select u.reason_code as "reasonCode", case when u.reason_code = 'permission-denied' then u.subscription_id end as "subscriptionId",
      count(distinct u.subscription_id)::int as subscriptions, bool_or(u.subscription_id is null) as "ofTenant",
      (array_remove(array_agg(distinct coalesce(s.display_name, u.subscription_id)), null))[1:${unreadNames}::int] as names,
      array_remove(array_agg(distinct u.permission), null) as permissions, sum(u.findings)::int as findings, count(*) over ()::int as total
    from unread u left join subscription s on s.estate_id = u.estate_id and s.subscription_id = u.subscription_id
    group by 1, 2 order by (u.reason_code = 'permission-denied') desc, findings desc, 1, 2 limit ${unreadRowsMax}`)
  const rows = found.map(({ reasonCode, subscriptionId, subscriptions, names, ofTenant, permissions, findings }) =>
    ({ reasonCode, subscriptionId, subscriptions, names, ofTenant, permissions, findings }))
  return { rows, total: found[0]?.total ?? 0 }
}

/** A condition on findings `f`: they held at a scan, in one of the parts that it judged. */
export function heldAt(seq: number): Prisma.Sql {
  return Prisma.sql`f.from_seq <= ${seq} and (f.to_seq is null or f.to_seq > ${seq})
    and coalesce(f.subscription_id, '') in (select key from rollup where scan_seq = ${seq} and dimension = 'subscription')`
}

async function narrowSummary(db: Queryable, viewer: Viewer, seq: number, summary: ScanSummary, row: ScanRow): Promise<ScanSummary> {
  const sums = sumBy(await scanCounts(db, viewer, seq), (count) => count.keyPoint)
  const seen = new Set(viewer.subscriptions === 'all' ? [] : viewer.subscriptions.map((id) => id.toLowerCase()))
  return {
    ...summary,
    subscriptions: summary.subscriptions.filter((s) => seen.has(s.subscriptionId.toLowerCase())),
    resources: row.resources ?? 0,
    score: row.score,
    coverage: row.coverage ?? 0,
    keyPoints: keyPointSlugs.flatMap((keyPoint: KeyPoint) => {
      const by = sums.get(keyPoint)
      return by === undefined ? [] : [{ keyPoint, score: scoreOf(by), ...sumCounts(by) }]
    }),
  }
}

/** A scan's counts by subscription (`key`; empty: the tenant's own), key point and severity. */
export async function scanCounts(db: Queryable, viewer: Viewer, seq: number): Promise<CountRow[]> {
  return db.$queryRaw<CountRow[]>(Prisma.sql`
    select key, key_point as "keyPoint", severity, pass, fail, unknown, not_applicable as "notApplicable"
    from rollup where scan_seq = ${seq} and dimension = 'subscription' and ${keySeenBy(viewer, 'key')}`)
}

/** A scan by id, or the last one that finished with results. Throws KeypointError `not-found`. */
export async function resolveScan(db: Queryable, viewer: Viewer, scan: string): Promise<{ scanId: string; seq: number }> {
  const row = await db.scan.findFirst({
    where: { estateId: viewer.estateId, ...(scan === 'latest' ? { status: { in: ['succeeded', 'partial'] } } : { id: toUuid(scan) }) },
    orderBy: { seq: 'desc' }, select: { id: true, seq: true },
  })
  if (row === null) throw scanNotFound(scan === 'latest' ? 'that has finished' : scan)
  return { scanId: row.id, seq: row.seq }
}
