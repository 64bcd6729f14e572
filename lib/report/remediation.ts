import { loadCatalog } from '@/lib/catalog'
import { findCheck } from '@/lib/checks'
import type { PlaceOf } from '@/lib/db'
import type { Remediation } from '@/lib/domain/check'
import { cureFor, isReadFailure, type Unread } from '@/lib/domain/cure'
import type { Judgement } from '@/lib/domain/finding'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import { policyAt } from '@/lib/domain/policy-scope'
import type { ReasonCode } from '@/lib/domain/verdict'
import type { FindingRow } from '@/lib/domain/views'

/** What to do about findings: one answer for pages and reports. */
export class Remediations {
  private readonly catalog = loadCatalog()

  constructor(private readonly central: CentralWorkspaces | null, private readonly policy: Policy, private readonly placeOf: PlaceOf) {}

  /**
   * For a fail, and an unknown that was read, what to configure; for an unknown whose read was refused or failed, what lets it be read. Null for other verdicts, and for
   * checks that this version no longer has.
   */
  of(finding: FindingRow): Remediation | null {
    const check = findCheck(finding.check)
    if (check === undefined || (finding.verdict !== 'fail' && finding.verdict !== 'unknown')) return null
    const judgement = toJudgement(finding)
    if (judgement.verdict === 'unknown' && isReadFailure(judgement.reasonCode)) {
      const { sentence, command } = cureFor(unreadOf(finding, judgement.reasonCode))
      return { summary: sentence, ...(command !== undefined && { azureCli: command }) }
    }
    const policy = policyAt(this.policy, this.placeOf(finding))
    return check.remediate({ ...finding, judgement }, { centralWorkspaceIds: policy.approvedWorkspaces ?? this.central?.ids ?? [], policy, catalog: this.catalog })
  }
}

function unreadOf({ permission, subscriptionId, evidence }: FindingRow, reasonCode: ReasonCode): Unread {
  const { refusedOn } = evidence
  return { reasonCode, permission, subscriptionId, refusedOn: typeof refusedOn === 'string' ? refusedOn : null }
}

/** The judgement as the check made it, from the row that kept it. */
function toJudgement({ verdict, reason, evidence, severity, reasonCode, permission }: FindingRow): Judgement {
  if (verdict !== 'unknown') return { verdict, reason, evidence, severity }
  return { verdict, reason, evidence, severity, reasonCode: reasonCode ?? 'api-error', ...(permission !== null && { permission }) }
}
