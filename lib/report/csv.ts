import type { FindingRow } from '@/lib/domain/views'
import { exemptionText, markOf } from './exemption-mark'
import type { ReportInput } from './report-input'

const columns = [
  'subscriptionId', 'resourceId', 'resourceType', 'resourceName', 'location', 'keyPoint', 'check', 'verdict', 'reasonCode', 'severity', 'reason',
  'evidence', 'remediation', 'since', 'exemption', 'demo',
] as const

/** The findings as CSV (RFC 4180) with a header row; UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8. */
export async function* csvReport({ isDemo, pages, remediations, exemptions }: ReportInput): AsyncGenerator<string> {
  yield `\uFEFF${csvRow([...columns])}`
  for await (const page of pages) {
    yield page.map((finding) => {
      const cells = toCells(finding, remediations.of(finding)?.summary ?? '', exemptionText(markOf(finding, exemptions)), isDemo)
      return csvRow(columns.map((column) => cells[column]))
    }).join('')
  }
}

function toCells(finding: FindingRow, remediation: string, exemption: string, isDemo: boolean): Record<(typeof columns)[number], string> {
  const { resourceId, resourceType, resourceName, location, keyPoint, check, verdict, severity, reason, since } = finding
  return {
    subscriptionId: finding.subscriptionId ?? '', resourceId, resourceType, resourceName, location, keyPoint, check, verdict,
    reasonCode: finding.reasonCode ?? '', severity, reason, evidence: JSON.stringify(finding.evidence), remediation, since, exemption,
    demo: String(isDemo),
  }
}

/** One line of RFC 4180, its end included. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/** A name in Azure may be `=cmd|...`: a leading apostrophe keeps a spreadsheet from running what looks like a formula. */
function toCell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
