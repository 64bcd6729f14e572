import type { ScanScope } from '@/lib/domain/scan'
import { nextRuns, type ScheduleRow } from '@/lib/domain/schedule'

const runsShown = 5

/** A schedule with its next five runs (ISO 8601 UTC); none while it is paused. */
export function scheduleJson(schedule: ScheduleRow, now: Date) {
  return { ...schedule, nextRuns: schedule.enabled ? nextRuns(schedule, now, runsShown).map((run) => run.toISOString()) : [] }
}

export function scheduleText(schedule: ScheduleRow, now: Date): string {
  const { id, name, cron, timeZone, scope, mode, enabled, lastScan } = schedule
  const local = new Intl.DateTimeFormat('en-GB', {
    timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
  })
  const lines = [
    `${name}${enabled ? '' : ' (paused)'}  ${id}`,
    `  ${cron}  ${timeZone}  ${mode}  ${scopeText(scope)}`,
    ...(lastScan === null ? [] : [`  last ${lastScan.at}  scan ${lastScan.scanId} ${lastScan.status}`]),
    ...(enabled ? nextRuns(schedule, now, runsShown).map((run) => `  next ${local.format(run)}`) : []),
  ]
  return `${lines.join('\n')}\n`
}

function scopeText({ subscriptions, managementGroup }: ScanScope): string {
  if (managementGroup !== undefined) return `management group ${managementGroup}`
  return subscriptions === undefined ? 'everything' : `subscriptions ${subscriptions.join(', ')}`
}
