import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  currentPolicy, getEstate, getScan, loadExemptions, policyPlaces, resolveScan, streamCurrentFindings, streamFindings, type Database, type FindingFilters,
} from '@/lib/db'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import type { ReportFormat } from '@/lib/domain/report-format'
import type { ScanDetail, FindingQuery, FindingRow } from '@/lib/domain/views'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import packageJson from '@/package.json' with { type: 'json' }
import { csvReport } from './csv'
import { jsonReport } from './json'
import { Remediations } from './remediation'
import type { ReportInput } from './report-input'

interface ReportSource {
  format: ReportFormat
  db: Database
  viewer: Viewer
  /** The policy that remediations are filled in from; without it, the stored one. */
  policy?: Policy
}

export interface ReportOptions extends ReportSource {
  scanId: string
  filters: FindingFilters
  /** Written to as fast as it takes, and left open. */
  out: NodeJS.WritableStream
}

/** What makes each format's text. */
const writers: Record<ReportFormat, (input: ReportInput) => AsyncGenerator<string>> = { json: jsonReport, csv: csvReport }

/** Writes the findings of one finished scan. Throws KeypointError `not-found`, also for a subscription that is no part of it, or `conflict` while the scan has no result. */
export async function writeReport({ out, ...options }: ReportOptions): Promise<void> {
  await pipeline(Readable.from(await scanReport(options)), out, { end: false })
}

/** The same in pieces, made as they are asked for, and naming what it was narrowed by; what refuses a report does so before the first. */
export async function openScanReport(options: Omit<ReportOptions, 'out'>): Promise<AsyncGenerator<string>> {
  const { verdicts = [], keyPoints = [], checks = [], subscriptions = [] } = options.filters
  const isNarrowed = [verdicts, keyPoints, checks, subscriptions].some((values) => values.length > 0)
  return scanReport(options, isNarrowed ? options.filters : undefined)
}

async function scanReport({ scanId, filters, ...source }: Omit<ReportOptions, 'out'>, query?: FindingQuery): Promise<AsyncGenerator<string>> {
  const scan = await getScan(source.db, source.viewer, scanId)
  if (scan.pruned) throw new KeypointError('conflict', `Of scan ${scanId} only the figures are kept, not its findings.`, 'Report a scan that is not so old.')
  if (scan.summary !== null) requireParts(scan, filters.subscriptions ?? [])
  return open(source, scan, streamFindings(source.db, source.viewer, scanId, filters), query)
}

/**
 * A report of the findings that a query matches as they stand, whichever scans left them; in pieces, like a scan's. It names the last scan with results.
 * Throws KeypointError `not-found` before the first scan has ended.
 */
export async function openCurrentReport({ query, ...source }: ReportSource & { query: FindingQuery }): Promise<AsyncGenerator<string>> {
  const { scanId } = await resolveScan(source.db, source.viewer, 'latest')
  return open(source, await getScan(source.db, source.viewer, scanId), streamCurrentFindings(source.db, source.viewer, query), query)
}

async function open({ format, db, viewer, policy }: ReportSource, scan: ScanDetail, pages: AsyncIterable<FindingRow[]>, query?: FindingQuery): Promise<AsyncGenerator<string>> {
  // A scan that failed has a summary without figures: a file without findings would look like an estate without gaps.
  if (scan.summary === null || (scan.status !== 'succeeded' && scan.status !== 'partial')) {
    throw new KeypointError('conflict', `Scan ${scan.scanId} has no result to report (it is ${scan.status}).`, 'Report a scan that ended with results; if it is still running, wait for it.')
  }
  const inForce = policy ?? (await currentPolicy(db, viewer.estateId))?.policy ?? defaultPolicy
  const [estate, exemptions, places] = await Promise.all([getEstate(db, viewer.estateId), loadExemptions(db, viewer), policyPlaces(db, viewer, inForce)])
  return writers[format]({
    summary: scan.summary, origin: { tenantId: estate.tenantId, policyVersion: scan.policyVersion, productVersion: packageJson.version }, isDemo: estate.isDemo, query, pages, exemptions, remediations: new Remediations(scan.central, inForce, places),
  })
}

function requireParts(scan: ScanDetail, subscriptions: readonly string[]): void {
  const unknown = subscriptions.filter((id) => !scan.parts.some((part) => part.subscriptionId === id.toLowerCase()))
  if (unknown.length > 0) {
    const names = scan.parts.slice(0, 10).map((part) => `${part.subscriptionId} (${part.displayName})`).join(', ')
    const more = scan.parts.length > 10 ? ` and ${scan.parts.length - 10} more` : ''
    throw new KeypointError('not-found', `Subscription ${unknown.join(', ')} is no part of scan ${scan.scanId}.`, `Its subscriptions are: ${names}${more}.`)
  }
}
