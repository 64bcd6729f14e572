import type { KeyPoint } from './key-point'
import type { ScanStatus } from './scan'

/** What one scan says of a trend. */
export interface TrendPoint {
  scanId: string
  /** ISO 8601 UTC. */
  at: string
  status: ScanStatus
  /** Null: nothing could be scored. */
  score: number | null
  coverage: number
  fails: number
  /** By key point; missing: nothing was asked. */
  keyPoints: Partial<Record<KeyPoint, Pick<TrendPoint, 'score' | 'coverage' | 'fails'>>>
}

/** The spans of time that a trend is shown over, in days. */
export const trendSpans = [7, 30, 90, 400] as const
export type TrendSpan = (typeof trendSpans)[number]
