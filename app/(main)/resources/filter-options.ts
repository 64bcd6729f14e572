import { reasonWords, severityWords, verdictWords } from '@/components/vocabulary'
import { keyPointSlugs, keyPointTitle } from '@/lib/domain/key-point'
import { reasonCodes, severities, verdicts } from '@/lib/domain/verdict'
import type { ResourceFacets } from '@/lib/domain/views'
import type { FilterOption } from './filter-menu'
import type { MultiFilter, ResourceParams } from './search-params'

export const filterLabels: Record<MultiFilter, string> = {
  verdicts: 'Verdict',
  keyPoints: 'Key point',
  severities: 'Severity',
  checks: 'Check',
  reasonCodes: 'Reason',
  subscriptions: 'Subscription',
  types: 'Type',
  locations: 'Location',
}

/** What each filter offers, in the order to show. */
export function filterOptions(facets: ResourceFacets, checks: { id: string; title: string }[]): Record<MultiFilter, FilterOption[]> {
  return {
    verdicts: verdicts.map((value) => ({ value, label: verdictWords[value] })),
    keyPoints: keyPointSlugs.map((value) => ({ value, label: keyPointTitle(value) })),
    severities: severities.map((value) => ({ value, label: severityWords[value] })),
    checks: checks.map(({ id, title }) => ({ value: id, label: title })),
    reasonCodes: reasonCodes.map((value) => ({ value, label: reasonWords[value] })),
    subscriptions: facets.subscriptions.map(({ subscriptionId, displayName, count }) => ({ value: subscriptionId, label: displayName, count })),
    types: facets.types.map(({ type, count }) => ({ value: type, label: type, count })),
    locations: facets.locations.map(({ location, count }) => ({ value: location, label: location, count })),
  }
}

/** The filters in force in a few words, for the page's title. */
export function describeFilters(params: ResourceParams): string {
  const words = [
    ...(params.search === '' ? [] : [`“${params.search}”`]),
    ...params.verdicts.map((value) => verdictWords[value]),
    ...params.severities.map((value) => severityWords[value]),
    ...params.keyPoints.map(keyPointTitle),
    ...params.reasonCodes.map((value) => reasonWords[value]),
    ...params.types,
    ...params.locations,
  ]
  const shown = words.slice(0, 3).join(', ')
  return words.length > 3 ? `${shown} and more` : shown
}
