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
    ['clocks go back to the evening before', '30 23 * * *', 'America/Sao_Paulo', '2018-02-16T12:00:00Z', ['2018-02-17T01:30', '2018-02-18T01:30', '2018-02-19T02:30']],
    ['no change at all', '30 5 * * *', 'Asia/Kolkata', '2026-03-27T12:00:00Z', ['2026-03-28T00:00', '2026-03-29T00:00', '2026-03-30T00:00']],
    ['half an hour forward', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T12:00:00Z', ['2026-10-02T15:45', '2026-10-03T15:45', '2026-10-04T15:15']],
    ['half an hour back', '45 1 * * *', 'Australia/Lord_Howe', '2026-04-03T00:00:00Z', ['2026-04-03T14:45', '2026-04-04T14:45', '2026-04-05T15:15']],
    ['two hours forward', '0 2 * * *', 'Antarctica/Troll', '2026-03-28T12:00:00Z', ['2026-03-29T02:00', '2026-03-30T00:00', '2026-03-31T00:00']],
    ['a day that was left out', '0 2 * * *', 'Pacific/Apia', '2011-12-29T00:00:00Z', ['2011-12-29T12:00', '2011-12-30T12:00', '2011-12-31T12:00']],
    ['every hour, forward', '0 * * * *', 'Europe/Berlin', '2026-03-28T23:30:00Z', ['2026-03-29T00:00', '2026-03-29T01:00', '2026-03-29T02:00']],
    ['every hour, back', '0 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', ['2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00']],
    ['every hour, half an hour back', '0 * * * *', 'Australia/Lord_Howe', '2026-04-04T13:30:00Z', ['2026-04-04T14:00', '2026-04-04T15:30', '2026-04-04T16:30']],
    ['several times in an hour that is not there: the first of them', '*/20 2 * * *', 'Europe/Berlin', '2026-03-28T22:00:00Z', ['2026-03-29T01:00', '2026-03-30T00:00', '2026-03-30T00:20']],
    ['with leading zeros, as no clock shows them', '00 02 * * *', 'Australia/Lord_Howe', '2026-04-03T00:00:00Z', ['2026-04-03T15:00', '2026-04-04T15:30', '2026-04-05T15:30']],
    ['a leap day', '0 2 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T02:00', '2032-02-29T02:00', '2036-02-29T02:00']],
  ])('%s', (_, cron, timeZone, after, expected) => {
    expect(runs(cron, timeZone, after)).toEqual(expected)
  })
})

it('come once each, in order, through a year of any clock', () => {
  for (const timeZone of ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca', 'Asia/Beirut', 'Antarctica/Troll', 'Pacific/Chatham']) {
    for (const [cron, least, most] of [['0 2 * * *', 365, 366], ['30 0 * * *', 365, 366], ['0 * * * *', 8_758, 8_762]] as const) {
      const times = nextRuns({ cron, timeZone }, new Date('2026-01-01T12:00:00Z'), most).map((run) => run.getTime())
      const until = Date.parse('2027-01-01T12:00:00Z')
      const within = times.filter((time) => time <= until)
      expect([timeZone, cron, times.every((time, at) => at === 0 || time > (times[at - 1] ?? 0)), within.length >= least]).toEqual([timeZone, cron, true, true])
      // No two days, or hours, without a run.
      const longest = Math.max(...times.map((time, at) => time - (times[at - 1] ?? time)))
      expect(longest / 3_600_000).toBeLessThanOrEqual(cron === '0 * * * *' ? 1.5 : 26)
    }
  }
})

describe('a cron expression', () => {
  it.each(['0 2 * * *', '*/15 * * * *', '0 2 * * mon-fri', '0 2 1,15 * *', ' 5  4 * * SUN '])('%j is one', (cron) => {
    expect(cronProblem(cron)).toBeNull()
  })
  it.each(['', 'nightly', '@daily', '0 2 * *', '0 0 2 * * *', '61 2 * * *', '0 25 * * *', '0 2 30 2 *', 'H 2 * * *', '0 2 * * * ; rm', '*/0 * * * *', '0 2 31 2,4,6 *', '0 2 * * fri-tue', '-1 2 * * *', '0,'.repeat(1_000).concat('0 2 * * *')])('%j is none', (cron) => {
    expect(cronProblem(cron)).toMatch(/\.$/)
  })
})

it('knows time zones by their names', () => {
  expect(['Europe/Berlin', 'UTC', 'america/new_york'].map(isTimeZone)).toEqual([true, true, true])
  expect(['', 'Berlin', 'Mars/Phobos'].map(isTimeZone)).toEqual([false, false, false])
})
