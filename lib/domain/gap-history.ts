import type { Verdict } from './verdict'

/** How long one verdict of a (resource, check) held. Times are those of the scans that saw it begin and end, ISO 8601 UTC. */
export interface VerdictRun {
  verdict: Verdict
  from: string
  /** Null while it holds. */
  to: string | null
}

export interface GapHistory {
  /** Oldest first; neighbours differ in verdict, or were not judged in between. */
  runs: VerdictRun[]
  /** Since when the gap that is open now is open; loss of sight in between does not close it. Null when it is no gap now. */
  openSince: string | null
  /** How often a gap that had been closed came back. A loss of sight, or of the resource, closes nothing. */
  timesReopened: number
}

/** Reads the history of one (resource, check) from its intervals, oldest first; several with one verdict are one run. */
export function toGapHistory(intervals: readonly VerdictRun[]): GapHistory {
  const runs: VerdictRun[] = []
  for (const interval of intervals) {
    const last = runs.at(-1)
    if (last?.verdict === interval.verdict && last.to === interval.from) last.to = interval.to
    else runs.push({ ...interval })
  }
  let openSince: string | null = null
  let timesReopened = 0
  let before: VerdictRun | undefined
  /** The last verdict that was seen, with sight. */
  let seen: Verdict | undefined
  let everFailed = false
  for (const run of runs) {
    if (before !== undefined && before.to !== run.from) openSince = null
    if (run.verdict === 'fail') {
      openSince ??= run.from
      if (everFailed && seen !== 'fail') timesReopened += 1
      everFailed = true
    } else if (run.verdict !== 'unknown') openSince = null
    if (run.verdict !== 'unknown') seen = run.verdict
    before = run
  }
  return { runs, openSince: before?.verdict === 'fail' && before.to === null ? openSince : null, timesReopened }
}
