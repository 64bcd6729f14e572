import { toResourceKey } from '@/lib/domain/arm-id'
import { canDecide } from '@/lib/domain/deciding-operations'
import type { Change, ChangeKind, ChangeSide } from '@/lib/domain/diff'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Severity, Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import { lastChanges } from './changes'
import type { Queryable } from './client'
import { countChanges, kindOf, netBetween, type ComparedParts } from './comparisons'
import { inTime, type ScanPair } from './scan-pairs'
import { gapSinceOf, verdictCodeOf } from './transitions'

export interface ChangeFilters extends ComparedParts {
  kinds?: readonly ChangeKind[]
  keyPoints?: readonly KeyPoint[]
  subscriptions?: readonly string[]
}

export interface ChangeRow extends Change {
  /** Of the finding as it is; of one that vanished, as it was. */
  severity: Severity
  /** Lower case. */
  resourceType: string
  resourceName: string
  subscriptionName: string | null
  /** True: between the two scans the resource went from what Azure lists. */
  resourceGone: boolean
  /** True: before, it was a gap that is open, in sight or not. */
  wasGap: boolean
}

export interface ChangeColumns {
  kind: ChangeKind; subscription_id: string | null; display_name: string | null; resource_id: string; type: string; name: string; key: string; key_point: KeyPoint
  check: string; severity: Severity; gone: boolean; was_gap: boolean; before: Verdict | null; before_reason: string | null; after: Verdict | null; after_reason: string | null
}

/** A part of the estate (a subscription; empty: the tenant's own) with how many of its changes match. */
interface PartChanges {
  key: string
  count: number
}

/** The parts with changes that match, in the order in which they are listed. */
async function matchingParts(db: Queryable, viewer: Viewer, pair: ScanPair, filters: ChangeFilters): Promise<PartChanges[]> {
  const { kinds = [], keyPoints = [], subscriptions = [] } = filters
  const wanted = new Set(subscriptions.map((id) => id.toLowerCase()))
  const counts = new Map<string, number>()
  for (const { kind, keyPoint, subscriptionId, count } of await countChanges(db, viewer, pair, filters)) {
    const key = subscriptionId ?? ''
    if ((kinds.length > 0 && !kinds.includes(kind)) || (keyPoints.length > 0 && !keyPoints.includes(keyPoint)) || (wanted.size > 0 && !wanted.has(key))) continue
    counts.set(key, (counts.get(key) ?? 0) + count)
  }
  return [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => (a.key < b.key ? -1 : 1))
}

function isOfParts(estateId: number, parts: readonly PartChanges[]): Prisma.Sql {
  const subscriptions = parts.map(({ key }) => key).filter((key) => key !== '')
  const ofTenant = subscriptions.length < parts.length ? Prisma.sql` or t.subscription_id is null` : Prisma.empty
  return Prisma.sql`t.estate_id = ${estateId} and (t.subscription_id = any(${subscriptions}::text[])${ofTenant})`
}

/** Which of the changes in some parts are read, and how many. */
interface Cut {
  parts: readonly PartChanges[]
  after?: ChangeColumns
  skip?: number
  limit: number
}

async function selectChanges(db: Queryable, { estateId }: Viewer, pair: ScanPair, { kinds, keyPoints }: ChangeFilters, { parts, after, skip = 0, limit }: Cut): Promise<ChangeColumns[]> {
  const [older, newer] = inTime(pair)
  const part = Prisma.sql`coalesce(c.subscription_id, '')`
  const conditions = [
    Prisma.sql`true`,
    ...(kinds?.length ? [Prisma.sql`c.kind = any(${[...kinds]}::text[])`] : []),
    ...(keyPoints?.length ? [Prisma.sql`c.key_point = any(${[...keyPoints]}::text[])`] : []),
    ...(after === undefined ? [] : [Prisma.sql`(${part}, r.key, c."check") > (${after.subscription_id ?? ''}, ${after.key}, ${after.check})`]),
  ]
  return db.$queryRaw<ChangeColumns[]>(Prisma.sql`
    with change as (
      select resource_ref, "check", subscription_id, key_point, ${kindOf(pair, verdictCodeOf(Prisma.sql`old`), verdictCodeOf(Prisma.sql`new`))} as kind
      from (${netBetween(older, newer, isOfParts(estateId, parts))}) net
    ),
    shown as (
      select c.*, r.resource_id, r.type, r.name, r.key, coalesce(r.gone_seq > ${older} and r.gone_seq <= ${newer}, false) as gone from change c join resource r on r.id = c.resource_ref
      where ${Prisma.join(conditions, ' and ')} order by ${part}, r.key, c."check" limit ${limit} offset ${skip}
    )
    select c.kind, c.subscription_id, s.display_name, c.resource_id, c.type, c.name, c.key, c.key_point, c."check", c.gone,
      b.gap_since is not null as was_gap, coalesce(a.severity, b.severity) as severity, b.verdict as before, b.reason as before_reason, a.verdict as after, a.reason as after_reason
    from shown c
      left join lateral (${findingAt(pair.from.seq)}) b on true left join lateral (${findingAt(pair.to.seq)}) a on true
      left join subscription s on s.estate_id = ${estateId} and s.subscription_id = c.subscription_id
    order by ${part}, c.key, c."check"`)
}

/** What held of a pair `c` at a scan, as a query. */
export function findingAt(seq: number): Prisma.Sql {
  return Prisma.sql`
    select f.verdict, f.severity, j.reason, ${gapSinceOf('f')} as gap_since from finding f join judgement j on j.id = f.judgement_ref
    where f.resource_ref = c.resource_ref and f."check" = c."check" and f.from_seq <= ${seq} and (f.to_seq is null or f.to_seq > ${seq})`
}

function toChange(row: ChangeColumns): ChangeRow {
  const side = (verdict: Verdict | null, reason: string | null): ChangeSide | null => (verdict === null || reason === null ? null : { verdict, reason })
  return {
    kind: row.kind, subscriptionId: row.subscription_id, resourceId: row.resource_id, keyPoint: row.key_point, check: row.check,
    before: side(row.before, row.before_reason), after: side(row.after, row.after_reason), changedBy: null,
    severity: row.severity, resourceType: row.type, resourceName: row.name, subscriptionName: row.display_name, resourceGone: row.gone, wasGap: row.was_gap,
  }
}

/**
 * One page of changes: the tenant's own first, then by subscription, in each by lower-cased resource id and check; pages count from 1. How many changes each
 * subscription has is counted, so that only those on the page are read.
 */
export async function listChanges(db: Queryable, viewer: Viewer, pair: ScanPair, filters: ChangeFilters, { page, pageSize }: { page: number; pageSize: number }): Promise<ChangeRow[]> {
  const parts: PartChanges[] = []
  let [skip, limit] = [(page - 1) * pageSize, 0]
  for (const part of await matchingParts(db, viewer, pair, filters)) {
    if (parts.length === 0 && part.count <= skip) skip -= part.count
    else {
      parts.push(part)
      limit += part.count
    }
    if (limit >= skip + pageSize) break
  }
  if (parts.length === 0) return []
  return withAuthors(db, viewer, pair, await selectChanges(db, viewer, pair, filters, { parts, skip, limit: pageSize }))
}

/** Adds who last did to the subject of a changed finding, between the two scans, what can have decided it, as the activity log tells. */
export async function withAuthors(db: Queryable, viewer: Viewer, { from, to }: ScanPair, rows: ChangeColumns[]): Promise<ChangeRow[]> {
  const [older, newer] = from.seq <= to.seq ? [from, to] : [to, from]
  const subjects = new Set(rows.map((row) => toResourceKey(row.key)))
  // The log tells times by Azure's clock, which is known to the second.
  const newerTook = Date.parse(newer.finishedAt) - Date.parse(newer.startedAt) + 1_000
  const changes = await lastChanges(db, viewer, [...subjects], older.azureStartedAt, new Date(Date.parse(newer.azureStartedAt) + newerTook).toISOString())
  return rows.map((row) => {
    const author = changes.get(row.key)?.find(({ operation }) => canDecide(operation, row.check))
    return { ...toChange(row), changedBy: author === undefined || author.caller === null ? null : { caller: author.caller, at: author.at, operation: author.operation } }
  })
}

const streamedAtOnce = 20_000

/** All changes in the same order, in batches, so that memory does not grow with the estate. */
export async function* streamChanges(db: Queryable, viewer: Viewer, pair: ScanPair, filters: ChangeFilters = {}): AsyncGenerator<ChangeRow[]> {
  for (const parts of together(await matchingParts(db, viewer, pair, filters))) {
    for (let after: ChangeColumns | undefined; ;) {
      const rows = await selectChanges(db, viewer, pair, filters, { parts, after, limit: streamedAtOnce })
      if (rows.length > 0) yield await withAuthors(db, viewer, pair, rows)
      after = rows.at(-1)
      if (rows.length < streamedAtOnce) break
    }
  }
}

/** Neighbours that fit into one batch together. */
function* together(parts: readonly PartChanges[]): Generator<PartChanges[]> {
  let group: PartChanges[] = []
  let sum = 0
  for (const part of parts) {
    if (group.length > 0 && sum + part.count > streamedAtOnce) {
      yield group
      group = []
      sum = 0
    }
    group.push(part)
    sum += part.count
  }
  if (group.length > 0) yield group
}
