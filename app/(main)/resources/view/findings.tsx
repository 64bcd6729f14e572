import { keyPoints } from '@/lib/domain/key-point'
import type { ResourceDetail } from '@/lib/domain/views'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { findCheck } from '@/lib/checks'
import { getDatabase, loadExemptions, policyPlaces } from '@/lib/db'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { Remediations } from '@/lib/report'
import { FindingCard } from './finding-card'
import { byWorst } from './verdict-list'

/** All findings of a resource by key point, the worst first, each with what to do, filled in with the resource's own names. */
export async function Findings({ resource, portalHref }: { resource: ResourceDetail; portalHref: string | null }) {
  const { person, viewer } = await requireViewer()
  const db = getDatabase()
  const mayAsk = hasRole(person, 'Keypoint.Operator')
  const policy = await effectivePolicy(db, viewer.estateId, webConfig().policyPath)
  const [exemptions, places] = await Promise.all([loadExemptions(db, viewer, new Date(), resource.resourceId), policyPlaces(db, viewer, policy)])
  const remediations = new Remediations(resource.central, policy, places)
  const now = new Date()
  return keyPoints
    .map((keyPoint) => ({ keyPoint, findings: resource.findings.filter((finding) => finding.keyPoint === keyPoint.slug).toSorted(byWorst) }))
    .filter(({ findings }) => findings.length > 0)
    .map(({ keyPoint, findings }) => (
      <section key={keyPoint.slug} id={keyPoint.slug} aria-labelledby={`${keyPoint.slug}-heading`} className="space-y-3">
        <h2 id={`${keyPoint.slug}-heading`} className="text-lg font-semibold">{keyPoint.title}</h2>
        {findings.map((finding) => (
          <FindingCard
            key={finding.check} finding={finding} history={resource.history[finding.check]} check={findCheck(finding.check)} remediation={remediations.of(finding)}
            exemption={finding.verdict === 'fail' ? exemptions.markOf(finding) : null} hasFacts={resource.facts.length > 0} mayAsk={mayAsk} portalHref={portalHref} now={now}
          />
        ))}
      </section>
    ))
}
