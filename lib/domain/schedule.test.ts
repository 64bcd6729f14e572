import { describe, expect, it } from 'vitest'
import { cronProblem, isTimeZone, nextRuns } from './schedule'

const runs = (cron: string, timeZone: string, after: string, count = 3) => nextRuns({ cron, timeZone }, new Date(after), count).map((run) => run.toISOString().slice(0, 16))

describe('the next runs', () => {
  it.each([
    ['every night in UTC', '0 2 * * *', 'UTC', '2026-05-01T02:00:00Z', ['2026-05-02T02:00', '2026-05-03T02:00', '2026-05-04T02:00']],
    ['weekdays', '30 23 * * 1-5', 'Asia/Tokyo', '2026-05-01T00:00:00Z', ['2026-05-01T14:30', '2026-05-04T14:30', '2026-05-05T14:30']],
    ['clocks go forward over it: an hour later, that night alone', '30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z', ['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T00:30']],
    ['clocks go back over it: once', '30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-26T01:30', '2026-10-27T01:30']],
    ['asked between the two times that the clock shows it: not again', '30 2 * * *', 'Europe/Berlin', '2026-10-25T00:45:00Z', ['2026-10-26T01:30', '2026-10-27T01:30', '2026-10-28T01:30']],
    ['the other side of the ocean, forward', '30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', ['2026-03-08T07:30', '2026-03-09T06:30', '2026-03-10T06:30']],
    ['the other side of the ocean, back', '30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', ['2026-11-01T05:30', '2026-11-02T06:30', '2026-11-03T06:30']],
    ['midnight that is not there', '0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00:00Z', ['2018-11-04T03:00', '2018-11-05T02:00', '2018-11-06T02:00']],
    ['a leap day', '0 2 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T02:00', '2032-02-29T02:00', '2036-02-29T02:00']],
  ])('%s', (_, cron, timeZone, after, expected) => {
    expect(runs(cron, timeZone, after)).toEqual(expected)
  })
})

describe('a cron expression', () => {
  it.each(['0 2 * * *', '*/15 * * * *', '0 2 * * mon-fri', '0 2 1,15 * *', ' 5  4 * * SUN '])('%j is one', (cron) => {
    expect(cronProblem(cron)).toBeNull()
  })
  it.each(['', 'nightly', '@daily', '0 2 * *', '0 0 2 * * *', '61 2 * * *', '0 25 * * *', '0 2 30 2 *', 'H 2 * * *', '0 2 * * * ; rm'])('%j is none', (cron) => {
    expect(cronProblem(cron)).toMatch(/\.$/)
  })
})

it('knows time zones by their names', () => {
  expect(['Europe/Berlin', 'UTC', 'america/new_york'].map(isTimeZone)).toEqual([true, true, true])
  expect(['', 'Berlin', 'Mars/Phobos'].map(isTimeZone)).toEqual([false, false, false])
})
