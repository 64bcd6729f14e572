import { createLoader, parseAsInteger, parseAsNativeArrayOf, parseAsString, parseAsStringLiteral, type inferParserType } from 'nuqs/server'
import { changeKinds, type ChangeCount } from '@/lib/domain/diff'
import { keyPointSlugs } from '@/lib/domain/key-point'
import { ignoredOf, type RawParams } from '../../ignored-params'
import { parseAsDay } from '../../parse-day'

const compareParsers = {
  from: parseAsString,
  to: parseAsString,
  of: parseAsStringLiteral(['all-known']),
  kinds: parseAsNativeArrayOf(parseAsStringLiteral(changeKinds)),
  keyPoints: parseAsNativeArrayOf(parseAsStringLiteral(keyPointSlugs)),
  subscriptions: parseAsNativeArrayOf(parseAsString),
  page: parseAsInteger.withDefault(1),
  /** The day (UTC) until which scans are offered to choose from. */
  until: parseAsDay,
}

export type CompareParams = inferParserType<typeof compareParsers>

/** The page's state lives in its address: the two scans and what of their difference is shown. */
export const loadCompareParams = createLoader(compareParsers, { urlKeys: { kinds: 'kind', keyPoints: 'key-point', subscriptions: 'subscription' } })

/**
 * Parts of the address of a file that mean nothing there, as `name=value`. The page's own address does for a file: which page of the list it shows, and until when
 * it offers scans, changes nothing of what the file holds.
 */
export function ignoredInFile(raw: RawParams, { from, to, of, kinds, keyPoints, subscriptions, page, until }: CompareParams): string[] {
  const day = until === null ? null : parseAsDay.serialize(until)
  return ignoredOf(raw, { from, to, of, kind: kinds, 'key-point': keyPoints, subscription: subscriptions, page, until: day })
}

/** What the address leaves of the changes. */
export function toChangeFilters(params: CompareParams) {
  return { kinds: params.kinds, keyPoints: params.keyPoints, subscriptions: params.subscriptions.map((id) => id.toLowerCase()), ofAllKnown: params.of === 'all-known' }
}

/** The counts that the filters let through; an empty filter lets all through. */
export function matchingChanges(counts: ChangeCount[], { kinds, keyPoints, subscriptions }: ReturnType<typeof toChangeFilters>): ChangeCount[] {
  return counts.filter((row) => [
    kinds.length === 0 || kinds.includes(row.kind), keyPoints.length === 0 || keyPoints.includes(row.keyPoint),
    subscriptions.length === 0 || subscriptions.includes(row.subscriptionId ?? ''),
  ].every(Boolean))
}
