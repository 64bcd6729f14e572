import { describe, expect, it } from 'vitest'
import { toGapHistory, type VerdictRun } from './gap-history'
import type { Verdict } from './verdict'

const letters: Record<string, Verdict> = { F: 'fail', P: 'pass', U: 'unknown', N: 'not-applicable' }
const day = (index: number) => `2026-01-${String(index + 1).padStart(2, '0')}T02:00:00.000Z`

/** Intervals from one letter a day: `.` is not judged, and each letter is an interval of its own. */
function intervals(days: string): VerdictRun[] {
  return [...days].flatMap((letter, index) => {
    const verdict = letters[letter]
    return verdict === undefined ? [] : [{ verdict, from: day(index), to: index === days.length - 1 ? null : day(index + 1) }]
  })
}

describe('the history of a gap', () => {
  it.each<[string, number | null, number, number]>([
    ['', null, 0, 0],
    ['P', null, 0, 1],
    ['F', 0, 0, 1],
    ['FFF', 0, 0, 1],
    ['PPF', 2, 0, 2],
    ['FP', null, 0, 2],
    ['FPF', 2, 1, 3],
    ['FNF', 2, 1, 3],
    ['FPFFPFF', 5, 2, 5],
    ['FUF', 0, 0, 3],
    ['FUPF', 3, 1, 4],
    ['FPUF', 3, 1, 4],
    ['UF', 1, 0, 2],
    ['FU', null, 0, 2],
    ['F.F', 2, 0, 2],
    ['FP.F', 3, 1, 3],
    ['F.', null, 0, 1],
  ])('%s: open since day %s, reopened %i times, %i runs', (days, since, reopened, runs) => {
    const history = toGapHistory(intervals(days))
    expect([history.openSince, history.timesReopened, history.runs.length]).toEqual([since === null ? null : day(since), reopened, runs])
  })

  it('tells when each run began and ended', () => {
    expect(toGapHistory(intervals('FFPF')).runs).toEqual([
      { verdict: 'fail', from: day(0), to: day(2) }, { verdict: 'pass', from: day(2), to: day(3) }, { verdict: 'fail', from: day(3), to: null },
    ])
  })
})
