import type { Finding } from '@/lib/domain/finding'
import type { Verdict } from '@/lib/domain/verdict'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { ints, texts } from './columns'
import { batches, toText } from './json'
import type { JudgementRow } from './judgements'

export interface StoredFindings {
  /** (resource, check) pairs judged for the first time, or again after a pause. */
  opened: number
  /** Pairs that are no longer judged. */
  closed: number
  /** Pairs whose verdict, reason or evidence changed. */
  changed: number
  unchanged: number
}

/** The part of an estate that a scan judges as one. */
export interface Part {
  estateId: number
  seq: number
  /** Lower case; null: management groups and the tenant. */
  subscription: string | null
}

/** What was found of resources, by their rows' ids, and of each by check. */
export type FoundByResource = ReadonlyMap<number, ReadonlyMap<string, Finding>>

/** One interval as stored. */
interface Interval {
  ref: number
  check: string
  verdict: Verdict
  judgement: number
  from: number
  to: number | null
  since: number
  gapSince: number | null
}

interface NewInterval extends Pick<Interval, 'ref' | 'since' | 'gapSince'> {
  finding: Finding
  judgement: JudgementRow
}

/** What must be written so that the intervals say what this scan found. */
export interface IntervalChanges {
  insert: NewInterval[]
  close: Interval[]
  reopen: Interval[]
  /** Written by an earlier attempt at this same scan, and no longer true. */
  remove: Interval[]
}

/**
 * Makes the intervals of some resources say what a scan found: unchanged findings write nothing, what is no longer found ends with this scan, and the same again
 * leaves everything as it is.
 */
export async function writeIntervals(
  tx: Queryable, part: Part, found: FoundByResource, judgementOf: (finding: Finding) => JudgementRow | undefined,
): Promise<{ result: StoredFindings; changes: IntervalChanges }> {
  const changes: IntervalChanges = { insert: [], close: [], reopen: [], remove: [] }
  const result = compare(await loadIntervals(tx, part.seq, [...found.keys()]), found, judgementOf, part.seq, changes)
  await apply(tx, part, changes)
  return { result, changes }
}

/**
 * Open intervals, and those that an earlier attempt at this scan closed. Resource by resource: in a first scan there are no statistics yet, and by one condition
 * for all of them PostgreSQL would read every finding of the estate for each slice.
 */
async function loadIntervals(tx: Queryable, seq: number, refs: readonly number[]): Promise<Interval[]> {
  return tx.$queryRaw<Interval[]>(Prisma.sql`
    select f.* from unnest(${ints(refs)}) as k(ref) cross join lateral (
      select resource_ref as ref, "check", verdict, judgement_ref as judgement, from_seq as "from", to_seq as "to", since_seq as since, gap_since_seq as "gapSince"
      from finding where resource_ref = k.ref and coalesce(to_seq, ${seq}) = ${seq} offset 0) f`)
}

/** The open interval of a pair from before this scan, or closed by it, and the one that an earlier attempt at it began. */
interface StoredPair {
  before?: Interval
  now?: Interval
}

function byPair(intervals: readonly Interval[], seq: number): Map<number, Map<string, StoredPair>> {
  const pairs = new Map<number, Map<string, StoredPair>>()
  for (const interval of intervals) {
    if (interval.from > seq) throw new Error(`scan ${seq} is older than what is stored of its subscription (scan ${interval.from})`)
    const checks = pairs.get(interval.ref) ?? new Map<string, StoredPair>()
    pairs.set(interval.ref, checks)
    const pair = checks.get(interval.check) ?? {}
    checks.set(interval.check, pair)
    pair[interval.from === seq ? 'now' : 'before'] = interval
  }
  return pairs
}

function compare(
  intervals: readonly Interval[], found: FoundByResource, judgementOf: (finding: Finding) => JudgementRow | undefined, seq: number, changes: IntervalChanges,
): StoredFindings {
  const result: StoredFindings = { opened: 0, closed: 0, changed: 0, unchanged: 0 }
  const pairs = byPair(intervals, seq)
  for (const [ref, checks] of found) {
    for (const [check, finding] of checks) {
      const { before, now } = pairs.get(ref)?.get(check) ?? {}
      const judgement = judgementOf(finding)
      if (judgement === undefined) throw new Error(`the judgement of ${check} on ${finding.resourceId} is not stored`)
      if (before?.judgement === judgement.id) {
        if (before.to !== null) changes.reopen.push(before)
        if (now) changes.remove.push(now)
        result.unchanged += 1
      } else {
        if (before?.to === null) changes.close.push(before)
        if (now?.judgement === judgement.id) {
          result.unchanged += 1
          continue
        }
        if (now) changes.remove.push(now)
        changes.insert.push({ ref, finding, judgement, ...sinceOf(finding.judgement.verdict, before, seq) })
        result[before ? 'changed' : 'opened'] += 1
      }
    }
  }
  for (const [ref, checks] of pairs) {
    for (const [check, { before, now }] of checks) {
      if (found.get(ref)?.has(check)) continue
      if (now) changes.remove.push(now)
      if (before?.to === null) changes.close.push(before)
      if (now || before?.to === null) result.closed += 1
    }
  }
  return result
}

/** A gap is open until it is proven to be none: a loss of sight leaves it open. */
function sinceOf(verdict: Verdict, before: Interval | undefined, seq: number): Pick<Interval, 'since' | 'gapSince'> {
  const since = before?.verdict === verdict ? before.since : seq
  const gap = before === undefined ? null : gapOf(before)
  if (verdict === 'unknown') return { since, gapSince: gap }
  return { since, gapSince: verdict === 'fail' && gap !== null && gap < since ? gap : null }
}

/** The scan that first saw the gap that an interval is, in sight or not; null: it is none. */
function gapOf({ verdict, since, gapSince }: Interval): number | null {
  if (verdict === 'unknown') return gapSince
  return verdict === 'fail' ? (gapSince ?? since) : null
}

async function apply(tx: Queryable, { estateId, seq, subscription }: Part, changes: IntervalChanges): Promise<void> {
  for (const batch of batches(changes.remove, 10_000)) {
    await tx.$executeRaw(Prisma.sql`delete from finding f using ${keysOf(batch)} where ${isKey}`)
  }
  for (const [rows, to] of [[changes.reopen, null], [changes.close, seq]] as const) {
    for (const batch of batches(rows, 10_000)) {
      await tx.$executeRaw(Prisma.sql`update finding f set to_seq = ${to}::int from ${keysOf(batch)} where ${isKey}`)
    }
  }
  for (const batch of batches(changes.insert, 5_000)) await insert(tx, { estateId, seq, subscription }, batch)
}

async function insert(tx: Queryable, { estateId, seq, subscription }: Part, rows: readonly NewInterval[]): Promise<void> {
  const kinds = new Kinds()
  const kindOf = rows.map(({ finding }) => kinds.placeOf(finding))
  const column = (value: (row: NewInterval) => number | null) => ints(rows.map(value))
  await tx.$executeRaw(Prisma.sql`
    insert into finding (estate_id, resource_ref, subscription_id, key_point, "check", check_version, verdict, reason_code, severity, permission,
      judgement_ref, reason_key, from_seq, since_seq, gap_since_seq)
    select ${estateId}, n.ref, ${subscription}, k.key_point, k."check", k.check_version, k.verdict, k.reason_code, k.severity, k.permission,
      n.judgement, n.reason_key, ${seq}, n.since, n.gap_since
    from unnest(${column(({ ref }) => ref)}, ${ints(kindOf)}, ${column(({ judgement }) => judgement.id)}, ${column(({ judgement }) => judgement.reasonKey)},
        ${column(({ since }) => since)}, ${column(({ gapSince }) => gapSince)}) as n(ref, kind, judgement, reason_key, since, gap_since)
      join ${kinds.table()} as k(key_point, "check", check_version, verdict, reason_code, severity, permission, place) on k.place = n.kind`)
}

/** It is in an index, whose rows are bounded; no action of Azure is half as long. */
const permissionMax = 300

/** What many findings have alike, sent once: a slice has a few dozen kinds. */
class Kinds {
  private readonly places = new Map<string, number>()
  private readonly kinds: { finding: Finding; permission: string | null }[] = []

  /** From 1. */
  placeOf(finding: Finding): number {
    const { check, checkVersion, keyPoint, severity, judgement } = finding
    const unknown = judgement.verdict === 'unknown' ? judgement : undefined
    const permission = toText((unknown?.permission ?? '').slice(0, permissionMax)) || null
    const kind = `${check} ${checkVersion} ${keyPoint} ${severity} ${judgement.verdict} ${unknown?.reasonCode ?? ''} ${permission ?? ''}`
    const known = this.places.get(kind)
    if (known !== undefined) return known
    this.places.set(kind, this.kinds.push({ finding, permission }))
    return this.kinds.length
  }

  table(): Prisma.Sql {
    const column = (value: (finding: Finding) => string | null) => texts(this.kinds.map(({ finding }) => value(finding)))
    return Prisma.sql`unnest(${column(({ keyPoint }) => keyPoint)}, ${column(({ check }) => check)}, ${ints(this.kinds.map(({ finding }) => finding.checkVersion))},
      ${column(({ judgement }) => judgement.verdict)}, ${column(({ judgement }) => (judgement.verdict === 'unknown' ? judgement.reasonCode : null))},
      ${column(({ severity }) => severity)}, ${texts(this.kinds.map(({ permission }) => permission))}) with ordinality`
  }
}

const isKey = Prisma.sql`f.resource_ref = k.ref and f."check" = k."check" and f.from_seq = k."from"`

function keysOf(rows: readonly Interval[]): Prisma.Sql {
  return Prisma.sql`unnest(${ints(rows.map((row) => row.ref))}, ${texts(rows.map((row) => row.check))}, ${ints(rows.map((row) => row.from))}) as k(ref, "check", "from")`
}

/** All that was written of this scan, each pair once. */
export function pairsOf({ insert, close, reopen, remove }: IntervalChanges): { ref: number; check: string }[] {
  const pairs = new Map<string, { ref: number; check: string }>()
  const written = [...insert.map(({ ref, finding }) => ({ ref, check: finding.check })), ...close, ...reopen, ...remove]
  for (const { ref, check } of written) pairs.set(`${ref} ${check}`, { ref, check })
  return [...pairs.values()]
}
