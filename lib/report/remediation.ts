import { loadCatalog } from '@/lib/catalog'
import { findCheck } from '@/lib/checks'
import type { Remediation, RemediationContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { defaultPolicy, type CentralWorkspaces, type Policy } from '@/lib/domain/policy'
import type { FindingRow } from '@/lib/domain/views'

/** What to do about each finding of one report. */
export class Remediations {
  private readonly context: RemediationContext

  constructor(central: CentralWorkspaces | null, policy: Policy | null) {
    this.context = { centralWorkspaceIds: central?.ids ?? policy?.approvedWorkspaces ?? [], policy: policy ?? defaultPolicy, catalog: loadCatalog() }
  }

  /** For a fail or an unknown; null for other verdicts, and for checks that this version no longer has. */
  of(finding: FindingRow): Remediation | null {
    if (finding.verdict !== 'fail' && finding.verdict !== 'unknown') return null
    return findCheck(finding.check)?.remediate({ ...finding, judgement: toJudgement(finding) }, this.context) ?? null
  }
}

function toJudgement({ verdict, reason, evidence, reasonCode, permission }: FindingRow): Judgement {
  if (verdict !== 'unknown') return { verdict, reason, evidence }
  return { verdict, reason, evidence, reasonCode: reasonCode ?? 'api-error', ...(permission === null ? {} : { permission }) }
}
