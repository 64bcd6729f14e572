import type { KeyPoint } from './key-point'

const scanStatuses = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const
export type ScanStatus = (typeof scanStatuses)[number]
export type ScanMode = 'full' | 'incremental'
export type PartStatus = 'pending' | 'running' | 'succeeded' | 'partial' | 'failed'
const scanStages = ['discover', 'collect', 'evaluate', 'finish'] as const
export type ScanStage = (typeof scanStages)[number]

/** What to scan; both absent: everything the identity can read. */
export interface ScanScope {
  subscriptions?: string[]
  managementGroup?: string
}

/** True for a scan of everything, from which what is missing can be known to be gone. */
export function isTenantWide({ subscriptions, managementGroup }: ScanScope): boolean {
  return !subscriptions?.length && managementGroup === undefined
}

export interface RequestCounts {
  total: number
  throttled: number
  retried: number
  /** How often a subscription that failed again and again was left alone for a while; absent (as the other counts below): never. */
  circuitsOpened?: number
  /** Attempts that were not answered in time. */
  timedOut?: number
  /** Tokens that took the place of one which was about to expire, or was refused. */
  tokensRenewed?: number
  /** Requests to ARM's batch endpoint, of up to 20 reads each. */
  batches?: number
  /** For how long limits (of a subscription, the tenant, Resource Graph or one action) rested since Azure said so, one added to another. */
  pausedMs?: number
  /** The most requests that one process had in flight. */
  mostAtOnce?: number
  /** True: a process died at work, and its last requests were not counted; absent: all are. */
  atLeast?: true
}

/** What was found changed although incremental scans had carried it over, as no activity log had told them. */
export interface MissedCounts {
  missed: number
  /** What else was, while the log could not be asked, so that it may have changed only since the last scan. */
  perhapsMissed: number
}

/** What two processes, or two attempts, have asked together. */
export function sumOfRequests(a: Readonly<RequestCounts>, b: Readonly<RequestCounts>): RequestCounts {
  return {
    total: a.total + b.total, throttled: a.throttled + b.throttled, retried: a.retried + b.retried,
    ...rarely({
      circuitsOpened: (a.circuitsOpened ?? 0) + (b.circuitsOpened ?? 0), timedOut: (a.timedOut ?? 0) + (b.timedOut ?? 0), tokensRenewed: (a.tokensRenewed ?? 0) + (b.tokensRenewed ?? 0),
      batches: (a.batches ?? 0) + (b.batches ?? 0), pausedMs: (a.pausedMs ?? 0) + (b.pausedMs ?? 0), mostAtOnce: Math.max(a.mostAtOnce ?? 0, b.mostAtOnce ?? 0),
    }),
    ...((a.atLeast ?? b.atLeast) && { atLeast: true }),
  }
}

/** The summary as it is written for programs: as the contract has it, where nothing unusual was met. How many requests were under way at once differs from scan to scan. */
export function publishedSummary(summary: ScanSummary): ScanSummary {
  return { ...summary, requests: { ...summary.requests, mostAtOnce: undefined } }
}

/** Those of some counts that are not zero. */
export function rarely(counts: Partial<RequestCounts>): Partial<RequestCounts> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
}

export interface KeyPointSummary {
  keyPoint: KeyPoint
  score: number | null
  pass: number
  fail: number
  unknown: number
  notApplicable: number
}

/** The scan summary of `keypoint scan --json`, schema version 1. */
export interface ScanSummary {
  schemaVersion: 1
  scanId: string
  status: 'succeeded' | 'partial' | 'failed' | 'cancelled'
  mode: ScanMode
  startedAt: string
  finishedAt: string
  subscriptions: { subscriptionId: string; displayName: string; status: 'succeeded' | 'partial' | 'failed'; reason: string | null }[]
  resources: number
  requests: RequestCounts
  score: number | null
  coverage: number
  keyPoints: KeyPointSummary[]
  /** Of what was read in full; absent: nothing. */
  missed?: MissedCounts
}

/** Live progress, kept in the database so that any instance can answer. */
export interface ScanProgress {
  stage: ScanStage
  subscriptionsTotal: number | null
  subscriptionsDone: number
  resourcesFound: number
  /** Reads of evidence planned so far and done; the total grows while subscriptions are still being listed. */
  readsPlanned: number
  readsDone: number
  requests: RequestCounts
}
