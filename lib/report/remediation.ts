import { loadCatalog } from '@/lib/catalog'
import { findCheck } from '@/lib/checks'
import type { PlaceOf } from '@/lib/db'
import type { Remediation } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import { policyAt } from '@/lib/domain/policy-scope'
import type { FindingRow } from '@/lib/domain/views'

/** What to do about each finding of one report. */
export class Remediations {
  private readonly catalog = loadCatalog()

  constructor(private readonly central: CentralWorkspaces | null, private readonly policy: Policy, private readonly placeOf: PlaceOf) {}

  /** For a fail or an unknown; null for other verdicts, and for checks that this version no longer has. */
  of(finding: FindingRow): Remediation | null {
    if (finding.verdict !== 'fail' && finding.verdict !== 'unknown') return null
    const policy = policyAt(this.policy, this.placeOf(finding))
    const centralWorkspaceIds = policy.approvedWorkspaces ?? this.central?.ids ?? []
    return findCheck(finding.check)?.remediate({ ...finding, judgement: toJudgement(finding) }, { centralWorkspaceIds, policy, catalog: this.catalog }) ?? null
  }
}

function toJudgement({ verdict, reason, evidence, reasonCode, permission }: FindingRow): Judgement {
  if (verdict !== 'unknown') return { verdict, reason, evidence }
  return { verdict, reason, evidence, reasonCode: reasonCode ?? 'api-error', ...(permission === null ? {} : { permission }) }
}
