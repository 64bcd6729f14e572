import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { currentPolicy, getEstate, getScan, loadExemptions, policyPlaces, streamFindings, type Database, type FindingFilters } from '@/lib/db'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import type { ReportFormat } from '@/lib/domain/report-format'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { csvReport } from './csv'
import { jsonReport } from './json'
import { Remediations } from './remediation'
import type { ReportInput } from './report-input'

export interface ReportOptions {
  format: ReportFormat
  db: Database
  viewer: Viewer
  scanId: string
  filters: FindingFilters
  /** Written to as fast as it takes, and left open. */
  out: NodeJS.WritableStream
  /** The policy that remediations are filled in from; without it, the stored one. */
  policy?: Policy
}

/** What makes each format's text. */
const writers: Record<ReportFormat, (input: ReportInput) => AsyncGenerator<string>> = { json: jsonReport, csv: csvReport }

/** Writes the findings of one finished scan. Throws KeypointError `not-found`, also for a subscription that is no part of it, or `conflict` while the scan has no result. */
export async function writeReport({ format, db, viewer, scanId, filters, out, policy }: ReportOptions): Promise<void> {
  const [estate, scan, stored] = await Promise.all([getEstate(db, viewer.estateId), getScan(db, viewer, scanId), currentPolicy(db, viewer.estateId)])
  if (scan.summary === null) {
    throw new KeypointError('conflict', `Scan ${scanId} has no result to report (it is ${scan.status}).`, 'Wait for it to end, or report another scan.')
  }
  if (scan.pruned) throw new KeypointError('conflict', `Of scan ${scanId} only the figures are kept, not its findings.`, 'Report a scan that is not so old.')
  const unknown = (filters.subscriptions ?? []).filter((id) => !scan.parts.some((part) => part.subscriptionId === id.toLowerCase()))
  if (unknown.length > 0) {
    const names = scan.parts.slice(0, 10).map((part) => `${part.subscriptionId} (${part.displayName})`).join(', ')
    const more = scan.parts.length > 10 ? ` and ${scan.parts.length - 10} more` : ''
    throw new KeypointError('not-found', `Subscription ${unknown.join(', ')} is no part of scan ${scanId}.`, `Its subscriptions are: ${names}${more}.`)
  }
  const inForce = policy ?? stored?.policy ?? defaultPolicy
  const input: ReportInput = {
    summary: scan.summary, isDemo: estate.isDemo, pages: streamFindings(db, viewer, scanId, filters),
    exemptions: await loadExemptions(db, viewer),
    remediations: new Remediations(scan.central, inForce, await policyPlaces(db, viewer, inForce)),
  }
  await pipeline(Readable.from(writers[format](input)), out, { end: false })
}
