import { createLoader, createSerializer, parseAsInteger, parseAsNumberLiteral, parseAsString } from 'nuqs/server'
import { dayMs } from '@/lib/domain/day'
import { trendSpans, trendSubjectText, type TrendSubject } from '@/lib/domain/trend'
import type { TrendSubjects } from '@/lib/db'
import { parseAsDay } from '../parse-day'

const trendParsers = {
  days: parseAsNumberLiteral(trendSpans).withDefault(90),
  from: parseAsDay,
  to: parseAsDay,
  of: parseAsString.withDefault(''),
  /** Of the table of scans; null: nobody turned to one. The first is named as well, so that the table stays open. */
  page: parseAsInteger,
}

/** Which trend is shown: its last days, or from one day to another (UTC, both included), and of what, as `trendSubjectText` writes it. */
export const loadTrendParams = createLoader(trendParsers)

export const trendsQuery = createSerializer(trendParsers)

/** The span that the address asks for; a day that makes no span with the other is left out. All that is kept begins in 1970. */
export function spanOf({ days, from, to }: { days: number; from: Date | null; to: Date | null }, now: Date): { since: Date; until: Date } {
  const until = to === null || to > now || (from !== null && to < from) ? now : new Date(Math.min(now.getTime(), to.getTime() + dayMs - 1))
  const since = from !== null && from < until ? from : new Date(days === 0 ? 0 : until.getTime() - days * dayMs)
  return { since, until }
}

/** What a trend is asked of, with a name for people. */
export interface NamedSubject {
  of: TrendSubject
  label: string
  /** False: it is none of those that are offered; its figures may be kept all the same. */
  isListed: boolean
}

/** The subjects that are offered, by kind. */
export function listedSubjects({ subscriptions, managementGroups, types }: TrendSubjects): Record<'managementGroups' | 'subscriptions' | 'types', NamedSubject[]> {
  const named = (of: TrendSubject, name: string, deleted = false): NamedSubject => ({ of, label: deleted ? `${name} (deleted in Azure)` : name, isListed: true })
  return {
    managementGroups: managementGroups.map(({ name, displayName, deleted }) => named({ kind: 'management-group', name }, displayName, deleted)),
    subscriptions: subscriptions.map(({ subscriptionId, displayName, deleted }) => named({ kind: 'subscription', subscriptionId }, displayName, deleted)),
    types: types.map((type) => named({ kind: 'type', type }, type)),
  }
}

/** What the address asks a trend of, also where that is not offered; null where it means nothing. */
export function subjectOf(text: string, subjects: TrendSubjects): NamedSubject | null {
  if (text === '') return { of: { kind: 'everything' }, label: '', isListed: true }
  const listed = Object.values(listedSubjects(subjects)).flat().find(({ of }) => trendSubjectText(of).toLowerCase() === text.toLowerCase())
  if (listed !== undefined) return listed
  const [, kind, name = ''] = /^(subscription|management-group|type):([\w()./-]{1,300})$/.exec(text) ?? []
  switch (kind) {
    case 'subscription': return { of: { kind, subscriptionId: name }, label: name, isListed: false }
    case 'management-group': return { of: { kind, name }, label: name, isListed: false }
    case 'type': return { of: { kind, type: name }, label: name, isListed: false }
    default: return null
  }
}
