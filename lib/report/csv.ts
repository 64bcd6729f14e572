import type { FindingRow } from '@/lib/domain/views'
import { exemptionText, markOf } from './exemption-mark'
import type { ReportInput } from './report-input'

const columns = [
  'subscriptionId', 'resourceId', 'resourceType', 'resourceName', 'location', 'keyPoint', 'check', 'verdict', 'reasonCode', 'severity', 'reason',
  'evidence', 'remediation', 'since', 'exemption', 'demo',
  'tenantId', 'scanId', 'scannedAt', 'policyVersion', 'checkVersion', 'keypointVersion',
] as const

/**
 * The findings as CSV (RFC 4180) with a header row; UTF-8 with a byte order mark, which Excel needs to see that it is UTF-8. Each row names the tenant and the
 * scan, so that rows of several reports can lie in one sheet.
 */
export async function* csvReport({ isDemo, pages, remediations, exemptions, summary, origin }: ReportInput): AsyncGenerator<string> {
  yield `\uFEFF${csvRow([...columns])}`
  const ofAll = {
    demo: String(isDemo), tenantId: origin.tenantId, scanId: summary.scanId, scannedAt: summary.startedAt, policyVersion: String(origin.policyVersion),
    keypointVersion: origin.productVersion,
  }
  for await (const page of pages) {
    yield page.map((finding) => {
      const cells = { ...toCells(finding), ...ofAll, remediation: remediations.of(finding)?.summary ?? '', exemption: exemptionText(markOf(finding, exemptions)) }
      return csvRow(columns.map((column) => cells[column]))
    }).join('')
  }
}

function toCells(finding: FindingRow) {
  const { resourceId, resourceType, resourceName, location, keyPoint, check, checkVersion, verdict, severity, reason, since } = finding
  return {
    subscriptionId: finding.subscriptionId ?? '', resourceId, resourceType, resourceName, location, keyPoint, check, verdict,
    reasonCode: finding.reasonCode ?? '', severity, reason, evidence: JSON.stringify(finding.evidence), since, checkVersion: String(checkVersion),
  }
}

/** One line of RFC 4180, its end included. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/** A name in Azure may be `=cmd|...`: a leading apostrophe keeps a spreadsheet from running what looks like a formula, in full width too. */
function toCell(value: string): string {
  const harmless = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
