import { dayMs } from './day'

/** The size of the database when a scan had ended. */
export interface SizeAfterScan {
  /** ISO 8601 UTC. */
  at: string
  bytes: number
}

export interface DatabaseGrowth {
  /** Over how many scans it was measured, the first of them left out. */
  scans: number
  bytesPerScan: number
  bytesPerDay: number
}

/** Over a shorter time a day's growth would be a guess. */
const daysMin = 1

/** How the database grew over these scans, oldest first; null while they are too few or too close together. What shrank counts as no growth. */
export function growthOf(sizes: readonly SizeAfterScan[]): DatabaseGrowth | null {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (first === undefined || last === undefined || sizes.length < 2) return null
  const days = (Date.parse(last.at) - Date.parse(first.at)) / dayMs
  if (days < daysMin) return null
  const grown = Math.max(0, last.bytes - first.bytes)
  return { scans: sizes.length - 1, bytesPerScan: grown / (sizes.length - 1), bytesPerDay: grown / days }
}

/**
 * How large the database will be after so many days, if scans go on as they did: it grows until the oldest scan is as old as history is kept, since from then on as
 * much is pruned as is added.
 */
export function predictedBytes(now: { bytes: number; growth: DatabaseGrowth; keptDays: number; oldestDays: number }, days: number): number {
  const growing = Math.max(0, Math.min(days, now.keptDays - now.oldestDays))
  return now.bytes + now.growth.bytesPerDay * growing
}
