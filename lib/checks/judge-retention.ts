import type { CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import type { EffectiveCategory } from './effective-logging'
import { keptBy, daysInWords, type Kept, type RetentionSubject } from './retention'
import { listInWords } from './wording'

interface CategoryKept {
  name: string
  /** The longest copy that is sure. */
  longest: number
  /** A copy whose length is not known and might be longer. */
  unknown: Extract<Kept, { days: null }> | undefined
}

const reasonOrder = ['permission-denied', 'throttled', 'api-error', 'not-onboarded', 'unsupported']

function bySeriousness(a: { reasonCode: string }, b: { reasonCode: string }): number {
  return reasonOrder.indexOf(a.reasonCode) - reasonOrder.indexOf(b.reasonCode)
}

interface Judged {
  kept: CategoryKept
  evidence: Evidence
}

function judgeCategory(category: EffectiveCategory, subject: RetentionSubject, context: CheckContext): Judged {
  const byDestination = new Map<string, Kept>()
  for (const flow of category.flows) {
    // The same workspace by two settings may fill two tables; the evidence of both is kept.
    byDestination.set(`${flow.destination.key}|${String(flow.dedicated)}`, keptBy(flow, category, subject, context))
  }
  const copies = [...byDestination].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kept]) => kept)
  const longest = Math.max(0, ...copies.map((kept) => kept.days ?? kept.atLeast))
  // An event hub beside a copy of known length proves nothing longer; it counts only when there is no other copy.
  const hasKnown = copies.some((kept) => kept.days !== null)
  const unknowns = copies.filter((kept) => kept.days === null).filter((kept) => !(hasKnown && isOpaque(kept)))
  return {
    kept: { name: category.name, longest, unknown: unknowns.sort(bySeriousness)[0] },
    evidence: { category: category.name, copies: copies.map((kept) => kept.evidence) },
  }
}

function isOpaque(kept: Kept): boolean {
  return kept.evidence.kind === 'event-hub' || kept.evidence.kind === 'partner'
}

const groupedMax = 3

function shortInWords(short: readonly CategoryKept[]): string {
  const shown = short.slice(0, groupedMax).map(({ name, longest }) => `${name} (${longest} days)`)
  return short.length > groupedMax ? `${shown.join(', ')} and ${short.length - groupedMax} more` : listInWords(shown)
}

/** Whether each category is kept long enough in at least one place. `categories` must not be empty. */
export function judgeRetention(categories: readonly EffectiveCategory[], days: number, subject: RetentionSubject, context: CheckContext, more?: Evidence): Judgement {
  const judged = categories.map((category) => judgeCategory(category, subject, context))
  const evidence = { requiredDays: days, kept: judged.map((one) => one.evidence), ...more }
  const behind = judged.map((one) => one.kept).filter(({ longest }) => longest < days)
  const short = behind.filter(({ unknown }) => unknown === undefined)
  if (short.length > 0) {
    return { verdict: 'fail', reason: `Kept for less than ${days} days in the longest copy: ${shortInWords(short)}.`, evidence }
  }
  const [open] = behind.flatMap(({ unknown }) => unknown ?? []).sort(bySeriousness)
  if (open) {
    const { reasonCode, why, permission } = open
    return { verdict: 'unknown', reasonCode, reason: `How long ${listInWords(behind.map(({ name }) => name))} ${behind.length === 1 ? 'is' : 'are'} kept is not known. ${why}`, evidence, ...(permission && { permission }) }
  }
  const least = Math.min(...judged.map((one) => one.kept.longest))
  const words = Number.isFinite(least) ? `${least} days or longer` : daysInWords(least)
  return { verdict: 'pass', reason: `Every required log that is sent is kept ${words}; ${days} days are asked.`, evidence }
}
