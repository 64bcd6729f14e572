import type { FindingRow } from '@/lib/domain/views'
import type { ReportSource } from './report-source'

const columns = [
  'demo', 'scanId', 'scannedAt', 'subscriptionId', 'resourceId', 'resourceType', 'resourceName', 'location', 'keyPoint', 'check', 'verdict',
  'reasonCode', 'severity', 'reason', 'evidence', 'remediation', 'since', 'exemption',
] as const

/** One row per finding: RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read it as it is meant. */
export async function* csvReport(source: ReportSource): AsyncGenerator<string> {
  yield `\uFEFF${columns.join(',')}\r\n`
  for await (const page of source.findings()) yield page.map((row) => `${cellsOf(row, source).map(cell).join(',')}\r\n`).join('')
}

function cellsOf(row: FindingRow, source: ReportSource): string[] {
  const { summary } = source
  return [
    source.demo ? 'demo' : '', summary.scanId, summary.startedAt, row.subscriptionId ?? '', row.resourceId, row.resourceType, row.resourceName, row.location,
    row.keyPoint, row.check, row.verdict, row.reasonCode ?? '', row.severity, row.reason, JSON.stringify(row.evidence),
    source.remediationOf(row)?.summary ?? '', row.since, '',
  ]
}

/** A spreadsheet takes a cell that begins with one of these for a formula; a leading apostrophe makes it text. */
function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
