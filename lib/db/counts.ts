import type { KeyPoint } from '@/lib/domain/key-point'
import { emptyCountsBySeverity, type CountsBySeverity, type VerdictCounts } from '@/lib/domain/score'
import type { Severity } from '@/lib/domain/verdict'

/** One row of counts, from the roll-ups or counted from findings. */
export interface CountRow extends VerdictCounts {
  key: string
  keyPoint: KeyPoint
  severity: Severity
}

/** Sums rows by whatever `keyOf` names. */
export function sumBy<K>(rows: readonly CountRow[], keyOf: (row: CountRow) => K): Map<K, CountsBySeverity> {
  const sums = new Map<K, CountsBySeverity>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key) ?? emptyCountsBySeverity()
    sums.set(key, sum)
    const counts = sum[row.severity]
    counts.pass += row.pass
    counts.fail += row.fail
    counts.unknown += row.unknown
    counts.notApplicable += row.notApplicable
  }
  return sums
}

export function failsBySeverity(by: CountsBySeverity): Record<Severity, number> {
  return { critical: by.critical.fail, high: by.high.fail, medium: by.medium.fail, low: by.low.fail }
}
