import type { Finding } from '@/lib/domain/finding'
import { keyPointSlugs, type KeyPoint } from '@/lib/domain/key-point'
import type { KeyPointSummary } from '@/lib/domain/scan'
import { countVerdict, coverageOf, emptyCountsBySeverity, scoreOf, sumCounts, type CountsBySeverity } from '@/lib/domain/score'

/** Adds up a scan's verdicts while they pass by, so that no list of findings is kept. */
export class Tally {
  private readonly all: CountsBySeverity = emptyCountsBySeverity()
  private readonly byKeyPoint = new Map<KeyPoint, CountsBySeverity>(keyPointSlugs.map((slug) => [slug, emptyCountsBySeverity()]))

  add(findings: readonly Finding[]): void {
    for (const { severity, keyPoint, judgement } of findings) {
      countVerdict(this.all[severity], judgement.verdict)
      const counts = this.byKeyPoint.get(keyPoint)
      if (counts !== undefined) countVerdict(counts[severity], judgement.verdict)
    }
  }

  score(): number | null {
    return scoreOf(this.all)
  }

  coverage(): number {
    return coverageOf(sumCounts(this.all))
  }

  /** All ten key points in order; those without findings have a null score and zeros. */
  keyPoints(): KeyPointSummary[] {
    return [...this.byKeyPoint].map(([keyPoint, counts]) => ({ keyPoint, score: scoreOf(counts), ...sumCounts(counts) }))
  }
}
