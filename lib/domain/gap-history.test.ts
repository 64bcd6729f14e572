import { describe, expect, it } from 'vitest'
import { toGapHistory, type GapInterval } from './gap-history'
import type { Verdict } from './verdict'

const letters: Record<string, Verdict> = { F: 'fail', P: 'pass', U: 'unknown', N: 'not-applicable' }
const day = (index: number) => `2026-01-${String(index + 1).padStart(2, '0')}T02:00:00.000Z`

/** Intervals from one letter a day: `.` is not judged, and each letter is an interval of its own. */
function intervals(days: string, gapSince: string | null = null): GapInterval[] {
  return [...days].flatMap((letter, index) => {
    const verdict = letters[letter]
    return verdict === undefined ? [] : [{ verdict, from: day(index), to: index === days.length - 1 ? null : day(index + 1), gapSince }]
  })
}

describe('the history of a gap', () => {
  it.each<[string, number, number]>([
    ['', 0, 0],
    ['P', 0, 1],
    ['F', 0, 1],
    ['FFF', 0, 1],
    ['PPF', 0, 2],
    ['FP', 0, 2],
    ['FPF', 1, 3],
    ['FNF', 1, 3],
    ['FPFFPFF', 2, 5],
    ['FUF', 0, 3],
    ['FUPF', 1, 4],
    ['FPUF', 1, 4],
    ['UF', 0, 2],
    ['FU', 0, 2],
    ['F.F', 0, 2],
    ['FP.F', 1, 3],
    ['F.', 0, 1],
  ])('%s: reopened %i times, %i runs', (days, reopened, runs) => {
    const history = toGapHistory(intervals(days))
    expect([history.timesReopened, history.runs.length]).toEqual([reopened, runs])
  })

  it('tells when each run began and ended', () => {
    expect(toGapHistory(intervals('FFPF')).runs).toEqual([
      { verdict: 'fail', from: day(0), to: day(2) }, { verdict: 'pass', from: day(2), to: day(3) }, { verdict: 'fail', from: day(3), to: null },
    ])
  })

  it('tells since when the gap of now is open, and nothing of one that went', () => {
    expect(toGapHistory(intervals('PFU', day(1))).openSince).toBe(day(1))
    expect(toGapHistory(intervals('PF.', day(1))).openSince).toBeNull()
  })
})
