import type { ExemptionMark, Exemptions } from '@/lib/domain/exemption'
import type { FindingRow } from '@/lib/domain/views'

/** The exemption that marks a finding: of fails alone, which stay fails. */
export function markOf(finding: FindingRow, exemptions: Exemptions): ExemptionMark | null {
  return finding.verdict === 'fail' ? exemptions.markOf(finding) : null
}

/** `until 2026-07-01: Known and accepted.`; empty without an exemption. */
export function exemptionText(mark: ExemptionMark | null): string {
  return mark === null ? '' : `until ${mark.expiresAt.slice(0, 10)}: ${mark.reason}`
}
