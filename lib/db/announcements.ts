import type { PartStatus, ScanMode } from '@/lib/domain/scan'
import { Prisma } from './generated/client'
import type { Queryable } from './client'

/** A scan that ended, for what is to be told of it. */
export interface EndedScan {
  seq: number
  scanId: string
  status: 'succeeded' | 'partial' | 'failed' | 'cancelled'
  mode: ScanMode
  judgesAgain: string | null
  requestedBy: string
  finishedAt: Date
  score: number | null
  coverage: number | null
  error: string | null
  /** As it was asked for; scans of one scope compare. */
  scope: string
  policyVersion: number
}

/** Ended scans that nobody was told of, oldest first; without those of which the figures alone are left. */
export async function unannouncedScans(db: Queryable, estateId: number): Promise<number[]> {
  const rows = await db.$queryRaw<{ seq: number }[]>(Prisma.sql`
    select seq from scan where estate_id = ${estateId} and announced_at is null and pruned_at is null and status not in ('queued', 'running') order by seq limit 100`)
  return rows.map((row) => row.seq)
}

const endedColumns = Prisma.sql`seq, id::text as "scanId", status, mode, judges_again::text as "judgesAgain", requested_by as "requestedBy",
  coalesce(finished_at, created_at) as "finishedAt", score, coverage, error, scope::text as scope, policy_version as "policyVersion"`

/** Marks a scan as told of, in the transaction that stores what is told; null when another worker has it in hand or was first. */
export async function takeUnannounced(tx: Queryable, seq: number, now: Date): Promise<EndedScan | null> {
  const [row] = await tx.$queryRaw<EndedScan[]>(Prisma.sql`
    with mine as (select seq from scan where seq = ${seq} and announced_at is null for update skip locked)
    update scan set announced_at = ${now} where seq in (select seq from mine) returning ${endedColumns}`)
  return row ?? null
}

/** The scan of the same scope before another, that ended in one of these ways and asked Azure; null when there is none. */
export async function scanOfScopeBefore(db: Queryable, estateId: number, scan: Pick<EndedScan, 'seq' | 'scope'>, statuses: readonly EndedScan['status'][]): Promise<EndedScan | null> {
  const [row] = await db.$queryRaw<EndedScan[]>(Prisma.sql`
    select ${endedColumns} from scan
    where estate_id = ${estateId} and seq < ${scan.seq} and scope = ${scan.scope}::jsonb and judges_again is null and status = any(${[...statuses]}::text[])
    order by seq desc limit 1`)
  return row ?? null
}

/** The last scan with results before another, whatever its scope: between the two lies what is new; null when there is none. */
export async function scanWithResultsBefore(db: Queryable, estateId: number, seq: number): Promise<{ scanId: string; policyVersion: number } | null> {
  const row = await db.scan.findFirst({
    where: { estateId, seq: { lt: seq }, status: { in: ['succeeded', 'partial'] }, prunedAt: null }, orderBy: { seq: 'desc' }, select: { id: true, policyVersion: true },
  })
  return row === null ? null : { scanId: row.id, policyVersion: row.policyVersion }
}

/** How each part of a scan ended; the tenant's own part has an empty id. */
export async function partOutcomes(db: Queryable, seq: number): Promise<{ subscriptionId: string; displayName: string; status: PartStatus; reason: string | null }[]> {
  return db.$queryRaw<{ subscriptionId: string; displayName: string; status: PartStatus; reason: string | null }[]>(Prisma.sql`
    select subscription_id as "subscriptionId", display_name as "displayName", status, reason from scan_part where scan_seq = ${seq} order by lower(display_name), subscription_id`)
}

/** Of these keys those that were not told of yet; they count as told from the end of the transaction on. */
export async function takeNew(tx: Queryable, estateId: number, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx.$queryRaw<{ key: string }[]>(Prisma.sql`
    insert into announcement (estate_id, key) select ${estateId}, unnest(${[...keys]}::text[]) on conflict do nothing returning key`)
  return new Set(rows.map((row) => row.key))
}
