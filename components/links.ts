/** Addresses of pages, so that every number leads to the rows it counts. Parameter names are those of the resources page. */
import type { ChangeKind } from '@/lib/domain/diff'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { ReportFormat } from '@/lib/domain/report-format'
import { isTenantWide } from '@/lib/domain/scan'
import type { ReasonCode, Severity, Verdict } from '@/lib/domain/verdict'
import type { ScanDetail } from '@/lib/domain/views'

export interface ResourceFilter {
  search?: string
  verdicts?: readonly Verdict[]
  keyPoints?: readonly KeyPoint[]
  severities?: readonly Severity[]
  checks?: readonly string[]
  reasonCodes?: readonly ReasonCode[]
  subscriptions?: readonly string[]
  types?: readonly string[]
  locations?: readonly string[]
}

/** The name in the URL of each filter. */
export const resourceFilterKeys = {
  search: 'q',
  verdicts: 'verdict',
  keyPoints: 'key-point',
  severities: 'severity',
  checks: 'check',
  reasonCodes: 'reason',
  subscriptions: 'subscription',
  types: 'type',
  locations: 'location',
} as const satisfies Record<keyof ResourceFilter, string>

export function resourcesHref(filter: ResourceFilter = {}): string {
  return withQuery('/resources', filterParams(filter))
}

/** The findings that the resources page of the same filter counts, as a file. */
export function findingsFileHref(filter: ResourceFilter, format: ReportFormat): string {
  const params = filterParams(filter)
  params.append('format', format)
  return withQuery('/resources/export', params)
}

function filterParams(filter: ResourceFilter): URLSearchParams {
  const params = new URLSearchParams()
  if (filter.search) params.append(resourceFilterKeys.search, filter.search)
  for (const key of ['verdicts', 'keyPoints', 'severities', 'checks', 'reasonCodes', 'subscriptions', 'types', 'locations'] as const) {
    for (const value of filter[key] ?? []) params.append(resourceFilterKeys[key], value)
  }
  return params
}

function withQuery(path: string, params: URLSearchParams): string {
  const query = readableSlashes(params.toString())
  return query === '' ? path : `${path}?${query}`
}

/** The id stands in the query, because ARM ids hold slashes and odd characters; slashes stay readable there. */
export function resourceHref(resourceId: string): string {
  return `/resources/view?id=${readableSlashes(encodeURIComponent(resourceId))}`
}

/** One finding on its resource's page: verdict, evidence and what to do. */
export function findingHref(resourceId: string, check: string): string {
  return `${resourceHref(resourceId)}#${encodeURIComponent(check)}`
}

/** What is known of a resource, with what Azure answered and when, as a file. */
export function evidenceFileHref(resourceId: string): string {
  return `/resources/view/export?id=${readableSlashes(encodeURIComponent(resourceId))}`
}

export function keyPointHref(keyPoint: KeyPoint): string {
  return `/key-points/${keyPoint}`
}

export function checkHref(check: string): string {
  return `/checks/${encodeURIComponent(check)}`
}

/** Pages count from 1. */
export function scansHref(page = 1): string {
  return page > 1 ? `/scans?page=${page}` : '/scans'
}

export function scanHref(scanId: string): string {
  return `/scans/${encodeURIComponent(scanId)}`
}

/** The findings of a scan as a file: all, or those of some key points or checks. */
export function scanFileHref(scanId: string, format: ReportFormat, filter: Pick<ResourceFilter, 'keyPoints' | 'checks'> = {}): string {
  const params = filterParams(filter)
  params.append('format', format)
  return withQuery(`${scanHref(scanId)}/export`, params)
}

const subscriptionsInAddressMax = 100

/**
 * The filter under which the resources page counts what a scan of some subscriptions judged; empty for one of everything, and for one of more subscriptions than
 * an address can name.
 */
export function judgedBy({ scope, parts }: Pick<ScanDetail, 'scope' | 'parts'>): ResourceFilter {
  return isTenantWide(scope) || parts.length > subscriptionsInAddressMax ? {} : { subscriptions: parts.map(({ subscriptionId }) => subscriptionId) }
}

/** Two scans side by side, of the subscriptions that both judged or of all that were known; without `from`, the second with the scan before it. */
export function compareHref(scans: ComparedScans, filter: ChangeFilter & { page?: number } = {}): string {
  const params = changeParams(scans, filter)
  if (filter.page !== undefined && filter.page > 1) params.append('page', String(filter.page))
  return withQuery('/scans/compare', params)
}

/** The changes that the comparison with the same filter shows, as a file. */
export function changesFileHref(scans: ComparedScans, filter: ChangeFilter, format: ReportFormat): string {
  const params = changeParams(scans, filter)
  params.append('format', format)
  return withQuery('/scans/compare/export', params)
}

interface ComparedScans {
  from?: string
  to?: string
  of?: 'all-known' | null
}

interface ChangeFilter {
  kinds?: readonly ChangeKind[]
  keyPoints?: readonly KeyPoint[]
  subscriptions?: readonly string[]
}

function changeParams(scans: ComparedScans, filter: ChangeFilter): URLSearchParams {
  const params = new URLSearchParams()
  if (scans.from !== undefined) params.append('from', scans.from)
  if (scans.to !== undefined) params.append('to', scans.to)
  if (scans.of) params.append('of', scans.of)
  for (const kind of filter.kinds ?? []) params.append('kind', kind)
  for (const keyPoint of filter.keyPoints ?? []) params.append('key-point', keyPoint)
  for (const subscription of filter.subscriptions ?? []) params.append('subscription', subscription)
  return params
}

/** The form for asking, with what is exempted filled in. */
export function newExemptionHref(scope: string, check: string): string {
  return `/exemptions/new?scope=${readableSlashes(encodeURIComponent(scope))}&check=${encodeURIComponent(check)}`
}

export function scheduleHref(id: string): string {
  return `/schedules/${encodeURIComponent(id)}`
}

export const channelsHref = '/settings/notifications'

export function channelHref(id: string): string {
  return `${channelsHref}/${encodeURIComponent(id)}`
}

function readableSlashes(encoded: string): string {
  return encoded.replaceAll('%2F', '/')
}

const portals: Record<string, string> = {
  AzureCloud: 'https://portal.azure.com',
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
}

/** The thing's page in the portal of its cloud; null for the tenant, which has none of that form, and for private clouds. */
export function portalHref(cloud: string, tenantId: string, resourceId: string): string | null {
  const host = portals[cloud]
  return host === undefined || /^\/tenants\//i.test(resourceId) ? null : `${host}/#@${tenantId}/resource${encodeURI(resourceId)}`
}
