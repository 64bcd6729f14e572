import { counts, isUntold, type Destination } from './destination'
import type { EffectiveLogging, Flow } from './effective-logging'
import type { RequiredSet } from './required-categories'

/** How a required set stands against effective logging, for destinations of the asker's choice. */
export interface Coverage {
  /** Required and surely sent; sorted. Lists of `anyOf` appear by the category that serves them. */
  present: string[]
  /** Required and surely not sent; `a or b` for a list. */
  missing: string[]
  /** Sent only to a destination that cannot be read, or of which it is not told whether it keeps them. */
  unreadable: string[]
  /** Perhaps in a group whose content nobody tells. */
  undetermined: string[]
  /** Those destinations, which stand in the way of a verdict. */
  unreadableDestinations: Destination[]
}

/** Which destinations serve the question. */
export interface Asked {
  accepts: (destination: Destination) => boolean
  /** An unreadable destination that might serve. */
  perhaps: (destination: Destination) => boolean
}

export const anywhere: Asked = {
  accepts: counts,
  perhaps: (destination) => destination.state === 'unreadable' || isUntold(destination),
}

type Standing = 'present' | 'unreadable' | 'undetermined' | 'missing'
const rank: Record<Standing, number> = { present: 3, unreadable: 2, undetermined: 1, missing: 0 }

function better(a: Standing, b: Standing): Standing {
  return rank[b] > rank[a] ? b : a
}

/** What one flow gives, if what it carries is as sure as `sure` says. */
function standingOfFlow(flow: Flow, sure: Standing, asked: Asked): Standing {
  if (asked.accepts(flow.destination)) return sure
  return asked.perhaps(flow.destination) ? 'unreadable' : 'missing'
}

function standingOf(key: string, effective: EffectiveLogging, auditGroupServes: boolean, asked: Asked): Standing {
  let best: Standing = 'missing'
  for (const flow of effective.categories.get(key)?.flows ?? []) best = better(best, standingOfFlow(flow, 'present', asked))
  for (const { group, flow } of effective.openGroups) {
    // allLogs holds every category by definition, known to us or not.
    const sure = group === 'alllogs' || (group === 'audit' && auditGroupServes) ? 'present' : 'undetermined'
    best = better(best, standingOfFlow(flow, sure, asked))
  }
  return best
}

/** Compares what must be logged with what is sent to destinations that serve. */
export function coverageOf(required: RequiredSet, effective: EffectiveLogging, asked: Asked = anywhere): Coverage {
  const coverage: Coverage = { present: [], missing: [], unreadable: [], undetermined: [], unreadableDestinations: [] }
  // Where the required set is the audit group itself, having that group on is having the set, whatever it holds.
  const auditGroupServes = required.decidedBy === 'unknown' && effective.profile.catalogType?.auditGroup === true
  for (const name of required.categories) coverage[standingOf(name.toLowerCase(), effective, auditGroupServes, asked)].push(name)
  for (const names of required.anyOf) {
    let best: Standing = 'missing'
    let by = names.join(' or ')
    for (const name of names) {
      const standing = standingOf(name.toLowerCase(), effective, auditGroupServes, asked)
      if (rank[standing] > rank[best]) [best, by] = [standing, name]
    }
    // One that serves several lists is one log.
    if (!coverage[best].includes(by)) coverage[best].push(by)
  }
  if (coverage.unreadable.length > 0) {
    const flows = [...effective.categories.values()].flatMap((category) => category.flows)
    const all = [...flows, ...effective.openGroups.map(({ flow }) => flow)].map((flow) => flow.destination)
    coverage.unreadableDestinations = [...new Map(all.filter(asked.perhaps).map((d) => [d.key, d])).values()]
  }
  return coverage
}

/** True when every required category is sent to a destination that serves. */
export function isComplete(coverage: Coverage): boolean {
  return coverage.missing.length + coverage.unreadable.length + coverage.undetermined.length === 0
}
