import { once } from 'node:events'
import type { Database, FindingFilters } from '@/lib/db'
import type { ReportFormat } from '@/lib/domain/report-format'
import type { Viewer } from '@/lib/domain/viewer'
import { csvReport } from './csv-report'
import { jsonReport } from './json-report'
import { openReport } from './report-source'

export interface ReportRequest {
  format: ReportFormat
  db: Database
  viewer: Viewer
  scanId: string
  filters: FindingFilters
  out: NodeJS.WritableStream
}

const formats = { json: jsonReport, csv: csvReport }

/** Writes one scan's findings to a stream, page by page, waiting whenever the reader is slower. The stream stays open. */
export async function writeReport({ format, db, viewer, scanId, filters, out }: ReportRequest): Promise<void> {
  const source = await openReport(db, viewer, scanId, filters)
  for await (const chunk of formats[format](source)) {
    if (!out.write(chunk)) await once(out, 'drain')
  }
}
