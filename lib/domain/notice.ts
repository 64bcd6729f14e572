/** What messages tell, as a webhook receives it; schema version 1. Times are ISO 8601 UTC, links absolute. */
import type { ChangeKind } from './diff'
import type { ExemptionTag } from './exemption'
import type { KeyPoint } from './key-point'
import type { ScanMode } from './scan'
import type { Severity } from './verdict'

export interface NoticeScan {
  scanId: string
  status: 'succeeded' | 'partial' | 'failed' | 'cancelled'
  mode: ScanMode
  /** True: stored facts were judged again, and Azure was not asked. */
  judgedAgain: boolean
  requestedBy: string
  finishedAt: string
  /** 0 to 100; null: not scored. */
  score: number | null
  coverage: number | null
  /** Of the first scan with results, how many gaps it found; null for any other: what changed tells of it. */
  first: { gaps: number } | null
  url: string
}

/** A gap that opened, closed, or went into or out of sight. */
export interface GapChange {
  /** A gap of a resource that is no longer listed is `vanished`; of one that is listed still, `unjudged`. */
  kind: Exclude<ChangeKind, 'reason-changed' | 'lost-sight'> | 'unjudged'
  severity: Severity
  keyPoint: KeyPoint
  check: string
  checkTitle: string
  resourceId: string
  resourceName: string
  subscriptionId: string | null
  subscriptionName: string | null
  /** Why it is a gap, or why it is none any more. */
  reason: string
  /** Who changed the setting, where the activity log tells. */
  changedBy: string | null
  url: string
}

export interface GapCounts {
  /** Findings of known resources that were no gap before. */
  newGaps: number
  /** Gaps of resources, or by checks, that the scan before did not have. */
  appearedGaps: number
  closedGaps: number
  /** Gaps that went with their resource, which is no longer listed: it was deleted, or may no longer be seen. */
  vanishedGaps: number
  /** Gaps that are no longer judged though their resource is still listed: the policy left them out. */
  unjudgedGaps: number
  /** Gaps that came into sight and were not known as gaps before it was lost: how old they are is not known. */
  sightedGaps: number
}

/** What changed since another scan, as far as the channel asks for it. */
export interface ChangeNotice extends GapCounts {
  comparedWith: string
  /** Versions of the policy that the two scans were judged by, where they differ: a gap may have come from that. */
  policyChanged: { before: number; after: number } | null
  minSeverity: Severity
  /** Of the gaps that came, those under an exemption in force: they are in none of the counts. */
  exempt: number
  /** Those with changes alone, in the order of the benchmark. */
  keyPoints: (GapCounts & { keyPoint: KeyPoint; title: string })[]
  /** The worst first; at most 20 that came and 10 that went. */
  gaps: GapChange[]
  /** Subscriptions that were read for the first time: none of their gaps is counted. At most 20. */
  firstRead: string[]
  firstReadTotal: number
  url: string
}

/** Trouble with the scan itself. */
export interface TroubleNotice {
  /** Why it failed, one sentence. */
  error: string | null
  /** Subscriptions of which less could be read than in the scan before, and all that a failed scan could not read in full; at most 20. */
  newlyUnread: { subscriptionId: string; displayName: string; reason: string | null }[]
  newlyUnreadTotal: number
  /** Subscriptions that are read in full again. */
  readAgain: number
  coverage: { before: number; after: number } | null
  /** True: the scan before failed, and this one did not. */
  recovered: boolean
}

export interface ExpiringExemption {
  id: string
  /** An ARM id; empty: the whole tenant. */
  scope: string
  /** Of the scope only what has this tag; an empty value stands for any. */
  tag: ExemptionTag | null
  /** Null: every check. */
  checkTitle: string | null
  /** One exemption of Azure Policy may hold for several checks. */
  moreChecks: number
  reason: string
  expiresAt: string
}

export type Notice =
  | { event: 'scan.finished'; scan: NoticeScan; changes: ChangeNotice | null; trouble: TroubleNotice | null }
  | { event: 'schedule.missed'; schedule: string; plannedAt: string; reason: string; url: string }
  | { event: 'credential.expiring'; credential: string; source: string; expiresAt: string; expired: boolean; url: string }
  | { event: 'exemption.expiring'; exemptions: ExpiringExemption[]; total: number; url: string }
  | { event: 'test'; sentBy: string; url: string }
