import { createLoader, parseAsIsoDate, parseAsNumberLiteral, parseAsString } from 'nuqs/server'
import { trendSpans, trendSubjectText, type TrendSubject } from '@/lib/domain/trend'
import type { TrendSubjects } from '@/lib/db'

/** Which trend is shown: its last days, or from one day to another (UTC, both included), and of what, as `trendSubjectText` writes it. */
export const loadTrendParams = createLoader({ days: parseAsNumberLiteral(trendSpans).withDefault(90), from: parseAsIsoDate, to: parseAsIsoDate, of: parseAsString.withDefault('') })

const dayMs = 86_400_000

/** The span that the address asks for; a day that makes no span with the other is left out. All that is kept begins in 1970. */
export function spanOf({ days, from, to }: { days: number; from: Date | null; to: Date | null }, now: Date): { since: Date; until: Date } {
  const until = to === null || to > now || (from !== null && to < from) ? now : new Date(Math.min(now.getTime(), to.getTime() + dayMs - 1))
  const since = from !== null && from < until ? from : new Date(days === 0 ? 0 : until.getTime() - days * dayMs)
  return { since, until }
}

/** What the address asks a trend of, among what there is, with a name for people; everything where it names something else. */
export function subjectOf(text: string, { subscriptions, managementGroups, types }: TrendSubjects): { of: TrendSubject; label: string } {
  const subjects: { of: TrendSubject; label: string }[] = [
    ...managementGroups.map(({ name, displayName }) => ({ of: { kind: 'management-group' as const, name }, label: displayName })),
    ...subscriptions.map(({ subscriptionId, displayName }) => ({ of: { kind: 'subscription' as const, subscriptionId }, label: displayName })),
    ...types.map((type) => ({ of: { kind: 'type' as const, type }, label: type })),
  ]
  return subjects.find(({ of }) => trendSubjectText(of).toLowerCase() === text.toLowerCase()) ?? { of: { kind: 'everything' }, label: '' }
}
