import { CronExpressionParser } from 'cron-parser'
import type { ScanMode, ScanScope, ScanStatus } from './scan'
import { changeBetween, firstTimeOf, offsetOf, wallTimeOf, type WallTime } from './wall-clock'

/** What a person decides of a schedule. */
export interface ScheduleInput {
  name: string
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: string
  /** IANA name. */
  timeZone: string
  scope: ScanScope
  mode: ScanMode
}

export interface ScheduleRow extends ScheduleInput {
  id: string
  enabled: boolean
  createdBy: string
  /** The planned run that is not queued yet; in the past while it waits for another scan or for a worker. ISO 8601 UTC. */
  nextRunAt: string
  /** The last scan that it queued; null before the first. */
  lastScan: { scanId: string; at: string; status: ScanStatus } | null
}

/** Every night at two, by the clock of the schedule's time zone. */
export const defaultCron = '0 2 * * *'

/** What is wrong with a cron expression, in a sentence; null when nothing is. */
export function cronProblem(cron: string): string | null {
  if (cron.trim().split(/\s+/).length !== 5) return 'It needs five fields: minute, hour, day of month, month, day of week.'
  if (/[^\d\s*,/\-a-z?#]/i.test(cron) || /\bH\b/i.test(cron)) return 'It may hold numbers, names of days and months, and the signs * , - / ? #.'
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC' }).next()
    return null
  } catch (error) {
    return error instanceof Error ? `${error.message.replace(/\.$/, '')}.` : 'It is not a cron expression.'
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The time zone of the machine, for a schedule that names none. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/**
 * The next planned runs after a time. Where clocks go forward over a planned time, that night's run comes by as much later; where they go back
 * over it, it comes once. What runs at any hour (the field begins with a star) runs through such a night at its usual distance. cron-parser finds the times that clocks
 * show, as if in UTC: by itself it loses runs where clocks change by half an hour.
 */
export function nextRuns({ cron, timeZone }: Pick<ScheduleInput, 'cron' | 'timeZone'>, after: Date, count: number): Date[] {
  const isAtAnyHour = cron.trim().split(/\s+/)[1]?.startsWith('*') === true
  const next = isAtAnyHour ? nextThroughChange : nextByTheClock
  const runs: Date[] = []
  for (let at = after.getTime(); runs.length < count;) {
    at = next(cron, timeZone, at)
    runs.push(new Date(at))
  }
  return runs
}

function nextByTheClock(cron: string, timeZone: string, after: number): number {
  for (let wall = wallTimeOf(after, timeZone); ;) {
    wall = nextMatch(cron, wall)
    const at = firstTimeOf(wall, timeZone)
    // Clocks that went back show it for the second time.
    if (at > after) return at
  }
}

function nextThroughChange(cron: string, timeZone: string, after: number): number {
  const offset = offsetOf(after, timeZone)
  const at = nextMatch(cron, after + offset) - offset
  if (offsetOf(at, timeZone) === offset) return at
  const change = changeBetween(after, at, timeZone)
  const since = offsetOf(change, timeZone)
  return nextMatch(cron, change + since - 1) - since
}

/** The first time after this one that the expression matches. */
function nextMatch(cron: string, after: WallTime): WallTime {
  return CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(after) }).next().getTime()
}
