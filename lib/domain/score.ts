import { severityWeight, type Severity, type Verdict } from './verdict'

/** Counts of verdicts at one severity. */
export interface VerdictCounts {
  pass: number
  fail: number
  unknown: number
  notApplicable: number
}

/** The verdicts in the order in which counts of them are shown, each with its count's name. */
export const countOrder = [
  { verdict: 'pass', key: 'pass' },
  { verdict: 'fail', key: 'fail' },
  { verdict: 'unknown', key: 'unknown' },
  { verdict: 'not-applicable', key: 'notApplicable' },
] as const satisfies readonly { verdict: Verdict; key: keyof VerdictCounts }[]

export type CountsBySeverity = Record<Severity, VerdictCounts>

export function emptyCounts(): VerdictCounts {
  return { pass: 0, fail: 0, unknown: 0, notApplicable: 0 }
}

export function emptyCountsBySeverity(): CountsBySeverity {
  return { critical: emptyCounts(), high: emptyCounts(), medium: emptyCounts(), low: emptyCounts() }
}

/** Counts one verdict in. */
export function countVerdict(counts: VerdictCounts, verdict: Verdict): void {
  switch (verdict) {
    case 'pass': counts.pass += 1; break
    case 'fail': counts.fail += 1; break
    case 'unknown': counts.unknown += 1; break
    case 'not-applicable': counts.notApplicable += 1; break
  }
}

/** Verdicts of all severities together. */
export function sumCounts(by: CountsBySeverity): VerdictCounts {
  const sum = emptyCounts()
  for (const c of Object.values(by)) {
    sum.pass += c.pass; sum.fail += c.fail; sum.unknown += c.unknown; sum.notApplicable += c.notApplicable
  }
  return sum
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10
}

/** Weight of passed / weight of (passed + failed), in percent, one decimal; null when nothing could be scored. */
export function scoreOf(by: CountsBySeverity): number | null {
  let passed = 0
  let judged = 0
  for (const [severity, counts] of Object.entries(by) as [Severity, VerdictCounts][]) {
    passed += severityWeight[severity] * counts.pass
    judged += severityWeight[severity] * (counts.pass + counts.fail)
  }
  return judged === 0 ? null : oneDecimal((100 * passed) / judged)
}

/** (pass + fail) / (pass + fail + unknown) in percent, one decimal; 0 when nothing was asked, because nothing is covered. */
export function coverageOf(counts: VerdictCounts): number {
  const asked = counts.pass + counts.fail + counts.unknown
  return asked === 0 ? 0 : oneDecimal((100 * (counts.pass + counts.fail)) / asked)
}
