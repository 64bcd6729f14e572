/** The resources page's state lives in its address; server and browser read it by this one description. */
import { createLoader, createSerializer, parseAsInteger, parseAsNativeArrayOf, parseAsNumberLiteral, parseAsString, parseAsStringLiteral, type inferParserType } from 'nuqs/server'
import { resourceFilterKeys } from '@/components/links'
import { keyPointSlugs } from '@/lib/domain/key-point'
import { reasonCodes, severities, verdicts } from '@/lib/domain/verdict'
import { resourceSortColumns, type FindingQuery, type ResourceQuery, type ResourceSortColumn } from '@/lib/domain/views'
import { ignoredOf, type RawParams } from '../ignored-params'

export const pageSizes = [50, 100, 200] as const
const pageSizeDefault = 50
const searchLengthMax = 500
/** More pages than any estate fills, and fewer than the database can skip. */
const pageMax = 1_000_000

type SortWord = ResourceSortColumn | `-${ResourceSortColumn}`
const sortWords: SortWord[] = resourceSortColumns.flatMap((column) => [column, `-${column}` as const])

export const resourceParsers = {
  search: parseAsString.withDefault(''),
  verdicts: parseAsNativeArrayOf(parseAsStringLiteral(verdicts)),
  keyPoints: parseAsNativeArrayOf(parseAsStringLiteral(keyPointSlugs)),
  severities: parseAsNativeArrayOf(parseAsStringLiteral(severities)),
  checks: parseAsNativeArrayOf(parseAsString),
  reasonCodes: parseAsNativeArrayOf(parseAsStringLiteral(reasonCodes)),
  subscriptions: parseAsNativeArrayOf(parseAsString),
  types: parseAsNativeArrayOf(parseAsString),
  locations: parseAsNativeArrayOf(parseAsString),
  /** A column, with `-` in front for descending. */
  sort: parseAsStringLiteral(sortWords).withDefault('-severity'),
  page: parseAsInteger.withDefault(1),
  pageSize: parseAsNumberLiteral(pageSizes).withDefault(pageSizeDefault),
}

/** Names in the address where they differ from the names in code. */
export const resourceUrlKeys = { ...resourceFilterKeys, pageSize: 'size' } as const

export type ResourceParams = inferParserType<typeof resourceParsers>

export const loadResourceParams = createLoader(resourceParsers, { urlKeys: resourceUrlKeys })
export const serializeResourceParams = createSerializer(resourceParsers, { urlKeys: resourceUrlKeys })

export const multiFilters = ['verdicts', 'keyPoints', 'severities', 'checks', 'reasonCodes', 'subscriptions', 'types', 'locations'] as const
export type MultiFilter = (typeof multiFilters)[number]

/** What the address asks of the database. */
export function toResourceQuery(params: ResourceParams): ResourceQuery {
  const column = params.sort.replace(/^-/, '')
  return {
    ...toFindingQuery(params),
    sort: resourceSortColumns.find((candidate) => candidate === column) ?? 'severity',
    descending: params.sort.startsWith('-'),
    page: toPage(params.page),
    pageSize: params.pageSize,
  }
}

/** The same without order and page. */
export function toFindingQuery(params: ResourceParams): FindingQuery {
  const filled = <T>(values: T[]) => (values.length > 0 ? values : undefined)
  return {
    search: params.search.trim().slice(0, searchLengthMax) || undefined,
    verdicts: filled(params.verdicts),
    keyPoints: filled(params.keyPoints),
    severities: filled(params.severities),
    checks: filled(params.checks),
    reasonCodes: filled(params.reasonCodes),
    subscriptions: filled(params.subscriptions.map((id) => id.toLowerCase())),
    types: filled(params.types.map((type) => type.toLowerCase())),
    locations: filled(params.locations),
  }
}

/** Parts of the address that mean nothing here, as `name=value`: they are ignored, and the page says so. */
export function ignoredParams(raw: RawParams, params: ResourceParams): string[] {
  const { page, ...rest } = params
  const understood = Object.fromEntries(Object.entries(rest).map(([name, value]) => [urlKeyOf(name), value]))
  return ignoredOf(raw, page === toPage(page) ? { ...understood, page } : understood)
}

function toPage(page: number): number {
  return Math.min(Math.max(1, page), pageMax)
}

function urlKeyOf(name: string): string {
  return Object.entries(resourceUrlKeys).find(([candidate]) => candidate === name)?.[1] ?? name
}
