import type { CheckContext } from '@/lib/domain/check'
import type { EffectiveCategory, EffectiveLogging } from './effective-logging'
import { longestKept } from './judge-retention'
import type { RequiredSet } from './required-categories'
import { keptBy, totalDaysOf, type RetentionSubject } from './retention'

/** Of categories of which one is enough: the one that is kept best. */
export interface BestKept {
  best: EffectiveCategory
  /** True: it is surely kept for the total time of the policy, so that nothing hangs on the others. */
  isLongEnough: boolean
  others: readonly EffectiveCategory[]
}

/** Whether some workspace keeps the category for the total time of the policy. */
export function keptInWorkspace(category: EffectiveCategory, type: string, subject: RetentionSubject, context: CheckContext): 'yes' | 'no' | 'unclear' {
  const asked = totalDaysOf(type, category.key, context)
  const copies = category.flows.filter((flow) => flow.destination.kind === 'workspace').map((flow) => keptBy(flow, category, subject, context))
  if (copies.some((kept) => (kept.days ?? kept.atLeast) >= asked)) return 'yes'
  return copies.some((kept) => kept.days === null) ? 'unclear' : 'no'
}

interface Ranked {
  category: EffectiveCategory
  rank: number
  days: number
}

/** In a workspace for long enough before elsewhere, then what may be long enough, then what is too short; what nobody can ever tell of lengthens nothing. */
function ranked(category: EffectiveCategory, type: string, subject: RetentionSubject, context: CheckContext): Ranked {
  const { days, isLongEnough, open } = longestKept(category, type, subject, context)
  if (isLongEnough) return { category, rank: keptInWorkspace(category, type, subject, context) === 'yes' ? 4 : 3, days }
  return { category, rank: open === 'unread' ? 2 : open === null ? 1 : 0, days }
}

/** The best of two; among equals the later of the list, which is the one to turn on. */
function better(a: Ranked, b: Ranked): Ranked {
  return a.rank > b.rank || (a.rank === b.rank && a.days > b.days) ? a : b
}

/** For each list of which one category is enough: which of those that are sent is kept best. Lists of which none is sent are left out. */
export function bestOfEachList(lists: RequiredSet['anyOf'], { categories, profile }: EffectiveLogging, subject: RetentionSubject, context: CheckContext): BestKept[] {
  return lists.flatMap((names) => {
    const sent = names.flatMap((name) => categories.get(name.toLowerCase()) ?? [])
    if (sent.length === 0) return []
    const best = sent.map((category) => ranked(category, profile.type, subject, context)).reduce(better)
    return [{ best: best.category, isLongEnough: best.rank >= 3, others: sent.filter((category) => category !== best.category) }]
  })
}
