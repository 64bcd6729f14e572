/** Plain rows that pages, reports and components share; lib/db returns them. Times are ISO 8601 UTC strings. */

import type { FactSource } from './fact'
import type { Evidence } from './finding'
import type { GapHistory } from './gap-history'
import type { KeyPoint } from './key-point'
import type { CentralWorkspaces } from './policy'
import type { MissedCounts, PartStatus, RequestCounts, ScanMode, ScanProgress, ScanScope, ScanStatus, ScanSummary } from './scan'
import type { VerdictCounts } from './score'
import type { ReasonCode, Severity, Verdict } from './verdict'

export interface EstateInfo {
  estateId: number
  tenantId: string
  displayName: string | null
  cloud: string
  isDemo: boolean
}

export interface ScanRow {
  scanId: string
  status: ScanStatus
  mode: ScanMode
  /** Who or what started it, for example `command`, `nightly` or a person's name. */
  requestedBy: string
  /** The scan whose stored facts this one judged again; null: it asked Azure. */
  judgesAgain: string | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  resources: number | null
  score: number | null
  coverage: number | null
  subscriptionsRead: number
  subscriptionsTotal: number
  requests: RequestCounts | null
  /** One sentence when the scan failed. */
  error: string | null
  /** True: it is so old that its figures alone are kept, without its findings. */
  pruned: boolean
}

export interface ScanPartRow {
  subscriptionId: string
  displayName: string
  status: PartStatus
  reason: string | null
  resources: number
}

/** What a scan could not read, by what would cure it: missing permissions by subscription, because that is where roles are granted; all other reasons once each. */
export interface UnreadRow {
  reasonCode: ReasonCode
  /** Of missing permissions: null stands for the tenant and its management groups. Null for all other reasons. */
  subscriptionId: string | null
  /** In how many subscriptions, and names of some of them. */
  subscriptions: number
  names: string[]
  /** True: of the tenant or its management groups, too. */
  ofTenant: boolean
  /** The Azure actions refused, where Azure named them. */
  permissions: string[]
  findings: number
}

export interface ScanDetail extends ScanRow {
  /** What was asked for; its parts are what came of it. */
  scope: ScanScope
  progress: ScanProgress | null
  parts: ScanPartRow[]
  /** Missing permissions first, then the most findings. */
  unread: UnreadRow[]
  /** How many of them there are, where they are too many to list. */
  unreadTotal: number
  summary: ScanSummary | null
  central: CentralWorkspaces | null
  policyVersion: number
  /** What this full scan found changed though no activity log had told the incremental scans before it: the first thousand, and how much it is. */
  missed: MissedRow[]
  missedCounts: MissedCounts
}

export interface MissedRow {
  resourceId: string
  name: string
  source: FactSource
  /** True: the log could not be asked, so that it may have changed only since the last scan. */
  perhaps: boolean
}

export interface KeyPointRow {
  keyPoint: KeyPoint
  score: number | null
  coverage: number
  counts: VerdictCounts
  failsBySeverity: Record<Severity, number>
}

export interface SubscriptionPostureRow {
  subscriptionId: string
  displayName: string
  score: number | null
  coverage: number
  counts: VerdictCounts
  resources: number
  /** Score by key point; null: not scored; missing: nothing asked. */
  keyPoints: Partial<Record<KeyPoint, number | null>>
}

/** One check's counts of findings, for the key point's page. */
export interface CheckCountsRow {
  check: string
  keyPoint: KeyPoint
  counts: VerdictCounts
  failsBySeverity: Record<Severity, number>
}

/** One gap of a check, for the check's page. */
export interface CheckGapRow {
  resourceId: string
  name: string
  /** The subscription's id where its name is not known; null for management groups and the tenant. */
  subscriptionName: string | null
  severity: Severity
  reason: string
  /** Also through a loss of sight. */
  openSince: string
}

/** A check with fails, ordered by the score it would give back. */
export interface WorstCheckRow {
  check: string
  keyPoint: KeyPoint
  severity: Severity
  fails: number
  /** Points the total score would gain if every fail passed. */
  gain: number
}

export interface Overview {
  estate: EstateInfo
  scan: ScanDetail | null
  /** Score of the finished scan before this one; null when there is none. */
  previousScore: number | null
  counts: VerdictCounts
  keyPoints: KeyPointRow[]
  subscriptions: SubscriptionPostureRow[]
  worst: WorstCheckRow[]
  /** Every check with at least one finding. */
  checks: CheckCountsRow[]
}

export interface ResourceRow {
  resourceId: string
  name: string
  type: string
  subscriptionId: string | null
  subscriptionName: string | null
  location: string
  resourceGroup: string | null
  fails: Record<Severity, number>
  unknown: number
  pass: number
  /** Worst verdict by key point; missing: no finding. Fail is worse than unknown, unknown than pass, pass than not-applicable. */
  keyPoints: Partial<Record<KeyPoint, Verdict>>
}

export const resourceSortColumns = ['severity', 'name', 'type', 'subscription', 'location'] as const
export type ResourceSortColumn = (typeof resourceSortColumns)[number]

/** Which resources, and which of their findings; what is left out narrows nothing. */
export interface FindingQuery {
  /** Part of a name or an ARM id, any casing. */
  search?: string
  verdicts?: Verdict[]
  keyPoints?: KeyPoint[]
  severities?: Severity[]
  checks?: string[]
  reasonCodes?: ReasonCode[]
  subscriptions?: string[]
  types?: string[]
  locations?: string[]
}

export interface ResourceQuery extends FindingQuery {
  sort: ResourceSortColumn
  descending: boolean
  /** From 1. */
  page: number
  pageSize: number
}

export interface ResourcePage {
  rows: ResourceRow[]
  total: number
  /** Findings that match the query's finding filters, over all matching resources: the counts that link here count findings. */
  findings: number
  withGaps: number
  withUnknown: number
}

/** Values to offer in filters, with counts, most frequent first. */
export interface ResourceFacets {
  subscriptions: { subscriptionId: string; displayName: string; count: number }[]
  types: { type: string; count: number }[]
  locations: { location: string; count: number }[]
}

export interface FindingRow {
  subscriptionId: string | null
  resourceId: string
  resourceType: string
  resourceName: string
  location: string
  keyPoint: KeyPoint
  check: string
  checkVersion: number
  verdict: Verdict
  reasonCode: ReasonCode | null
  severity: Severity
  reason: string
  evidence: Evidence
  permission: string | null
  /** Time of the first scan with this verdict. */
  since: string
}

export interface FactRow {
  source: string
  /** The API and version. */
  api: string
  readAt: string
  /** `ok`, or why it could not be read. */
  status: string
  content: unknown
}

export interface ResourceDetail {
  resourceId: string
  name: string
  type: string
  kind: string | null
  subscriptionId: string | null
  subscriptionName: string | null
  location: string
  resourceGroup: string | null
  tags: Record<string, string>
  /** Names of the groups above its subscription, nearest first, as far as they are known. */
  managementGroups: string[]
  /** False: gone since `lastSeen`. */
  present: boolean
  lastSeen: string
  findings: FindingRow[]
  /** By check. */
  history: Record<string, GapHistory>
  facts: FactRow[]
  central: CentralWorkspaces | null
}
