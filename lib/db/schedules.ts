import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { nameLengthMax } from '@/lib/domain/name-length'
import type { ScanMode, ScanScope, ScanStatus } from '@/lib/domain/scan'
import { cronProblem, isTimeZone, nextRuns, type ScheduleInput, type ScheduleRow } from '@/lib/domain/schedule'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { lockQueueing, runningScan, unendedScan } from './scan-queueing'
import { createScan, scopeSchema } from './scans'
import { toUuid } from './uuid'

interface ScheduleColumns {
  id: string; name: string; cron: string; time_zone: string; scope: unknown; mode: ScanMode; enabled: boolean; created_by: string; next_run_at: Date
  last_run_at: Date | null; last_scan_id: string | null; last_status: ScanStatus | null
}

function toRow(c: ScheduleColumns): ScheduleRow {
  return {
    id: c.id, name: c.name, cron: c.cron, timeZone: c.time_zone, scope: scopeSchema.parse(c.scope), mode: c.mode, enabled: c.enabled, createdBy: c.created_by,
    nextRunAt: c.next_run_at.toISOString(),
    lastScan: c.last_scan_id === null || c.last_run_at === null || c.last_status === null ? null
      : { scanId: c.last_scan_id, at: c.last_run_at.toISOString(), status: c.last_status },
  }
}

async function selectSchedules(db: Queryable, viewer: Viewer, where: Prisma.Sql): Promise<ScheduleRow[]> {
  const rows = await db.$queryRaw<ScheduleColumns[]>(Prisma.sql`
    select p.id::text as id, p.name, p.cron, p.time_zone, p.scope, p.mode, p.enabled, p.created_by, p.next_run_at, p.last_run_at,
      p.last_scan_id::text as last_scan_id, s.status as last_status
    from schedule p left join scan s on s.id = p.last_scan_id
    where p.estate_id = ${viewer.estateId} and ${where} order by lower(p.name), p.id`)
  return rows.map(toRow).filter((row) => maySee(viewer, row.scope))
}

/** A narrowed viewer sees the schedules that scan nothing but their own subscriptions. */
function maySee(viewer: Viewer, scope: ScanScope): boolean {
  if (viewer.subscriptions === 'all') return true
  const own = new Set(viewer.subscriptions.map((id) => id.toLowerCase()))
  return scope.subscriptions !== undefined && scope.subscriptions.every((id) => own.has(id.toLowerCase()))
}

/** All schedules, by name. */
export async function listSchedules(db: Queryable, viewer: Viewer): Promise<ScheduleRow[]> {
  return selectSchedules(db, viewer, Prisma.sql`true`)
}

/** Throws KeypointError `not-found`. */
export async function getSchedule(db: Queryable, viewer: Viewer, id: string): Promise<ScheduleRow> {
  const [row] = await selectSchedules(db, viewer, Prisma.sql`p.id = ${toUuid(id)}::uuid`)
  if (row === undefined) throw scheduleNotFound(id)
  return row
}

function scheduleNotFound(id: string): KeypointError {
  return new KeypointError('not-found', `There is no schedule ${id}.`, 'See the list of schedules.')
}

const inputSchema = z.object({
  name: z.string().trim().min(1).max(nameLengthMax),
  cron: z.string().trim().refine((cron) => cronProblem(cron) === null),
  timeZone: z.string().refine(isTimeZone),
  scope: scopeSchema,
  mode: z.enum(['full', 'incremental']),
})

/**
 * Makes a schedule, or changes the one of that id. A new one, or one with other times, first runs at its next planned time after now.
 * Throws KeypointError `conflict` when another one has that name, `not-found` for an unknown id, `forbidden` for a scope that the viewer does not see.
 */
export async function saveSchedule(
  db: Queryable, viewer: Viewer, schedule: ScheduleInput & { id?: string }, by: string, now = new Date(),
): Promise<ScheduleRow> {
  const { name, cron, timeZone, scope, mode } = inputSchema.parse(schedule)
  if (!maySee(viewer, scope)) throw new KeypointError('forbidden', 'The scope holds more than you may see.', 'Choose among your own subscriptions.')
  const before = schedule.id === undefined ? null : await getSchedule(db, viewer, schedule.id)
  const data = { name, cron, timeZone, scope: { ...scope }, mode }
  const nextRunAt = firstRun({ cron, timeZone }, now)
  const other = await db.schedule.findUnique({ where: { estateId_name: { estateId: viewer.estateId, name } }, select: { id: true } })
  if (other !== null && other.id !== schedule.id) throw new KeypointError('conflict', `There is a schedule named ${name} already.`, 'Choose another name.')
  const id = schedule.id ?? randomUUID()
  if (before === null) await db.schedule.create({ data: { ...data, nextRunAt, id, estateId: viewer.estateId, createdBy: by } })
  // A run that is due already stays due, unless its times are what is changed.
  else await db.schedule.update({ where: { id }, data: { ...data, ...((before.cron !== cron || before.timeZone !== timeZone) && { nextRunAt }) } })
  return getSchedule(db, viewer, id)
}

function firstRun(schedule: Pick<ScheduleInput, 'cron' | 'timeZone'>, after: Date): Date {
  const [run] = nextRuns(schedule, after, 1)
  if (run === undefined) throw new Error('a cron expression without a next time')
  return run
}

/** Throws KeypointError `not-found`. */
export async function removeSchedule(db: Queryable, viewer: Viewer, id: string): Promise<void> {
  await getSchedule(db, viewer, id)
  await db.schedule.delete({ where: { id } })
}

/** Pauses or resumes it; what was planned during a pause is not made up. Throws KeypointError `not-found`. */
export async function enableSchedule(db: Queryable, viewer: Viewer, id: string, enabled: boolean, now = new Date()): Promise<void> {
  const schedule = await getSchedule(db, viewer, id)
  await db.schedule.update({ where: { id }, data: { enabled, nextRunAt: firstRun(schedule, now) } })
}

/**
 * Queues the scan of the schedule that is due the longest, and plans its next run after now, so that however many runs were missed, one is made up.
 * Null when none is due, or while a scan of the estate is queued or running: what is due then waits for its end. Any number of workers may ask.
 */
export async function queueDueScan(db: Database, estateId: number, now = new Date()): Promise<{ scanId: string; schedule: string } | null> {
  if ((await dueSchedule(db, estateId, now)) === null || (await runningScan(db, estateId)) !== null) return null
  return db.$transaction(async (tx) => {
    await lockQueueing(tx, estateId)
    const due = await dueSchedule(tx, estateId, now)
    if (due === null || (await unendedScan(tx, estateId)) !== null) return null
    const { scanId } = await createScan(tx, estateId, { scope: scopeSchema.parse(due.scope), mode: toMode(due.mode), requestedBy: `schedule ${due.name}` })
    await tx.missedRun.updateMany({ where: { scheduleId: due.id, plannedAt: due.nextRunAt }, data: { madeUpAt: now } })
    await tx.schedule.update({ where: { id: due.id }, data: { nextRunAt: firstRun(due, now), lastRunAt: now, lastScanId: scanId } })
    return { scanId, schedule: due.name }
  })
}

async function dueSchedule(db: Queryable, estateId: number, now: Date) {
  return db.schedule.findFirst({ where: { estateId, enabled: true, nextRunAt: { lte: now } }, orderBy: [{ nextRunAt: 'asc' }, { id: 'asc' }] })
}

/** The column's check constraint allows no others. */
function toMode(mode: string): ScanMode {
  return mode as ScanMode
}

/** Scans that have been waiting for a minute: the process that queued them may have died before it told the queue. */
export async function waitingScans(db: Queryable, estateId: number, now = new Date()): Promise<string[]> {
  const rows = await db.scan.findMany({
    where: { estateId, status: 'queued', requestedBy: { not: 'command' }, createdAt: { lt: new Date(now.getTime() - 60_000) } }, select: { id: true },
  })
  return rows.map((row) => row.id)
}
