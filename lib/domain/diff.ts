import type { KeyPoint } from './key-point'
import type { Verdict } from './verdict'

/** What can have become of one (resource, check) between two scans. To and from `unknown` is loss and gain of sight, never a gap. */
export const changeKinds = ['new-gap', 'closed-gap', 'reason-changed', 'appeared', 'vanished', 'lost-sight', 'gained-sight'] as const
export type ChangeKind = (typeof changeKinds)[number]

/** How many changes there are of each kind, as the contract names them. */
export interface DiffSummary {
  newGaps: number
  closedGaps: number
  reasonChanged: number
  appeared: number
  vanished: number
  lostSight: number
  gainedSight: number
}

const summaryKeyOf: Record<ChangeKind, keyof DiffSummary> = {
  'new-gap': 'newGaps',
  'closed-gap': 'closedGaps',
  'reason-changed': 'reasonChanged',
  appeared: 'appeared',
  vanished: 'vanished',
  'lost-sight': 'lostSight',
  'gained-sight': 'gainedSight',
}

export interface ChangeSide {
  verdict: Verdict
  reason: string
}

/** One change, as `keypoint diff --json` writes it. */
export interface Change {
  kind: ChangeKind
  /** Null for management groups and the tenant. */
  subscriptionId: string | null
  resourceId: string
  keyPoint: KeyPoint
  check: string
  /** Null: the first scan did not judge it. */
  before: ChangeSide | null
  /** Null: the second scan did not judge it. */
  after: ChangeSide | null
  /** Who changed the setting, where the activity log tells. */
  changedBy: { caller: string; at: string; operation: string } | null
}

/** How many changes of a kind one subscription has in one key point. */
export interface ChangeCount {
  kind: ChangeKind
  subscriptionId: string | null
  subscriptionName: string | null
  keyPoint: KeyPoint
  count: number
}

export function summaryOf(counts: readonly Pick<ChangeCount, 'kind' | 'count'>[]): DiffSummary {
  const summary: DiffSummary = { newGaps: 0, closedGaps: 0, reasonChanged: 0, appeared: 0, vanished: 0, lostSight: 0, gainedSight: 0 }
  for (const { kind, count } of counts) summary[summaryKeyOf[kind]] += count
  return summary
}
