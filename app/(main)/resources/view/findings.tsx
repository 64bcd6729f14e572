import { keyPoints } from '@/lib/domain/key-point'
import { policyAt } from '@/lib/domain/policy-scope'
import type { FindingRow, ResourceDetail } from '@/lib/domain/views'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { loadCatalog } from '@/lib/catalog'
import { findCheck } from '@/lib/checks'
import { getDatabase, loadExemptions } from '@/lib/db'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { FindingCard } from './finding-card'
import { toJudgement } from './finding-judgement'
import { byWorst } from './verdict-list'

/** All findings of a resource by key point, the worst first, each with what to do, filled in with the resource's own names. */
export async function Findings({ resource, portalHref }: { resource: ResourceDetail; portalHref: string | null }) {
  const { person, viewer } = await requireViewer()
  const exemptions = await loadExemptions(getDatabase(), viewer, new Date(), resource.resourceId)
  const mayAsk = hasRole(person, 'Keypoint.Operator')
  const policy = policyAt(await effectivePolicy(getDatabase(), viewer.estateId, webConfig().policyPath), resource)
  const context = { centralWorkspaceIds: policy.approvedWorkspaces ?? resource.central?.ids ?? [], policy, catalog: loadCatalog() }
  const now = new Date()
  return keyPoints
    .map((keyPoint) => ({ keyPoint, findings: resource.findings.filter((finding) => finding.keyPoint === keyPoint.slug).toSorted(byWorst) }))
    .filter(({ findings }) => findings.length > 0)
    .map(({ keyPoint, findings }) => (
      <section key={keyPoint.slug} id={keyPoint.slug} aria-labelledby={`${keyPoint.slug}-heading`} className="space-y-3">
        <h2 id={`${keyPoint.slug}-heading`} className="text-lg font-semibold">{keyPoint.title}</h2>
        {findings.map((finding) => {
          const check = findCheck(finding.check)
          const remediation = check !== undefined && asksForAction(finding) ? check.remediate({ ...finding, judgement: toJudgement(finding) }, context) : null
          return <FindingCard key={finding.check} finding={finding} history={resource.history[finding.check]} check={check} remediation={remediation} exemption={finding.verdict === 'fail' ? exemptions.markOf(finding) : null} hasFacts={resource.facts.length > 0} mayAsk={mayAsk} portalHref={portalHref} now={now} />
        })}
      </section>
    ))
}

/** Where a read was refused or failed, the cure is to let it be read: what to configure shows only then. */
function asksForAction({ verdict, reasonCode }: FindingRow): boolean {
  return verdict === 'fail' || (verdict === 'unknown' && (reasonCode === 'unsupported' || reasonCode === 'not-onboarded'))
}
