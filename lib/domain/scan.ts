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

export function isTenantWide({ subscriptions, managementGroup }: ScanScope): boolean {
  return !subscriptions?.length && managementGroup === undefined
}

export interface RequestCounts {
  total: number
  throttled: number
  retried: number
  /** How often a subscription that failed again and again was left alone for a while; absent: never. */
  circuitsOpened?: number
  /** True: a process died at work, and its last requests were not counted; absent: all are. */
  atLeast?: true
}

/** What was found changed although incremental scans had carried it over, as no activity log had told them. */
export interface MissedCounts {
  missed: number
  /** What else was, while the log could not be asked, so that it may have changed only since the last scan. */
  perhapsMissed: number
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
