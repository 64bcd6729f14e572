import type { ScanStatus } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { resolveScan } from './scan-rows'
import { scopeTypes } from './resources'
import { keySeenBy, seenBy } from './viewing'

export interface ComparedScan {
  scanId: string
  seq: number
  status: ScanStatus
  /** ISO 8601 UTC. */
  startedAt: string
  finishedAt: string
  /** When it began to read by Azure's clock, where that is known. */
  azureStartedAt: string
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
  const row = await db.scan.findUniqueOrThrow({ where: { seq }, select: { status: true, startedAt: true, azureStartedAt: true, createdAt: true, finishedAt: true, prunedAt: true } })
  if (row.status === 'queued' || row.status === 'running') {
    throw new KeypointError('conflict', `Scan ${scanId} has no result to compare (it is ${row.status}).`, 'Wait for it to end, or compare other scans.')
  }
  if (row.prunedAt !== null) throw new KeypointError('conflict', `Of scan ${scanId} only the figures are kept.`, 'Compare scans that are not so old.')
  const startedAt = row.startedAt ?? row.createdAt
  return {
    scanId, seq, status: toStatus(row.status), startedAt: startedAt.toISOString(), finishedAt: (row.finishedAt ?? row.createdAt).toISOString(),
    azureStartedAt: (row.azureStartedAt ?? startedAt).toISOString(),
  }
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

/** The seqs of a pair, the older first. */
export function inTime({ from, to }: ScanPair): [older: number, newer: number] {
  return from.seq <= to.seq ? [from.seq, to.seq] : [to.seq, from.seq]
}

/**
 * The subscriptions (empty: the tenant's own part) that both scans judged: what one of them did not look at is no change. A subscription that the newer scan
 * knew to be deleted counts as judged by it.
 */
export function judgedByBoth(viewer: Viewer, older: number, newer: number): Prisma.Sql {
  const judgedBy = (seq: number) => Prisma.sql`select key from rollup where scan_seq = ${seq} and dimension = 'subscription' and ${keySeenBy(viewer, 'key')}`
  return Prisma.sql`
    ${judgedBy(older)} intersect (${judgedBy(newer)} union
      select r.subscription_id from resource r join scan s on s.seq = ${newer}
      where ${seenBy(viewer, 'r')} and r.type = ${scopeTypes.subscription} and r.gone_seq > ${older}
        and (r.gone_seq = ${newer} or (r.gone_seq < ${newer} and s.scope = '{}'::jsonb)))`
}

/** The subscriptions (empty: the tenant's own part) that a scan until then had read. */
export function knownAt(viewer: Viewer, seq: number): Prisma.Sql {
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

/** Names of the subscriptions that one of the two scans judged and the other did not, so that they are not compared. */
export async function notCompared(db: Queryable, viewer: Viewer, { from, to }: ScanPair): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>(Prisma.sql`
    with compared as (${judgedByBoth(viewer, ...inTime({ from, to }))})
    select distinct coalesce(s.display_name, case r.key when '' then 'Tenant and management groups' else r.key end) as name
    from rollup r left join subscription s on s.estate_id = ${viewer.estateId} and s.subscription_id = r.key
    where r.scan_seq in (${from.seq}, ${to.seq}) and r.dimension = 'subscription' and ${keySeenBy(viewer, 'r.key')} and r.key not in (select key from compared)
    order by 1`)
  return rows.map((row) => row.name)
}

