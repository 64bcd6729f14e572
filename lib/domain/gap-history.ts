import type { Verdict } from './verdict'

/** How long one verdict of a (resource, check) held. Times are those of the scans that saw it begin and end, ISO 8601 UTC. */
export interface VerdictRun {
  verdict: Verdict
  from: string
  /** Null while it holds. */
  to: string | null
}

/** One interval as stored. */
export interface GapInterval extends VerdictRun {
  /** Since when the gap that it is, in sight or not, is open; null: it is none. */
  gapSince: string | null
}

export interface GapHistory {
  /** Oldest first; neighbours differ in verdict, or were not judged in between. */
  runs: VerdictRun[]
  /** Since when the gap that is open now is open: until it is proven closed, also while it is out of sight. Null when there is none. */
  openSince: string | null
  /** How often a gap that had been closed came back. A loss of sight, or of the resource, closes nothing. */
  timesReopened: number
}

/** Reads the history of one (resource, check) from its intervals, oldest first; several with one verdict are one run. */
export function toGapHistory(intervals: readonly GapInterval[]): GapHistory {
  const runs: VerdictRun[] = []
  for (const { verdict, from, to } of intervals) {
    const last = runs.at(-1)
    if (last?.verdict === verdict && last.to === from) last.to = to
    else runs.push({ verdict, from, to })
  }
  const now = intervals.at(-1)
  return { runs, openSince: now?.to === null ? now.gapSince : null, timesReopened: reopenedIn(runs) }
}

function reopenedIn(runs: readonly VerdictRun[]): number {
  let times = 0
  /** The last verdict that was seen, with sight. */
  let seen: Verdict | undefined
  let everFailed = false
  for (const { verdict } of runs) {
    if (verdict === 'unknown') continue
    if (verdict === 'fail') {
      if (everFailed && seen !== 'fail') times += 1
      everFailed = true
    }
    seen = verdict
  }
  return times
}
