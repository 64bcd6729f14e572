import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { rarely, type PartStatus, type RequestCounts, type ScanMode, type ScanProgress, type ScanScope } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson } from './json'
import { toUuid } from './uuid'

export const scopeSchema = z.object({ subscriptions: z.array(z.string()).optional(), managementGroup: z.string().optional() })

/** A scan that this process has taken on. */
export interface ClaimedScan {
  scanId: string
  seq: number
  estateId: number
  scope: ScanScope
  mode: ScanMode
  requestedBy: string
  delegatedSessionId: string | null
  policyVersion: number
  /** Counts how often it was taken: whoever took it before has lost it. */
  attempt: number
  /** ISO 8601 UTC. */
  startedAt: string
  /** True: an attempt at it was interrupted. */
  resumed: boolean
}

export interface NewScan {
  scope: ScanScope
  mode: ScanMode
  requestedBy: string
  delegatedSessionId?: string | null
  policyVersion?: number
  /** Id of the scan whose facts are judged again; without it Azure is asked. */
  judgesAgain?: string
}

/** Queues a scan, whatever else is queued or running. */
export async function createScan(db: Queryable, estateId: number, scan: NewScan): Promise<{ scanId: string; seq: number }> {
  const scanId = randomUUID()
  const { seq } = await db.scan.create({
    data: {
      id: scanId, estateId, status: 'queued', mode: scan.mode, scope: { ...scan.scope }, requestedBy: scan.requestedBy,
      delegatedSessionId: scan.delegatedSessionId ?? null, policyVersion: scan.policyVersion ?? 0, judgesAgain: scan.judgesAgain ?? null,
    },
    select: { seq: true },
  })
  return { scanId, seq }
}

export interface ClaimOptions {
  /** What it will be judged by, which may be newer than what was in force when it was asked for. */
  policyVersion?: number
  /** True: also one that is running, whose process is known to be dead since the caller holds the estate's scan lock. It goes on where it was. */
  interrupted?: boolean
}

/**
 * Takes a queued scan; null when it is not queued (any more), or another one of its estate is running. One that waited for newer ones to run comes after them in the
 * order of scans: what they stored is older than what it is about to read.
 */
export async function claimScan(db: Queryable, scanId: string, { policyVersion, interrupted = false }: ClaimOptions = {}): Promise<ClaimedScan | null> {
  const rows = await db.$queryRaw<{
    seq: number; estate_id: number; scope: unknown; mode: ScanMode; requested_by: string; delegated_session_id: string | null
    policy_version: number; attempt: number; started_at: Date; resumed: boolean
  }[]>(Prisma.sql`
    update scan set status = 'running', started_at = coalesce(scan.started_at, now()), heartbeat_at = now(), attempt = scan.attempt + 1,
      seq = case when before.status = 'queued' and before.is_overtaken then nextval(pg_get_serial_sequence('scan', 'seq')) else scan.seq end,
      policy_version = coalesce(${policyVersion ?? null}::int, scan.policy_version),
      counts_at_least = scan.counts_at_least or (before.status = 'running' and scan.judges_again is null
        and not exists (select 1 from scan_worker w where w.scan_seq = scan.seq having bool_and(w.closed)))
    from (
      select s.seq, s.status,
        exists (select 1 from scan newer where newer.estate_id = s.estate_id and newer.seq > s.seq and newer.started_at is not null) as is_overtaken
      from scan s where s.id = ${scanId}::uuid for update
    ) before
    where scan.seq = before.seq and (before.status = 'queued' or (before.status = 'running' and ${interrupted}))
      and not exists (select 1 from scan other where other.estate_id = scan.estate_id and other.status = 'running' and other.seq <> scan.seq)
    returning scan.seq, estate_id, scope, mode, requested_by, delegated_session_id, policy_version, attempt, started_at,
      before.status = 'running' as resumed`)
  const row = rows[0]
  if (row === undefined) return null
  return {
    scanId, seq: row.seq, estateId: row.estate_id, scope: scopeSchema.parse(row.scope), mode: row.mode, requestedBy: row.requested_by,
    delegatedSessionId: row.delegated_session_id, policyVersion: row.policy_version, attempt: row.attempt, startedAt: row.started_at.toISOString(), resumed: row.resumed,
  }
}

/** What a worker must know of a scan before it can take it; null when it has ended. A running one has lost its worker, or its queue would not give it again. */
export async function findScanJob(
  db: Queryable, scanId: string,
): Promise<{ estateId: number; status: string; delegatedSessionId: string | null; judgesAgain: string | null } | null> {
  return db.scan.findFirst({
    where: { id: scanId, status: { in: ['queued', 'running'] } }, select: { estateId: true, status: true, delegatedSessionId: true, judgesAgain: true },
  })
}

const resumableHours = 6

/** The scan of a command that ended before its scan did, of the same scope (and mode, where one is asked for) and not long ago; null when there is none. */
export async function interruptedScan(db: Queryable, estateId: number, scope: ScanScope, mode?: ScanMode): Promise<{ scanId: string } | null> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select id from scan
    where estate_id = ${estateId} and status = 'running' and requested_by = 'command' and mode = coalesce(${mode ?? null}, mode) and scope = ${toJson(scope)}::jsonb
      and heartbeat_at > now() - ${resumableHours}::int * interval '1 hour' and not cancel_requested
    order by seq desc limit 1`)
  return rows[0] === undefined ? null : { scanId: rows[0].id }
}

/** True for a scan that an attempt has not lost to a later one; null: whichever attempt. */
export function isOf(attempt: number | null): Prisma.Sql {
  return Prisma.sql`attempt = coalesce(${attempt}::int, attempt)`
}

/** False: another process goes on with the scan. */
export async function leadsScan(db: Queryable, { seq, attempt }: Pick<ClaimedScan, 'seq' | 'attempt'>): Promise<boolean> {
  return (await db.scan.count({ where: { seq, attempt } })) > 0
}

/** Stores the progress, which is the sign of life too, and says whether somebody asked to cancel. */
export async function saveProgress(db: Queryable, seq: number, progress: ScanProgress, attempt: number | null = null): Promise<{ cancelRequested: boolean }> {
  const rows = await db.$queryRaw<{ cancel_requested: boolean }[]>(Prisma.sql`
    update scan set progress = ${toJson(progress)}::jsonb, heartbeat_at = now()
    where seq = ${seq} and status = 'running' and ${isOf(attempt)} returning cancel_requested`)
  // No row: it was failed as dead, cancelled or taken over under us, so going on is pointless.
  return { cancelRequested: rows[0]?.cancel_requested ?? true }
}

/** What a worker has done for a scan so far. */
export interface WorkDone {
  requests: RequestCounts
  readsPlanned: number
  readsDone: number
}

/**
 * Stores what one worker has done for a scan, and says what all others have done, and whether to stop. What a silent worker had planned and not done is planned by others.
 * @param closed it does nothing more for the scan.
 */
export async function saveWorkDone(
  db: Queryable, seq: number, worker: number, { requests, readsPlanned, readsDone }: WorkDone, closed = false,
): Promise<{ others: WorkDone; stop: boolean }> {
  const { circuitsOpened = 0, timedOut = 0, tokensRenewed = 0, batches = 0, pausedMs = 0, mostAtOnce = 0 } = requests
  const [row] = await db.$queryRaw<(Required<Omit<RequestCounts, 'atLeast'>> & { planned: number; done: number; stop: boolean; least: boolean })[]>(Prisma.sql`
    with mine as (
      insert into scan_worker (scan_seq, worker, seen_at, requests, throttled, retried, circuits_opened, timed_out, tokens_renewed, batches, paused_ms, most_at_once, reads_planned, reads_done, closed)
      select seq, ${worker}, now(), ${requests.total}, ${requests.throttled}, ${requests.retried}, ${circuitsOpened}, ${timedOut}, ${tokensRenewed}, ${batches}, ${pausedMs}::float8, ${mostAtOnce},
        ${readsPlanned}, ${readsDone}, ${closed}
      from scan where seq = ${seq}
      on conflict (scan_seq, worker) do update set seen_at = now(), requests = excluded.requests, throttled = excluded.throttled, retried = excluded.retried,
        circuits_opened = excluded.circuits_opened, timed_out = excluded.timed_out, tokens_renewed = excluded.tokens_renewed, batches = excluded.batches, paused_ms = excluded.paused_ms,
        most_at_once = excluded.most_at_once, reads_planned = excluded.reads_planned, reads_done = excluded.reads_done, closed = excluded.closed
    )
    select coalesce(sum(w.requests), 0)::int as total, coalesce(sum(w.throttled), 0)::int as throttled, coalesce(sum(w.retried), 0)::int as retried,
      coalesce(sum(w.circuits_opened), 0)::int as "circuitsOpened", coalesce(sum(w.timed_out), 0)::int as "timedOut", coalesce(sum(w.tokens_renewed), 0)::int as "tokensRenewed",
      coalesce(sum(w.batches), 0)::int as batches, coalesce(sum(w.paused_ms), 0) as "pausedMs", coalesce(max(w.most_at_once), 0) as "mostAtOnce",
      coalesce(sum(case when w.seen_at < now() - ${silentWorkerSeconds}::int * interval '1 second' then w.reads_done else w.reads_planned end), 0)::int as planned,
      coalesce(sum(w.reads_done), 0)::int as done,
      not exists (select 1 from scan where seq = ${seq} and status = 'running' and not cancel_requested) as stop,
      exists (select 1 from scan where seq = ${seq} and counts_at_least) as least
    from scan_worker w where w.scan_seq = ${seq} and w.worker <> ${worker}`)
  if (row === undefined) throw new Error('an aggregate returned no row')
  const { planned, done, stop, least, total, throttled, retried, ...rare } = row
  return { others: { requests: { total, throttled, retried, ...rarely(rare), ...(least && { atLeast: true }) }, readsPlanned: planned, readsDone: done }, stop }
}

const silentWorkerSeconds = 10

/** A scan that another process leads, for one that helps it; null when it does not run (any more). */
export async function findLedScan(db: Queryable, scanId: string): Promise<Pick<ClaimedScan, 'seq' | 'estateId' | 'mode' | 'startedAt' | 'delegatedSessionId'> | null> {
  const row = await db.scan.findFirst({
    where: { id: scanId, status: 'running', cancelRequested: false }, select: { seq: true, estateId: true, mode: true, startedAt: true, delegatedSessionId: true },
  })
  return row === null ? null : { ...row, mode: row.mode === 'incremental' ? 'incremental' : 'full', startedAt: (row.startedAt ?? new Date()).toISOString() }
}

/** The newest scan of any status, or null when there was none. */
export async function latestScan(db: Queryable, estateId: number): Promise<{ scanId: string; seq: number; status: string } | null> {
  const row = await db.scan.findFirst({ where: { estateId }, orderBy: { seq: 'desc' }, select: { id: true, seq: true, status: true } })
  return row === null ? null : { scanId: row.id, seq: row.seq, status: row.status }
}

/** Asks a running scan to stop; a queued one is cancelled at once. Throws `not-found`, or `conflict` when it has ended. */
export async function requestCancel(db: Queryable, viewer: Viewer, scanId: string): Promise<void> {
  const rows = await db.$queryRaw<{ status: string }[]>(Prisma.sql`
    update scan set cancel_requested = true,
      status = case status when 'queued' then 'cancelled' else status end,
      finished_at = case status when 'queued' then now() else finished_at end
    where id = ${toUuid(scanId)}::uuid and estate_id = ${viewer.estateId} and status in ('queued', 'running') returning status`)
  if (rows.length > 0) return
  const known = await db.scan.findFirst({ where: { id: toUuid(scanId), estateId: viewer.estateId }, select: { status: true } })
  if (known === null) throw scanNotFound(scanId)
  throw new KeypointError('conflict', 'The scan has ended already.', 'There is nothing to cancel.')
}

export interface ScanPartInput {
  /** Empty for the tenant's own part. */
  subscriptionId: string
  displayName: string
  status: PartStatus
  reason: string | null
  resources: number
}

export async function upsertPart(db: Queryable, seq: number, part: ScanPartInput): Promise<void> {
  await saveParts(db, seq, [part])
}

/** Writes how parts of a scan fare; those that are there already are overwritten. */
export async function saveParts(db: Queryable, seq: number, parts: readonly ScanPartInput[]): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    insert into scan_part (scan_seq, subscription_id, display_name, status, reason, resources)
    select ${seq}, lower(p."subscriptionId"), p."displayName", p.status, p.reason, p.resources
    from jsonb_to_recordset(${toJson(parts)}::jsonb)
      as p("subscriptionId" text, "displayName" text, status text, reason text, resources int)
    on conflict (scan_seq, subscription_id) do update
      set display_name = excluded.display_name, status = excluded.status, reason = excluded.reason, resources = excluded.resources`)
}

/** The error for an id that is none of a scan which the viewer sees. */
export function scanNotFound(scanId: string): KeypointError {
  return new KeypointError('not-found', `There is no scan ${scanId}.`, 'Pick one from the list of scans.')
}
