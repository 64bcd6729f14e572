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

/** The spans of time that a trend is offered over, in days up to now; 0: all that is kept. Any other is chosen by its dates. */
export const trendSpans = [7, 30, 90, 400, 0] as const

/** What a trend is of. Ids and names are compared without case. */
export type TrendSubject =
  | { kind: 'everything' }
  | { kind: 'subscription'; subscriptionId: string }
  /** The group of that name (not display name) and everything below it, as it was when each scan ran. */
  | { kind: 'management-group'; name: string }
  | { kind: 'type'; type: string }

/** `subscription:0000…`, `management-group:platform`, `type:microsoft.keyvault/vaults`; empty for everything. */
export function trendSubjectText(of: TrendSubject): string {
  switch (of.kind) {
    case 'everything': return ''
    case 'subscription': return `subscription:${of.subscriptionId}`
    case 'management-group': return `management-group:${of.name}`
    case 'type': return `type:${of.type}`
  }
}
