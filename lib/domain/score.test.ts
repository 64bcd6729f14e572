import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countVerdict, coverageOf, emptyCountsBySeverity, scoreOf, sumCounts, type CountsBySeverity } from './score'
import { severities, verdicts, type Severity, type Verdict } from './verdict'

function counted(list: [Severity, Verdict][]): CountsBySeverity {
  const by = emptyCountsBySeverity()
  for (const [severity, verdict] of list) countVerdict(by[severity], verdict)
  return by
}

const findings = fc.array(fc.tuple(fc.constantFrom(...severities), fc.constantFrom(...verdicts)), { maxLength: 200 })

describe('scores', () => {
  it('weigh by severity', () => {
    // 10 passed of 10 + 6 + 3 + 1.
    expect(scoreOf(counted([['critical', 'pass'], ['high', 'fail'], ['medium', 'fail'], ['low', 'fail']]))).toBe(50)
    expect(scoreOf(counted([['high', 'pass'], ['low', 'fail'], ['low', 'fail']]))).toBe(75)
  })

  it('have one decimal', () => {
    expect(scoreOf(counted([['low', 'pass'], ['low', 'fail'], ['low', 'fail']]))).toBe(33.3)
  })

  it('are null, not zero, when nothing could be judged', () => {
    expect(scoreOf(counted([['critical', 'unknown'], ['high', 'not-applicable']]))).toBeNull()
  })

  it('leave unknown and not-applicable out of the score, and unknown in the coverage', () => {
    const by = counted([['high', 'pass'], ['high', 'unknown'], ['high', 'not-applicable']])
    expect(scoreOf(by)).toBe(100)
    expect(coverageOf(sumCounts(by))).toBe(50)
  })

  it('cover nothing when nothing was asked', () => {
    expect(coverageOf(sumCounts(emptyCountsBySeverity()))).toBe(0)
  })

  it('stay within 0 and 100 and do not depend on order', () => {
    fc.assert(fc.property(findings, (list) => {
      const score = scoreOf(counted(list))
      expect(score === null || (score >= 0 && score <= 100)).toBe(true)
      expect(scoreOf(counted([...list].reverse()))).toBe(score)
      expect(coverageOf(sumCounts(counted(list)))).toBeGreaterThanOrEqual(0)
      expect(coverageOf(sumCounts(counted(list)))).toBeLessThanOrEqual(100)
    }))
  })

  it('never fall when a fail becomes a pass', () => {
    fc.assert(fc.property(findings, fc.constantFrom(...severities), (list, severity) => {
      const before = scoreOf(counted([...list, [severity, 'fail']])) ?? 0
      const after = scoreOf(counted([...list, [severity, 'pass']])) ?? 0
      expect(after).toBeGreaterThanOrEqual(before)
    }))
  })
})
