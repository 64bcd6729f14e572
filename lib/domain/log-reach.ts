/** Where a log arrives, one bit each. `untold`: at something that exists, of which it is not told whether it takes and keeps the log. Other tools (Splunk, QRadar, ArcSight …) read from event hubs. */
export const reachBits = { central: 1, sentinel: 2, workspace: 4, eventHub: 8, partner: 16, storage: 32, unseen: 64, partly: 128, untold: 256 } as const
export type Reach = keyof typeof reachBits

/** Not read, so that nothing can be said. */
export const unreadReach = -1

/** Sources that are no resource types: events of operating systems, which data collection rules carry. */
export const machineSources = { windows: 'windows-security-events', linux: 'linux-syslog' } as const

/** How many subjects of one source send one category to the same kinds of places. */
export interface LogReachRow {
  source: string
  /** Empty: all that the source must log, taken together. */
  category: string
  /** Bits, or `unreadReach`. `partly`: some of the required categories arrive somewhere, but no one place has them all. */
  reach: number
  subjects: number
}

function reaches(reach: number, what: Reach): boolean {
  return reach > 0 && (reach & reachBits[what]) !== 0
}

/** Subjects by where their log arrives; `onlyStorage` is what no tool can search, `nowhere` what is lost. */
export interface ReachCounts extends Record<Exclude<Reach, 'storage'>, number> {
  subjects: number
  onlyStorage: number
  nowhere: number
  unread: number
}

/** A subject counts for each kind of place that its log reaches, so that the figures do not add up to `subjects`. */
export function countReach(rows: readonly Pick<LogReachRow, 'reach' | 'subjects'>[]): ReachCounts {
  const counts: ReachCounts = { subjects: 0, central: 0, sentinel: 0, workspace: 0, eventHub: 0, partner: 0, unseen: 0, partly: 0, untold: 0, onlyStorage: 0, nowhere: 0, unread: 0 }
  for (const { reach, subjects } of rows) {
    counts.subjects += subjects
    if (reach === unreadReach) counts.unread += subjects
    else if (reach === 0) counts.nowhere += subjects
    else if (reach === reachBits.storage) counts.onlyStorage += subjects
    for (const what of ['central', 'sentinel', 'workspace', 'eventHub', 'partner', 'unseen', 'partly', 'untold'] as const) if (reaches(reach, what)) counts[what] += subjects
  }
  return counts
}
