import { keyPointSlugs, type KeyPoint } from './key-point'
import type { PolicyRules } from './policy'

type Days = PolicyRules['retentionDays']

/** The most that Azure keeps: twelve years. */
export const retentionDaysMax = 4383

/** Key points that have logs to be kept: platforms keep the time, and log nothing of it. */
export const keptKeyPoints: readonly KeyPoint[] = keyPointSlugs.filter((slug) => slug !== 'time-sync')

/** The policy's own figure for the logs of a key point; undefined where it has none. That of log retention stands for all that have none of their own. */
function ownDays({ byKeyPoint }: Days, keyPoint: KeyPoint): number | undefined {
  return byKeyPoint?.[keyPoint] ?? byKeyPoint?.['log-retention']
}

/** Days that logs which serve these key points must be kept in total: the longest that one of them asks for. */
export function totalDaysAsked(days: Days, keyPoints: readonly KeyPoint[]): number {
  return Math.max(...keyPoints.map((keyPoint) => ownDays(days, keyPoint) ?? days.total))
}

/** Days that must be at hand for queries; never more than are asked in total. */
export function interactiveDaysAsked(days: Days, total: number): number {
  return Math.min(days.interactive, total)
}

/**
 * Days where a service deletes what it wrote to storage itself (SQL audits, flow logs): the figure of CIS, which the policy
 * raises by a figure for the key point alone.
 */
export function storedDaysAsked(days: Days, keyPoint: KeyPoint): number {
  return ownDays(days, keyPoint) ?? Math.min(cisStoredDays, days.total)
}

const cisStoredDays = 90
