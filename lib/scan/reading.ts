import { lastFullScan, lastReads, setScanMode, type ClaimedScan, type Database } from '@/lib/db'
import { dayMs } from '@/lib/domain/day'
import type { Policy } from '@/lib/domain/policy'
import type { ScanMode } from '@/lib/domain/scan'
import type { ReadingMode } from './collect-subscription'

/** The activity log goes 90 days back. */
const logDays = 89

/** What of a policy decides how much is read. */
export type FullReads = Pick<Policy, 'fullEveryNights'>

export interface Reading {
  /** True when at least one subscription can build on what was read before. */
  incremental: boolean
  of(subscriptionId: string): ReadingMode
}

/** How each subscription is to be read. An incremental scan that finds nothing to build on becomes a full one. */
export async function planReading(db: Database, estateId: number, claimed: Pick<ClaimedScan, 'seq' | 'mode' | 'startedAt'>, policy: FullReads): Promise<Reading> {
  const fullDays = daysBetweenFullReads(policy)
  const reads = await lastReads(db, estateId, claimed.seq)
  const startedAt = Date.parse(claimed.startedAt)
  const daysSince = (date: Date) => (startedAt - date.getTime()) / dayMs
  // A read that seems to come later than this scan was made under a clock that was wrong: what the activity log tells since then leaves a gap.
  const isWithin = (date: Date, days: number) => daysSince(date) >= 0 && daysSince(date) < days
  const buildsOn = (read: { startedAt: Date; fullAt: Date | null }) =>
    claimed.mode === 'incremental' && read.fullAt !== null && isWithin(read.fullAt, fullDays) && isWithin(read.startedAt, logDays)
  const incremental = [...reads.values()].some(buildsOn)
  if (claimed.mode === 'incremental' && !incremental) {
    claimed.mode = 'full'
    await setScanMode(db, claimed.seq, 'full')
  }
  return {
    incremental,
    of: (subscriptionId) => {
      const read = reads.get(subscriptionId.toLowerCase())
      const before = read !== undefined && isWithin(read.startedAt, logDays) ? read : null
      return { before, incremental: before !== null && buildsOn(before) }
    },
  }
}

/** A read in full proves those that carry over: it is due after so many days, half a day early, since no two nights begin at the same second. */
function daysBetweenFullReads({ fullEveryNights }: FullReads): number {
  return fullEveryNights - 0.5
}

/** The mode of a scan for which nobody asked otherwise: incremental, and full once the last full one is as old as the policy has it. */
export async function usualMode(db: Database, estateId: number, policy: FullReads, now = new Date()): Promise<ScanMode> {
  const full = await lastFullScan(db, estateId)
  if (full === null) return 'full'
  const days = (now.getTime() - full.getTime()) / dayMs
  // One that lies ahead by more than two clocks differ was made under a wrong clock, and would put the next one off.
  return days > -1 && days < daysBetweenFullReads(policy) ? 'incremental' : 'full'
}
