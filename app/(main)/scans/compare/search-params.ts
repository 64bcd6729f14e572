import { createLoader, parseAsInteger, parseAsNativeArrayOf, parseAsString, parseAsStringLiteral, type inferParserType } from 'nuqs/server'
import { changeKinds } from '@/lib/domain/diff'
import { keyPointSlugs } from '@/lib/domain/key-point'

const compareParsers = {
  from: parseAsString,
  to: parseAsString,
  of: parseAsStringLiteral(['all-known']),
  kinds: parseAsNativeArrayOf(parseAsStringLiteral(changeKinds)),
  keyPoints: parseAsNativeArrayOf(parseAsStringLiteral(keyPointSlugs)),
  subscriptions: parseAsNativeArrayOf(parseAsString),
  page: parseAsInteger.withDefault(1),
}

export type CompareParams = inferParserType<typeof compareParsers>

/** The page's state lives in its address: the two scans and what of their difference is shown. */
export const loadCompareParams = createLoader(compareParsers, { urlKeys: { kinds: 'kind', keyPoints: 'key-point', subscriptions: 'subscription' } })
