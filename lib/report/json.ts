import type { ExemptionMark } from '@/lib/domain/exemption'
import { publishedSummary } from '@/lib/domain/scan'
import type { FindingRow } from '@/lib/domain/views'
import { markOf } from './exemption-mark'
import type { ReportInput } from './report-input'

/** The JSON report of the contract, one finding per line, in pieces of a page of findings each. */
export async function* jsonReport({ summary, isDemo, query, pages, remediations, exemptions }: ReportInput): AsyncGenerator<string> {
  yield `{"schemaVersion":1,${isDemo ? '"demo":true,' : ''}${query === undefined ? '' : `"filters":${JSON.stringify(query)},`}"scan":${JSON.stringify(publishedSummary(summary))},"findings":[`
  let separator = '\n'
  for await (const page of pages) {
    let text = ''
    for (const finding of page) {
      text += separator + JSON.stringify(toEntry(finding, remediations.of(finding), markOf(finding, exemptions)))
      separator = ',\n'
    }
    yield text
  }
  yield '\n]}\n'
}

/** A finding as the contract has it. */
export function toEntry(finding: FindingRow, remediation: unknown, exemption: ExemptionMark | null) {
  const { subscriptionId, resourceId, resourceType, resourceName, location, keyPoint, check, verdict, reasonCode, severity, reason, evidence, since } = finding
  return {
    subscriptionId, resourceId, resourceType, resourceName, location, keyPoint, check, verdict, reasonCode, severity, reason, evidence, remediation,
    since, exemption,
  }
}
