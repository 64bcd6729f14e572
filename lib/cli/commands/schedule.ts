import { loadConfig } from '@/lib/config'
import { ensureEstate, listSchedules, removeSchedule, saveSchedule, type Database } from '@/lib/db'
import type { ScanMode } from '@/lib/domain/scan'
import { cronProblem, defaultCron, isTimeZone, localTimeZone } from '@/lib/domain/schedule'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { configuredTenantId } from '../configured-tenant'
import { openDatabase } from '../open-database'
import { scheduleJson, scheduleText } from '../schedule-text'

interface AddOptions {
  name: string
  cron?: string
  timeZone?: string
  subscription?: string[]
  managementGroup?: string
  mode: ScanMode
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
  if (options.subscription && options.managementGroup !== undefined) {
    throw new KeypointError('usage', '--subscription and --management-group exclude each other.', 'Give one of them.')
  }
  const cron = options.cron ?? defaultCron
  const problem = cronProblem(cron)
  if (problem !== null) throw new KeypointError('usage', `--cron "${cron}" is not a cron expression. ${problem}`, 'For every night at two write --cron "0 2 * * *".')
  const timeZone = options.timeZone ?? localTimeZone()
  if (!isTimeZone(timeZone)) throw new KeypointError('usage', `--time-zone ${timeZone} is not known.`, 'Name it as in Europe/Berlin, or UTC.')
  const scope = { ...(options.subscription && { subscriptions: options.subscription }), ...(options.managementGroup && { managementGroup: options.managementGroup }) }
  await withEstate(async (db, viewer) => {
    const schedule = await saveSchedule(db, viewer, { name: options.name, cron, timeZone, scope, mode: options.mode }, 'command')
    process.stdout.write(options.json ? `${JSON.stringify({ schemaVersion: 1, ...scheduleJson(schedule, new Date()) })}\n` : scheduleText(schedule, new Date()))
  })
}

/** `keypoint schedule remove`: by id or name. */
export async function removeScheduleCommand(which: string): Promise<void> {
  await withEstate(async (db, viewer) => {
    const schedules = await listSchedules(db, viewer)
    const schedule = schedules.find((one) => one.id === which.toLowerCase()) ?? schedules.find((one) => one.name === which)
    if (schedule === undefined) throw new KeypointError('not-found', `There is no schedule ${which}.`, 'See `keypoint schedule list`.')
    await removeSchedule(db, viewer, schedule.id)
    process.stdout.write(`Removed the schedule ${schedule.name}.\n`)
  })
}
