import type { FindingRow } from '@/lib/domain/views'
import type { ReportSource } from './report-source'

/** The JSON report of CONTRACT, schema version 1, in chunks. A demo tenant's report says so. */
export async function* jsonReport(source: ReportSource): AsyncGenerator<string> {
  yield `{"schemaVersion":1,${source.demo ? '"demo":true,' : ''}"scan":${JSON.stringify(source.summary)},"findings":[`
  let separator = '\n'
  for await (const page of source.findings()) {
    let chunk = ''
    for (const row of page) {
      chunk += separator + JSON.stringify(findingOf(row, source))
      separator = ',\n'
    }
    yield chunk
  }
  yield '\n]}\n'
}

function findingOf(row: FindingRow, source: ReportSource) {
  return {
    subscriptionId: row.subscriptionId,
    resourceId: row.resourceId,
    resourceType: row.resourceType,
    resourceName: row.resourceName,
    location: row.location,
    keyPoint: row.keyPoint,
    check: row.check,
    verdict: row.verdict,
    reasonCode: row.reasonCode,
    severity: row.severity,
    reason: row.reason,
    evidence: row.evidence,
    remediation: source.remediationOf(row) ?? {},
    since: row.since,
    exemption: null,
  }
}
