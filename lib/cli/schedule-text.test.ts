import { expect, it } from 'vitest'
import type { ScheduleRow } from '@/lib/domain/schedule'
import { scheduleJson, scheduleText } from './schedule-text'

const schedule: ScheduleRow = {
  id: '0a0a0a0a-0000-4000-8000-000000000001', name: 'Nightly', cron: '0 2 * * *', timeZone: 'Europe/Berlin', scope: {}, mode: 'full', enabled: true, createdBy: 'ada',
  nextRunAt: '2026-10-24T00:00:00.000Z', lastScan: null,
}
const now = new Date('2026-10-23T12:00:00Z')

it('shows the next five runs by the clock of its time zone', () => {
  const text = scheduleText(schedule, now)
  expect(text.match(/^ {2}next .*02:00/gm)).toHaveLength(5)
  expect(text).toContain('Sun, 25 Oct 2026')
  expect(scheduleJson(schedule, now).nextRuns).toEqual(['2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27', '2026-10-28'].map((day, index) => `${day}T0${index < 2 ? 0 : 1}:00:00.000Z`))
})

it('shows none while it is paused, and what it scans', () => {
  const paused = { ...schedule, enabled: false, scope: { managementGroup: 'mg-prod' } }
  expect(scheduleText(paused, now)).toBe('Nightly (paused)  0a0a0a0a-0000-4000-8000-000000000001\n  0 2 * * *  Europe/Berlin  full  management group mg-prod\n')
  expect(scheduleJson(paused, now).nextRuns).toEqual([])
})
