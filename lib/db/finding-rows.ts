import type { FindingQuery, FindingRow } from '@/lib/domain/views'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { ReasonCode, Severity, Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toObject } from './json'
import { findingFilter, resourceFilter } from './resource-list'
import { heldAt, resolveScan } from './scan-rows'
import { narrowed, seenBy } from './viewing'

export type FindingFilters = Pick<FindingQuery, 'verdicts' | 'keyPoints' | 'checks' | 'subscriptions'>

interface FindingColumns {
  subscription_id: string | null; resource_id: string; type: string; name: string; location: string; key_point: KeyPoint; check: string
  check_version: number; verdict: Verdict; reason_code: ReasonCode | null; severity: Severity; reason: string; evidence: unknown
  permission: string | null; since: Date | null
}

function selectFindings(where: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select f.subscription_id, r.resource_id, r.type, r.name, r.location, f.key_point, f."check", f.check_version, f.verdict, f.reason_code,
      f.severity, j.reason, j.evidence, f.permission, coalesce(s.started_at, s.created_at) as since
    from resource r join finding f on f.resource_ref = r.id join judgement j on j.id = f.judgement_ref left join scan s on s.seq = case f.verdict when 'fail' then coalesce(f.gap_since_seq, f.since_seq) else f.since_seq end
    where ${where} order by r.key, f."check"`
}

function toFindingRow(row: FindingColumns): FindingRow {
  return {
    subscriptionId: row.subscription_id, resourceId: row.resource_id, resourceType: row.type, resourceName: row.name, location: row.location,
    keyPoint: row.key_point, check: row.check, checkVersion: row.check_version, verdict: row.verdict, reasonCode: row.reason_code,
    severity: row.severity, reason: row.reason, evidence: toObject(row.evidence), permission: row.permission,
    since: (row.since ?? new Date(0)).toISOString(),
  }
}

/** The open findings of one resource, by check. */
export async function findingsOf(db: Queryable, resourceRef: number): Promise<FindingRow[]> {
  const rows = await db.$queryRaw<FindingColumns[]>(selectFindings(Prisma.sql`r.id = ${resourceRef} and f.to_seq is null`))
  return rows.map(toFindingRow)
}

const resourcesPerPage = 500

/**
 * A scan's findings in pages, sorted by lower-cased resource id and then check, both by code units. A page holds all findings of up to 500 resources, so
 * memory does not grow with the estate.
 */
export async function* streamFindings(db: Queryable, viewer: Viewer, scanId: string, filters: FindingFilters): AsyncGenerator<FindingRow[]> {
  const { seq } = await resolveScan(db, viewer, scanId)
  const { subscriptions, ...ofFindings } = filters
  yield* streamPages(db, narrowed(viewer, subscriptions), Prisma.sql`true`, Prisma.sql`${heldAt(seq)} and ${findingFilter(ofFindings)}`)
}

/**
 * The findings that a query matches, in the same order and pages, as the newest scan that ended left them: where no scan is at work, the resources page counts the
 * same. What a newer one stores meanwhile stays out, so that a long export is of one moment.
 */
export async function* streamCurrentFindings(db: Queryable, viewer: Viewer, query: FindingQuery): AsyncGenerator<FindingRow[]> {
  const ended = await db.scan.aggregate({ where: { estateId: viewer.estateId, status: { notIn: ['queued', 'running'] } }, _max: { seq: true } })
  const seq = ended._max.seq ?? 0
  yield* streamPages(db, narrowed(viewer, query.subscriptions),
    Prisma.sql`r.first_seen_seq <= ${seq} and (r.gone_seq is null or r.gone_seq > ${seq}) and ${resourceFilter(query, viewer.estateId)}`,
    Prisma.sql`f.from_seq <= ${seq} and (f.to_seq is null or f.to_seq > ${seq}) and ${findingFilter(query)}`)
}

async function* streamPages(db: Queryable, viewer: Viewer, ofResources: Prisma.Sql, ofFindings: Prisma.Sql): AsyncGenerator<FindingRow[]> {
  for (let after = ''; ;) {
    const page = await db.$queryRaw<{ id: number; key: string }[]>(Prisma.sql`
      select r.id, r.key from resource r where ${seenBy(viewer, 'r')} and r.key > ${after} and ${ofResources} order by r.key limit ${resourcesPerPage}`)
    const last = page.at(-1)
    if (last === undefined) return
    const rows = await db.$queryRaw<FindingColumns[]>(selectFindings(Prisma.sql`r.id = any(${page.map((row) => row.id)}::int[]) and ${ofFindings}`))
    if (rows.length > 0) yield rows.map(toFindingRow)
    after = last.key
  }
}
