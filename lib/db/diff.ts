import { toResourceKey } from '@/lib/domain/arm-id'
import type { Change, ChangeCount, ChangeKind, ChangeSide } from '@/lib/domain/diff'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { ScanStatus } from '@/lib/domain/scan'
import type { Severity, Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import { lastChanges } from './changes'
import type { Database, Queryable } from './client'
import { scopeTypes } from './resources'
import { resolveScan } from './scan-rows'
import { atSeq, contentOf, keyPointOf, verdictCode, verdictCodeOf } from './transitions'
import { keySeenBy, narrowed, seenBy } from './viewing'

export interface ComparedScan {
  scanId: string
  seq: number
  status: ScanStatus
  /** ISO 8601 UTC. */
  startedAt: string
  finishedAt: string
}

/** Two ended scans of one estate, in the order in which they are compared; either may be the older. */
export interface ScanPair {
  from: ComparedScan
  to: ComparedScan
}

/**
 * The scans to compare, each by id or `latest`.
 * @throws KeypointError `not-found`, or `conflict` for a scan that has not ended or was pruned.
 */
export async function openDiff(db: Queryable, viewer: Viewer, from: string, to: string): Promise<ScanPair> {
  return { from: await endedScan(db, viewer, from), to: await endedScan(db, viewer, to) }
}

async function endedScan(db: Queryable, viewer: Viewer, scan: string): Promise<ComparedScan> {
  const { scanId, seq } = await resolveScan(db, viewer, scan)
  const row = await db.scan.findUniqueOrThrow({ where: { seq }, select: { status: true, startedAt: true, createdAt: true, finishedAt: true, prunedAt: true } })
  if (row.status === 'queued' || row.status === 'running') {
    throw new KeypointError('conflict', `Scan ${scanId} has no result to compare (it is ${row.status}).`, 'Wait for it to end, or compare other scans.')
  }
  if (row.prunedAt !== null) throw new KeypointError('conflict', `Of scan ${scanId} only the figures are kept.`, 'Compare scans that are not so old.')
  return { scanId, seq, status: toStatus(row.status), startedAt: (row.startedAt ?? row.createdAt).toISOString(), finishedAt: (row.finishedAt ?? row.createdAt).toISOString() }
}

/** The column's check constraint allows no others. */
function toStatus(status: string): ScanStatus {
  return status as ScanStatus
}

/**
 * The scan to compare one with: the last one with results before it that had the same scope, else the last one with results. Null when it is the first.
 */
export async function scanBefore(db: Queryable, viewer: Viewer, scanId: string): Promise<string | null> {
  const { seq } = await resolveScan(db, viewer, scanId)
  const [row] = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select b.id::text as id from scan b join scan s on s.seq = ${seq}
    where b.estate_id = ${viewer.estateId} and b.seq < ${seq} and b.status in ('succeeded', 'partial') and b.pruned_at is null
    order by (b.scope = s.scope) desc, b.seq desc limit 1`)
  return row?.id ?? null
}

export interface ChangeFilters {
  kinds?: readonly ChangeKind[]
  keyPoints?: readonly KeyPoint[]
  subscriptions?: readonly string[]
  /**
   * True: of all subscriptions that were read until the older scan, whichever the two judged. Then every change that scans stored belongs to one pair of scans
   * that follow each other, and to no other.
   */
  ofAllKnown?: boolean
}

/**
 * What became of each (resource, check) between two scans, as a common table expression `pair`, from the transitions between the two alone: what a pair was
 * before its first one held at the older scan, what it became by its last one holds at the newer. Pairs that are again what they were are left out.
 */
function pairsBetween(viewer: Viewer, { from, to }: ScanPair, ofAllKnown = false): Prisma.Sql {
  const [older, newer] = from.seq <= to.seq ? [from.seq, to.seq] : [to.seq, from.seq]
  const [before, after] = from.seq <= to.seq ? [Prisma.sql`old`, Prisma.sql`new`] : [Prisma.sql`new`, Prisma.sql`old`]
  return Prisma.sql`
    compared as (${ofAllKnown ? knownAt(viewer, older) : judgedByBoth(viewer, older, newer)}),
    pair as (
      select resource_ref, "check", subscription_id, ${before} as before, ${after} as after, ${keyPointOf(Prisma.sql`case ${verdictCodeOf(Prisma.sql`new`)} when 0 then old else new end`)} as key_point
      from (
        select t.resource_ref, t."check", t.subscription_id, min(${atSeq(Prisma.sql`t.before_state`)}) as old, max(${atSeq(Prisma.sql`t.after_state`)}) as new
        from transition t where ${seenBy(viewer, 't')} and t.seq > ${older} and t.seq <= ${newer}
        group by t.resource_ref, t."check", t.subscription_id
      ) net where ${contentOf(Prisma.sql`old`)} <> ${contentOf(Prisma.sql`new`)}
    )`
}

/** The kind of a change, from the codes of its verdicts. */
function kindOf(before: Prisma.Sql, after: Prisma.Sql): Prisma.Sql {
  const { fail, unknown } = verdictCode
  return Prisma.sql`case
    when ${before} = 0 then 'appeared'
    when ${after} = 0 then 'vanished'
    when ${after} = ${unknown} and ${before} <> ${unknown} then 'lost-sight'
    when ${before} = ${unknown} and ${after} <> ${unknown} then 'gained-sight'
    when ${after} = ${fail} and ${before} <> ${fail} then 'new-gap'
    when ${before} = ${fail} and ${after} <> ${fail} then 'closed-gap'
    else 'reason-changed' end`
}

const isCompared = Prisma.sql`coalesce(c.subscription_id, '') in (select key from compared)`

/**
 * The subscriptions (empty: the tenant's own part) that both scans judged: what one of them did not look at is no change. A subscription that the newer scan
 * knew to be deleted counts as judged by it.
 */
function judgedByBoth(viewer: Viewer, older: number, newer: number): Prisma.Sql {
  const judgedBy = (seq: number) => Prisma.sql`select key from rollup where scan_seq = ${seq} and dimension = 'subscription' and ${keySeenBy(viewer, 'key')}`
  return Prisma.sql`
    ${judgedBy(older)} intersect (${judgedBy(newer)} union
      select r.subscription_id from resource r join scan s on s.seq = ${newer}
      where ${seenBy(viewer, 'r')} and r.type = ${scopeTypes.subscription} and r.gone_seq > ${older}
        and (r.gone_seq = ${newer} or (r.gone_seq < ${newer} and s.scope = '{}'::jsonb)))`
}

/** The subscriptions (empty: the tenant's own part) that a scan until then had read. */
function knownAt(viewer: Viewer, seq: number): Prisma.Sql {
  return Prisma.sql`
    select p.subscription_id as key from scan_part p join scan s on s.seq = p.scan_seq
    where s.estate_id = ${viewer.estateId} and s.seq <= ${seq} and p.status in ('succeeded', 'partial') and ${keySeenBy(viewer, 'p.subscription_id')}
    union select '' where ${keySeenBy(viewer, "''")}`
}

/** Names of the subscriptions that the newer scan read and none until the older: what is found there is new to Keypoint, and perhaps to nobody else. */
export async function firstRead(db: Queryable, viewer: Viewer, { from, to }: ScanPair): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>(Prisma.sql`
    select p.display_name as name from scan_part p
    where p.scan_seq = ${to.seq} and p.status in ('succeeded', 'partial') and p.subscription_id not in (${knownAt(viewer, from.seq)}) and ${keySeenBy(viewer, 'p.subscription_id')}
    order by lower(p.display_name)`)
  return rows.map((row) => row.name)
}

/** How many changes there are, by kind, subscription and key point. */
export async function countChanges(db: Database, viewer: Viewer, pair: ScanPair, { ofAllKnown = false }: Pick<ChangeFilters, 'ofAllKnown'> = {}): Promise<ChangeCount[]> {
  const query = Prisma.sql`
    with ${pairsBetween(viewer, pair, ofAllKnown)},
    counted as (
      select subscription_id, key_point, ${verdictCodeOf(Prisma.sql`before`)} as before, ${verdictCodeOf(Prisma.sql`after`)} as after, count(*) as count
      from pair group by 1, 2, 3, 4
    )
    select ${kindOf(Prisma.sql`c.before`, Prisma.sql`c.after`)} as kind, c.subscription_id as "subscriptionId", s.display_name as "subscriptionName",
      c.key_point as "keyPoint", sum(c.count)::int as count
    from counted c left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = c.subscription_id
    where ${isCompared} group by 1, 2, 3, 4
    order by lower(s.display_name) nulls first, c.subscription_id, c.key_point, 1`
  return db.$transaction(async (tx) => {
    // Two scans far apart have a few hundred thousand pairs to group; on disk that takes twice as long.
    await tx.$executeRaw(Prisma.sql`set local work_mem = '32MB'`)
    return tx.$queryRaw<ChangeCount[]>(query)
  })
}

/** Names of the subscriptions that one of the two scans judged and the other did not, so that they are not compared. */
export async function notCompared(db: Queryable, viewer: Viewer, { from, to }: ScanPair): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>(Prisma.sql`
    with compared as (${judgedByBoth(viewer, Math.min(from.seq, to.seq), Math.max(from.seq, to.seq))})
    select distinct coalesce(s.display_name, case r.key when '' then 'Tenant and management groups' else r.key end) as name
    from rollup r left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = r.key
    where r.scan_seq in (${from.seq}, ${to.seq}) and r.dimension = 'subscription' and ${keySeenBy(viewer, 'r.key')} and r.key not in (select key from compared)
    order by 1`)
  return rows.map((row) => row.name)
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
  /** Of what came into sight: what it was before sight was lost; null: not known. */
  lastSeen: Verdict | null
}

interface ChangeColumns {
  kind: ChangeKind; subscription_id: string | null; display_name: string | null; resource_id: string; type: string; name: string; key: string; key_point: KeyPoint
  check: string; severity: Severity; gone: boolean; last_seen: Verdict | null; before: Verdict | null; before_reason: string | null; after: Verdict | null; after_reason: string | null
}

function conditionsOf({ kinds, keyPoints }: ChangeFilters): Prisma.Sql[] {
  return [
    ...(kinds?.length ? [Prisma.sql`c.kind = any(${[...kinds]}::text[])`] : []),
    ...(keyPoints?.length ? [Prisma.sql`c.key_point = any(${[...keyPoints]}::text[])`] : []),
  ]
}

async function selectChanges(db: Queryable, viewer: Viewer, pair: ScanPair, filters: ChangeFilters, more: Prisma.Sql[], tail: Prisma.Sql): Promise<ChangeColumns[]> {
  const conditions = [isCompared, ...conditionsOf(filters), ...more]
  const [older, newer] = [Math.min(pair.from.seq, pair.to.seq), Math.max(pair.from.seq, pair.to.seq)]
  return db.$queryRaw<ChangeColumns[]>(Prisma.sql`
    with ${pairsBetween(narrowed(viewer, filters.subscriptions), pair, filters.ofAllKnown)},
    change as (select resource_ref, "check", subscription_id, key_point, ${kindOf(verdictCodeOf(Prisma.sql`before`), verdictCodeOf(Prisma.sql`after`))} as kind from pair),
    shown as (
      select c.*, r.resource_id, r.type, r.name, r.key, coalesce(r.gone_seq > ${older} and r.gone_seq <= ${newer}, false) as gone from change c join resource r on r.id = c.resource_ref
      where ${Prisma.join(conditions, ' and ')} order by r.key, c."check" ${tail}
    )
    select c.kind, c.subscription_id, s.display_name, c.resource_id, c.type, c.name, c.key, c.key_point, c."check", c.gone,
      case c.kind when 'gained-sight' then (${lastSeenAt(pair.from.seq)}) end as last_seen,
      coalesce(a.severity, b.severity) as severity, b.verdict as before, b.reason as before_reason, a.verdict as after, a.reason as after_reason
    from shown c
      left join lateral (${findingAt(pair.from.seq)}) b on true left join lateral (${findingAt(pair.to.seq)}) a on true
      left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = c.subscription_id
    order by c.key, c."check"`)
}

/** What held of a shown pair at a scan. */
function findingAt(seq: number): Prisma.Sql {
  return Prisma.sql`
    select f.verdict, f.severity, j.reason from finding f join judgement j on j.id = f.judgement_ref
    where f.resource_ref = c.resource_ref and f."check" = c."check" and f.from_seq <= ${seq} and (f.to_seq is null or f.to_seq > ${seq})`
}

/** What a shown pair was the last time that it could be judged. */
function lastSeenAt(seq: number): Prisma.Sql {
  return Prisma.sql`
    select f.verdict from finding f where f.resource_ref = c.resource_ref and f."check" = c."check" and f.from_seq <= ${seq} and f.verdict <> 'unknown'
    order by f.from_seq desc limit 1`
}

function toChange(row: ChangeColumns): ChangeRow {
  const side = (verdict: Verdict | null, reason: string | null): ChangeSide | null => (verdict === null || reason === null ? null : { verdict, reason })
  return {
    kind: row.kind, subscriptionId: row.subscription_id, resourceId: row.resource_id, keyPoint: row.key_point, check: row.check,
    before: side(row.before, row.before_reason), after: side(row.after, row.after_reason), changedBy: null,
    severity: row.severity, resourceType: row.type, resourceName: row.name, subscriptionName: row.display_name, resourceGone: row.gone, lastSeen: row.last_seen,
  }
}

/** One page of changes, by lower-cased resource id and check; pages count from 1. */
export async function listChanges(
  db: Queryable, viewer: Viewer, pair: ScanPair, filters: ChangeFilters, page: { page: number; pageSize: number },
): Promise<ChangeRow[]> {
  const tail = Prisma.sql`limit ${page.pageSize} offset ${(page.page - 1) * page.pageSize}`
  return withAuthors(db, viewer, pair, await selectChanges(db, viewer, pair, filters, [], tail))
}

/** The key points that diagnostic settings and audits decide: a write of one says nothing of, say, the antimalware of the same machine. */
const decidedBySettings: readonly KeyPoint[] = ['central-log-management', 'audit-logging', 'log-retention']

/** Adds who last wrote or deleted the settings of a changed resource between the two scans, as the activity log tells. */
async function withAuthors(db: Queryable, viewer: Viewer, { from, to }: ScanPair, rows: ChangeColumns[]): Promise<ChangeRow[]> {
  const [older, newer] = from.seq <= to.seq ? [from, to] : [to, from]
  const subjects = new Set(rows.filter((row) => decidedBySettings.includes(row.key_point)).map((row) => toResourceKey(row.key)))
  const authors = await lastChanges(db, viewer, [...subjects], older.startedAt, newer.finishedAt)
  return rows.map((row) => {
    const author = decidedBySettings.includes(row.key_point) ? authors.get(row.key) : undefined
    return { ...toChange(row), changedBy: author === undefined || author.caller === null ? null : { caller: author.caller, at: author.at, operation: author.operation } }
  })
}

const streamedAtOnce = 20_000

/** All changes in the same order, in batches, so that memory does not grow with the estate. */
export async function* streamChanges(db: Queryable, viewer: Viewer, pair: ScanPair, filters: ChangeFilters = {}): AsyncGenerator<ChangeRow[]> {
  for (let last: ChangeColumns | undefined; ;) {
    const after = last === undefined ? [] : [Prisma.sql`(r.key, c."check") > (${last.key}, ${last.check})`]
    const rows = await selectChanges(db, viewer, pair, filters, after, Prisma.sql`limit ${streamedAtOnce}`)
    if (rows.length > 0) yield await withAuthors(db, viewer, pair, rows)
    last = rows.at(-1)
    if (rows.length < streamedAtOnce) return
  }
}
