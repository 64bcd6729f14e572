import { loadConfig } from '@/lib/config'
import { enableSchedule, ensureEstate, getSchedule, listSchedules, removeSchedule, saveSchedule, type Database } from '@/lib/db'
import type { ScanMode, ScanScope } from '@/lib/domain/scan'
import { cronProblem, defaultCron, isTimeZone, localTimeZone, type ScheduleRow } from '@/lib/domain/schedule'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { configuredTenantId } from '../configured-tenant'
import { openDatabase } from '../open-database'
import { scheduleJson, scheduleText } from '../schedule-text'

interface PlanOptions {
  cron?: string
  timeZone?: string
  subscription?: string[]
  managementGroup?: string
}

interface AddOptions extends PlanOptions {
  name: string
  mode: ScanMode
  json?: boolean
}

interface EditOptions extends PlanOptions {
  name?: string
  everything?: boolean
  mode?: ScanMode
  json?: boolean
}

/** Runs a verb with the configured tenant's estate, which is made when it is new: schedules may come before the first scan. */
async function withEstate(verb: (db: Database, viewer: Viewer) => Promise<void>): Promise<void> {
  const config = loadConfig()
  const database = await openDatabase(config)
  try {
    const estate = { tenantId: await configuredTenantId(config), isDemo: config.demo, cloud: config.cloud, displayName: config.demo ? 'Demo tenant' : null }
    const { estateId } = await ensureEstate(database.db, estate)
    await verb(database.db, { estateId, subscriptions: 'all' })
  } finally {
    await database.close()
  }
}

/** `keypoint schedule list`: each schedule with its next five runs. */
export async function listSchedulesCommand(options: { json?: boolean }): Promise<void> {
  await withEstate(async (db, viewer) => {
    const schedules = await listSchedules(db, viewer)
    const now = new Date()
    if (options.json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, schedules: schedules.map((schedule) => scheduleJson(schedule, now)) })}\n`)
    else process.stdout.write(schedules.length === 0 ? 'There is no schedule.\n' : schedules.map((schedule) => scheduleText(schedule, now)).join('\n'))
  })
}

/** `keypoint schedule add`: a worker (`keypoint serve` or `keypoint worker`) runs it. */
export async function addScheduleCommand(options: AddOptions): Promise<void> {
  const plan = { cron: defaultCron, timeZone: localTimeZone(), ...checkedTimes(options) }
  const scope = scopeOf(options) ?? {}
  await withEstate(async (db, viewer) => {
    write(await saveSchedule(db, viewer, { ...plan, name: options.name, scope, mode: options.mode }, 'command'), options)
  })
}

/** `keypoint schedule edit`: what is not named stays as it is, also whether it is paused. */
export async function editScheduleCommand(which: string, options: EditOptions): Promise<void> {
  const { json: _, ...changes } = options
  if (Object.keys(changes).length === 0) throw new KeypointError('usage', 'Nothing to change was named.', 'See `keypoint schedule edit --help` for what can be.')
  const times = checkedTimes(options)
  const scope = scopeOf(options)
  await withEstate(async (db, viewer) => {
    const before = await findNamed(db, viewer, which)
    const { id, name, cron, timeZone, mode } = before
    const edited = { id, name: options.name ?? name, cron, timeZone, ...times, scope: scope ?? before.scope, mode: options.mode ?? mode }
    write(await saveSchedule(db, viewer, edited, 'command'), options)
  })
}

/** `keypoint schedule pause` and `resume`: what was planned during a pause is not made up. */
export async function pauseScheduleCommand(which: string, verb: 'pause' | 'resume', options: { json?: boolean }): Promise<void> {
  await withEstate(async (db, viewer) => {
    const { id, enabled } = await findNamed(db, viewer, which)
    // Of one that runs, resuming would leave out what is due now.
    if (enabled !== (verb === 'resume')) await enableSchedule(db, viewer, id, verb === 'resume')
    write(await getSchedule(db, viewer, id), options)
  })
}

/** `keypoint schedule remove`: by id or name. */
export async function removeScheduleCommand(which: string): Promise<void> {
  await withEstate(async (db, viewer) => {
    const { id, name } = await findNamed(db, viewer, which)
    await removeSchedule(db, viewer, id)
    process.stdout.write(`Removed the schedule ${name}.\n`)
  })
}

/** Throws KeypointError `not-found`. */
async function findNamed(db: Database, viewer: Viewer, which: string): Promise<ScheduleRow> {
  const schedules = await listSchedules(db, viewer)
  const schedule = schedules.find((one) => one.id === which.toLowerCase()) ?? schedules.find((one) => one.name === which.trim())
  if (schedule === undefined) throw new KeypointError('not-found', `There is no schedule ${which}.`, 'See `keypoint schedule list`.')
  return schedule
}

/** What was said of when it runs. Throws KeypointError `usage` for what is no expression or time zone. */
function checkedTimes({ cron, timeZone }: PlanOptions): { cron?: string; timeZone?: string } {
  const problem = cron === undefined ? null : cronProblem(cron)
  if (problem !== null) throw new KeypointError('usage', `--cron "${cron}" is not a cron expression. ${problem}`, 'For every night at two write --cron "0 2 * * *".')
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw new KeypointError('usage', `--time-zone ${timeZone} is not known.`, 'Name it as in Europe/Berlin, or UTC.')
  return { ...(cron !== undefined && { cron }), ...(timeZone !== undefined && { timeZone }) }
}

/** What was said of what it scans; undefined: nothing. Throws KeypointError `usage` for more than one answer. */
function scopeOf({ subscription, managementGroup, everything }: Pick<EditOptions, 'subscription' | 'managementGroup' | 'everything'>): ScanScope | undefined {
  const scopes: Record<string, ScanScope | undefined> = {
    '--subscription': subscription === undefined ? undefined : { subscriptions: [...new Set(subscription)] },
    '--management-group': managementGroup === undefined ? undefined : { managementGroup },
    '--everything': everything === true ? {} : undefined,
  }
  const named = Object.keys(scopes).filter((option) => scopes[option] !== undefined)
  if (named.length > 1) throw new KeypointError('usage', `${named.join(' and ')} exclude each other.`, 'Give one of them.')
  return scopes[named[0] ?? '']
}

function write(schedule: ScheduleRow, { json }: { json?: boolean }): void {
  process.stdout.write(json ? `${JSON.stringify({ schemaVersion: 1, ...scheduleJson(schedule, new Date()) })}\n` : scheduleText(schedule, new Date()))
}
