import { toResourceKey } from '@/lib/domain/arm-id'
import type { Finding } from '@/lib/domain/finding'
import type { Verdict } from '@/lib/domain/verdict'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { batches, toText } from './json'
import { judgementsOf, keepJudgements, saveJudgements } from './judgements'
import { addToPosture, emptyPosture, rankOf, type Posture } from './posture'
import { writeGapTurnover, writePartRollup } from './rollups'
import { writeTransitions } from './transitions'

export interface StoredFindings {
  /** (resource, check) pairs judged for the first time, or again after a pause. */
  opened: number
  /** Pairs that are no longer judged. */
  closed: number
  /** Pairs whose verdict, reason or evidence changed. */
  changed: number
  unchanged: number
}

/** One interval as stored. */
interface Interval {
  ref: number
  check: string
  verdict: Verdict
  judgement: number
  from: number
  to: number | null
  since: number
}

interface NewInterval {
  ref: number
  finding: Finding
  judgement: number
  since: number
}

/** What must be written so that the intervals say what this scan found. */
interface Changes {
  insert: NewInterval[]
  close: Interval[]
  reopen: Interval[]
  /** Written by an earlier attempt at this same scan, and no longer true. */
  remove: Interval[]
}

/**
 * Stores what one scan found in one subscription (null: management groups and the tenant), in one transaction. Unchanged findings write nothing, what is no
 * longer found ends with this scan, and storing the same part again leaves everything as it is. The resources must be stored before.
 */
export async function storeFindings(
  db: Database, estateId: number, seq: number, subscriptionId: string | null, findings: readonly Finding[],
): Promise<StoredFindings> {
  const subscription = subscriptionId?.toLowerCase() ?? null
  const { contents, hashes } = judgementsOf(findings)
  await saveJudgements(db, estateId, contents)
  return db.$transaction(async (tx) => {
    await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock(${estateId}::int, hashtext(${`findings ${subscription ?? ''}`}))`)
    await keepJudgements(tx, estateId)
    const ids = await saveJudgements(tx, estateId, contents)
    const judgementOf = (finding: Finding): number | undefined => ids.get(hashes.get(finding) ?? '')
    const here = subscription === null ? Prisma.sql`subscription_id is null` : Prisma.sql`subscription_id = ${subscription}`
    const stored = await loadPostures(tx, estateId, here)
    const found = byResource(findings, stored)
    const changes: Changes = { insert: [], close: [], reopen: [], remove: [] }
    const before = await loadIntervals(tx, estateId, seq, here)
    const result = compare(before, found, judgementOf, seq, changes)
    await apply(tx, estateId, seq, subscription, changes)
    if (before.some(({ from }) => from < seq) || (await wasJudgedBefore(tx, estateId, seq, subscription))) {
      await writeTransitions(tx, estateId, seq, pairsOf(changes))
      await writeGapTurnover(tx, seq, subscription)
    }
    await updatePostures(tx, stored, found)
    await writePartRollup(tx, seq, subscription, [...found.values()].flatMap((checks) => [...checks.values()]))
    return result
  })
}

/** Whether an earlier scan judged the part: what is found then is a change. */
async function wasJudgedBefore(tx: Queryable, estateId: number, seq: number, subscription: string | null): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ judged: boolean }[]>(Prisma.sql`
    select exists (select 1 from scan s where s.estate_id = ${estateId} and s.seq < ${seq} and (
      exists (select 1 from rollup where scan_seq = s.seq and dimension = 'subscription' and key = ${subscription ?? ''})
      or exists (select 1 from scan_part where scan_seq = s.seq and subscription_id = ${subscription ?? ''} and status in ('succeeded', 'partial')))) as judged`)
  return row?.judged ?? false
}

/** All that was written of this scan, each pair once. */
function pairsOf({ insert, close, reopen, remove }: Changes): { ref: number; check: string }[] {
  const pairs = new Map<string, { ref: number; check: string }>()
  const written = [...insert.map(({ ref, finding }) => ({ ref, check: finding.check })), ...close, ...reopen, ...remove]
  for (const { ref, check } of written) pairs.set(`${ref} ${check}`, { ref, check })
  return [...pairs.values()]
}

interface StoredPosture extends Posture {
  id: number
}

async function loadPostures(tx: Queryable, estateId: number, here: Prisma.Sql): Promise<Map<string, StoredPosture>> {
  const rows = await tx.$queryRaw<{ id: number; key: string; c: number; h: number; m: number; l: number; u: number; p: number; f: number; mask: number }[]>(Prisma.sql`
    select id, key, fail_critical c, fail_high h, fail_medium m, fail_low l, unknown_count u, pass_count p, findings f, mask::float8 mask
    from resource where estate_id = ${estateId} and gone_seq is null and ${here}`)
  return new Map(rows.map((row) => [row.key, {
    id: row.id, fails: { critical: row.c, high: row.h, medium: row.m, low: row.l }, unknown: row.u, pass: row.p, findings: row.f, mask: row.mask,
  }]))
}

/** Findings by resource row and check; of two about the same pair the later counts. */
function byResource(findings: readonly Finding[], stored: ReadonlyMap<string, StoredPosture>): Map<number, Map<string, Finding>> {
  const found = new Map<number, Map<string, Finding>>()
  for (const finding of findings) {
    const resource = stored.get(toText(toResourceKey(finding.resourceId)))
    if (resource === undefined) throw new Error(`a finding of ${finding.check} is about ${finding.resourceId}, which is not stored in its subscription`)
    const checks = found.get(resource.id) ?? new Map<string, Finding>()
    found.set(resource.id, checks)
    checks.set(finding.check, finding)
  }
  return found
}

/** Open intervals, and those that an earlier attempt at this scan closed. */
async function loadIntervals(tx: Queryable, estateId: number, seq: number, here: Prisma.Sql): Promise<Interval[]> {
  const columns = Prisma.sql`resource_ref as ref, "check", verdict, judgement_ref as judgement, from_seq as "from", to_seq as "to", since_seq as since`
  return tx.$queryRaw<Interval[]>(Prisma.sql`
    select ${columns} from finding where estate_id = ${estateId} and ${here} and to_seq is null
    union all
    select ${columns} from finding where estate_id = ${estateId} and ${here} and to_seq = ${seq}`)
}

function compare(
  intervals: Interval[], found: Map<number, Map<string, Finding>>, judgementOf: (finding: Finding) => number | undefined, seq: number, changes: Changes,
): StoredFindings {
  const result: StoredFindings = { opened: 0, closed: 0, changed: 0, unchanged: 0 }
  const pairs = new Map<number, Map<string, { before?: Interval; now?: Interval }>>()
  for (const interval of intervals) {
    if (interval.from > seq) throw new Error(`scan ${seq} is older than what is stored of its subscription (scan ${interval.from})`)
    const checks = pairs.get(interval.ref) ?? new Map<string, { before?: Interval; now?: Interval }>()
    pairs.set(interval.ref, checks)
    const pair = checks.get(interval.check) ?? {}
    checks.set(interval.check, pair)
    pair[interval.from === seq ? 'now' : 'before'] = interval
  }
  for (const [ref, checks] of found) {
    for (const [check, finding] of checks) {
      const { before, now } = pairs.get(ref)?.get(check) ?? {}
      const judgement = judgementOf(finding)
      if (judgement === undefined) throw new Error(`the judgement of ${check} on ${finding.resourceId} is not stored`)
      if (before?.judgement === judgement) {
        if (before.to !== null) changes.reopen.push(before)
        if (now) changes.remove.push(now)
        result.unchanged += 1
      } else {
        if (before?.to === null) changes.close.push(before)
        if (now?.judgement === judgement) {
          result.unchanged += 1
          continue
        }
        if (now) changes.remove.push(now)
        changes.insert.push({ ref, finding, judgement, since: before?.verdict === finding.judgement.verdict ? before.since : seq })
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

async function apply(tx: Queryable, estateId: number, seq: number, subscription: string | null, changes: Changes): Promise<void> {
  for (const batch of batches(changes.remove, 10_000)) {
    await tx.$executeRaw(Prisma.sql`delete from finding f using ${keysOf(batch)} where ${isKey}`)
  }
  for (const [rows, to] of [[changes.reopen, null], [changes.close, seq]] as const) {
    for (const batch of batches(rows, 10_000)) {
      await tx.$executeRaw(Prisma.sql`update finding f set to_seq = ${to}::int from ${keysOf(batch)} where ${isKey}`)
    }
  }
  for (const batch of batches(changes.insert, 5_000)) {
    const column = <T>(value: (row: NewInterval) => T): T[] => batch.map(value)
    const ofUnknown = (row: NewInterval) => (row.finding.judgement.verdict === 'unknown' ? row.finding.judgement : undefined)
    await tx.$executeRaw(Prisma.sql`
      insert into finding (estate_id, resource_ref, subscription_id, key_point, "check", check_version, verdict, reason_code, severity, permission,
        judgement_ref, reason_key, from_seq, since_seq)
      select ${estateId}, n.ref, ${subscription}, n.key_point, n."check", n.check_version, n.verdict, n.reason_code, n.severity, n.permission,
        n.judgement, hashtext(j.reason), ${seq}, n.since
      from unnest(${column(({ ref }) => ref)}::int[], ${column(({ finding }) => finding.keyPoint)}::text[], ${column(({ finding }) => finding.check)}::text[],
        ${column(({ finding }) => finding.checkVersion)}::int[], ${column(({ finding }) => finding.judgement.verdict)}::text[],
        ${column((row) => ofUnknown(row)?.reasonCode ?? null)}::text[], ${column(({ finding }) => finding.severity)}::text[],
        ${column((row) => toText(ofUnknown(row)?.permission ?? '') || null)}::text[], ${column(({ judgement }) => judgement)}::int[], ${column(({ since }) => since)}::int[])
        as n(ref, key_point, "check", check_version, verdict, reason_code, severity, permission, judgement, since)
        join judgement j on j.id = n.judgement`)
  }
}

const isKey = Prisma.sql`f.resource_ref = k.ref and f."check" = k."check" and f.from_seq = k."from"`

function keysOf(rows: readonly Interval[]): Prisma.Sql {
  return Prisma.sql`unnest(${rows.map((row) => row.ref)}::int[], ${rows.map((row) => row.check)}::text[], ${rows.map((row) => row.from)}::int[])
    as k(ref, "check", "from")`
}

/** Writes the postures that changed. */
async function updatePostures(
  tx: Queryable, stored: ReadonlyMap<string, StoredPosture>, found: ReadonlyMap<number, ReadonlyMap<string, Finding>>,
): Promise<void> {
  const changed: { id: number; posture: Posture }[] = []
  for (const before of stored.values()) {
    const posture = emptyPosture()
    for (const { keyPoint, severity, judgement } of found.get(before.id)?.values() ?? []) addToPosture(posture, keyPoint, judgement.verdict, severity)
    if (!samePosture(before, posture)) changed.push({ id: before.id, posture })
  }
  for (const batch of batches(changed, 5_000)) {
    const column = (value: (posture: Posture) => number) => batch.map(({ posture }) => value(posture))
    await tx.$executeRaw(Prisma.sql`
      update resource r set fail_critical = n.c, fail_high = n.h, fail_medium = n.m, fail_low = n.l, unknown_count = n.u, pass_count = n.p,
        findings = n.f, mask = n.mask, rank = n.rank
      from unnest(${batch.map(({ id }) => id)}::int[], ${column((p) => p.fails.critical)}::int[], ${column((p) => p.fails.high)}::int[],
        ${column((p) => p.fails.medium)}::int[], ${column((p) => p.fails.low)}::int[], ${column((p) => p.unknown)}::int[],
        ${column((p) => p.pass)}::int[], ${column((p) => p.findings)}::int[], ${column((p) => p.mask)}::float8[], ${column(rankOf)}::int[])
        as n(id, c, h, m, l, u, p, f, mask, rank)
      where r.id = n.id`)
  }
}

function samePosture(a: Posture, b: Posture): boolean {
  return a.mask === b.mask && a.unknown === b.unknown && a.pass === b.pass && a.findings === b.findings && a.fails.critical === b.fails.critical && a.fails.high === b.fails.high
    && a.fails.medium === b.fails.medium && a.fails.low === b.fails.low
}
