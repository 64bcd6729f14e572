import type { CentralWorkspaces } from '@/lib/domain/policy'
import type { ScanStatus, ScanSummary } from '@/lib/domain/scan'
import { log } from '@/lib/log'
import { Prisma } from './generated/client'
import type { Database } from './client'
import { placeExemptions } from './exemption-targets'
import { isHeld } from './held-session'
import { toJson } from './json'
import { scanLockClass } from './lock-keys'
import { writeScanRollups, writeScanTurnover } from './rollups'
import { isOf } from './scans'
import { toUuid } from './uuid'

export interface ScanEnd {
  status: Exclude<ScanStatus, 'queued' | 'running'>
  summary: ScanSummary | null
  central: CentralWorkspaces | null
  resources: number | null
  score: number | null
  coverage: number | null
  /** One sentence when it failed. */
  error: string | null
}

/** Ends a running scan, writes its roll-ups and finds again what exemptions by tag hold for. When it has ended already, or another goes on with it, counts what was stored since alone; when it was pruned, nothing. */
export async function finishScan(db: Database, seq: number, end: ScanEnd, attempt: number | null = null): Promise<void> {
  // The roll-ups need fresh statistics now, not when autovacuum gets round to it, and the newest scans lie beyond what older statistics know of changes.
  await db.$executeRawUnsafe('analyze (skip_locked) resource, finding, transition')
  // A scan that was cancelled or failed stored little, and nobody should wait for its end.
  const hasResults = end.status === 'succeeded' || end.status === 'partial'
  await Promise.all([endScan(db, seq, end, attempt), ...(hasResults ? (['resource', 'finding'] as const).map((table) => tidy(db, table)) : [])])
}

/** Makes the pages' index-only queries fast at once. Whether it works changes nothing that is stored. */
async function tidy(db: Database, table: 'resource' | 'finding'): Promise<void> {
  try {
    await db.$executeRawUnsafe(`vacuum (skip_locked) ${table}`)
  } catch (error) {
    log('debug', 'a table could not be vacuumed', { table, reason: String(error) })
  }
}

async function endScan(db: Database, seq: number, end: ScanEnd, attempt: number | null): Promise<void> {
  await db.$transaction(async (tx) => {
    const ended = await tx.$executeRaw(Prisma.sql`
      update scan set status = ${end.status}, finished_at = coalesce(${end.summary?.finishedAt ?? null}::timestamptz, now()),
        summary = ${end.summary === null ? null : toJson(end.summary)}::jsonb, central = ${end.central === null ? null : toJson(end.central)}::jsonb,
        resources = ${end.resources}::int, score = ${end.score}::float8, coverage = ${end.coverage}::float8, error = ${end.error},
        database_bytes = pg_database_size(current_database())
      where seq = ${seq} and status = 'running' and ${isOf(attempt)}`)
    const kept = await tx.scan.findFirst({ where: { seq, prunedAt: null }, select: { estateId: true } })
    if (kept === null) return
    await writeScanTurnover(tx, seq)
    if (ended === 0) return
    await writeScanRollups(tx, seq)
    await placeExemptions(tx, kept.estateId)
  })
}

/** Fails a scan that could not even be started, or whose process gave up. */
export async function finishUnrunnableScan(db: Database, scanId: string, sentence: string): Promise<void> {
  await giveUp(db, Prisma.sql`id = ${toUuid(scanId)}::uuid and status in ('queued', 'running')`, sentence)
}

const processEnded = 'The process that ran this scan ended before the scan did.'

/** Fails running scans without a sign of life for so long, and whose process does not hold the right to scan any more: it died. Returns how many. */
export async function failStaleScans(db: Database, estateId: number, staleAfterMs: number): Promise<number> {
  const isStale = Prisma.sql`estate_id = ${estateId} and status = 'running' and heartbeat_at < now() - ${staleAfterMs}::float8 * interval '1 millisecond'
    and not ${isHeld(scanLockClass, Prisma.sql`scan.estate_id`)}`
  return giveUp(db, isStale, processEnded)
}

/** Fails the scans of an estate that no process can be at, as the caller holds its scan lock: all that run or were begun by a command, but the one that the caller goes on with. */
export async function failDeadScans(db: Database, estateId: number, resumed: string | null): Promise<void> {
  // A command creates its scan under the lock, so a queued scan of a command has lost its process too.
  await giveUp(db, Prisma.sql`estate_id = ${estateId} and id is distinct from ${resumed}::uuid and (status = 'running' or (status = 'queued' and requested_by = 'command'))`, processEnded)
}

/** Fails the scans that meet a condition, with what they had stored counted. */
async function giveUp(db: Database, condition: Prisma.Sql, sentence: string): Promise<number> {
  return db.$transaction(async (tx) => {
    const given = await tx.$queryRaw<{ seq: number }[]>(Prisma.sql`update scan set status = 'failed', finished_at = now(), error = ${sentence} where ${condition} returning seq`)
    for (const { seq } of given) await writeScanTurnover(tx, seq)
    return given.length
  })
}
