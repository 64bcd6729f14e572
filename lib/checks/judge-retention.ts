import type { CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { counts } from './destination'
import type { EffectiveCategory, Flow } from './effective-logging'
import { tableOfFlow } from './flow-table'
import { daysInWords, keptBy, keptByExports, refusalOfCopy, totalDaysOf, type Kept, type RetentionSubject } from './retention'
import { listInWords } from './wording'

interface CategoryKept {
  name: string
  /** Days that the policy asks. */
  asked: number
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

/** The copy that a flow makes; what a workspace exports follows it where its own is too short. */
function copiesOfFlow(flow: Flow, category: EffectiveCategory, asked: number, subject: RetentionSubject, context: CheckContext): Kept[] {
  const kept = sureIfShort(keptBy(flow, category, subject, context), asked)
  const suffices = (kept.days ?? kept.atLeast) >= asked
  if (suffices || flow.destination.kind !== 'workspace' || !counts(flow.destination)) return [kept]
  return [kept, ...keptByExports(flow.destination, tableOfFlow(flow, category, subject.bothTables), context)]
}

/** A copy that cannot be long enough is short, however long exactly it is kept. */
function sureIfShort(kept: Kept, asked: number): Kept {
  return kept.days === null && kept.atMost !== undefined && kept.atMost.days < asked ? kept.atMost : kept
}

/** One copy for each destination and table, by destination. */
function copiesOf(category: EffectiveCategory, asked: number, subject: RetentionSubject, context: CheckContext): Kept[] {
  const [first, ...others] = category.flows
  if (first !== undefined && others.length === 0) return copiesOfFlow(first, category, asked, subject, context)
  const byDestination = new Map<string, Kept[]>()
  for (const flow of category.flows) {
    // The same workspace by two settings may fill two tables; the evidence of both is kept.
    byDestination.set(`${flow.destination.key}|${String(flow.dedicated)}`, copiesOfFlow(flow, category, asked, subject, context))
  }
  return [...byDestination].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, kept]) => kept)
}

function judgeCategory(category: EffectiveCategory, asked: number, subject: RetentionSubject, context: CheckContext): Judged {
  const copies = copiesOf(category, asked, subject, context)
  const longest = Math.max(0, ...copies.map((kept) => kept.days ?? kept.atLeast))
  // An event hub beside a copy of known length proves nothing longer; it counts only when there is no other copy.
  const hasKnown = copies.some((kept) => kept.days !== null)
  const unknowns = copies.filter((kept) => kept.days === null).filter((kept) => !(hasKnown && isOpaque(kept)))
  return {
    kept: { name: category.name, asked, longest, unknown: unknowns.sort(bySeriousness)[0] },
    evidence: { category: category.name, copies: copies.map((kept) => kept.evidence) },
  }
}

/** How long the longest copy of a category is surely kept, against what is asked of it. */
export interface LongestKept {
  days: number
  isLongEnough: boolean
  /** A copy of which nobody knows how long it is kept may be kept longer: one that could be read, or one that Azure never tells of and that is the only one. */
  open: 'unread' | 'opaque' | null
}

/** How long one category is kept where it is kept the longest; `type` is the subject's, in lower case. */
export function longestKept(category: EffectiveCategory, type: string, subject: RetentionSubject, context: CheckContext): LongestKept {
  const asked = totalDaysOf(type, category.key, context)
  const { longest: days, unknown } = judgeCategory(category, asked, subject, context).kept
  return { days, isLongEnough: days >= asked, open: unknown === undefined ? null : isOpaque(unknown) ? 'opaque' : 'unread' }
}

function isOpaque(kept: Kept): boolean {
  return kept.evidence.kind === 'event-hub' || kept.evidence.kind === 'partner'
}

const groupedMax = 3

/** Names with the days that they are kept, and those asked where they differ between categories. */
function shortInWords(short: readonly CategoryKept[], differ: boolean): string {
  const shown = short.slice(0, groupedMax).map(({ name, longest, asked }) => `${name} (${longest}${differ ? ` of ${asked}` : ''} days)`)
  return short.length > groupedMax ? `${shown.join(', ')} and ${short.length - groupedMax} more` : listInWords(shown)
}

/** Whether each category is kept long enough in at least one place. `categories` must not be empty; `type` is the subject's, in lower case. */
export function judgeRetention(categories: readonly EffectiveCategory[], type: string, subject: RetentionSubject, context: CheckContext, more?: Evidence): Judgement {
  const judged = categories.map((category) => judgeCategory(category, totalDaysOf(type, category.key, context), subject, context))
  const asked = [...new Set(judged.map(({ kept }) => kept.asked))].sort((a, b) => a - b)
  const [days = 0, ...others] = asked
  const differ = others.length > 0
  const evidence = {
    requiredDays: asked.at(-1),
    kept: judged.map((one) => (differ ? { ...one.evidence, requiredDays: one.kept.asked } : one.evidence)),
    ...more,
  }
  const behind = judged.map((one) => one.kept).filter(({ longest, asked: own }) => longest < own)
  const short = behind.filter(({ unknown }) => unknown === undefined)
  if (short.length > 0) {
    const than = differ ? 'the days that are asked' : `${days} days`
    return { verdict: 'fail', reason: `Kept for less than ${than} in the longest copy: ${shortInWords(short, differ)}.`, evidence }
  }
  const [open] = behind.flatMap(({ unknown }) => unknown ?? []).sort(bySeriousness)
  if (open) {
    const { reasonCode, why, permission } = open
    return { verdict: 'unknown', reasonCode, reason: `How long ${listInWords(behind.map(({ name }) => name))} ${behind.length === 1 ? 'is' : 'are'} kept is not known. ${why}`, evidence: { ...evidence, ...refusalOfCopy(open) }, ...(permission && { permission }) }
  }
  const least = Math.min(...judged.map((one) => one.kept.longest))
  const words = Number.isFinite(least) ? `${least} days or longer` : daysInWords(least)
  return { verdict: 'pass', reason: `Every required log that is sent is kept ${words}; ${asked.join(' or ')} days are asked.`, evidence }
}
