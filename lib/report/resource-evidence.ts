import { currentPolicy, getEstate, getResource, loadExemptions, policyPlaces, type Database } from '@/lib/db'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import type { Viewer } from '@/lib/domain/viewer'
import { markOf } from './exemption-mark'
import { toEntry } from './json'
import { Remediations } from './remediation'

interface EvidenceOptions {
  db: Database
  viewer: Viewer
  /** In any casing. */
  resourceId: string
  /** The policy that remediations are filled in from; without it, the stored one. */
  policy?: Policy
}

/**
 * What is known of one resource as JSON: its findings as in a report, since when each verdict holds, and what Azure answered, source by source, with the API and
 * the time of each read. Throws KeypointError `not-found`.
 */
export async function resourceEvidence({ db, viewer, resourceId, policy }: EvidenceOptions): Promise<string> {
  const resource = await getResource(db, viewer, resourceId)
  const inForce = policy ?? (await currentPolicy(db, viewer.estateId))?.policy ?? defaultPolicy
  const [estate, exemptions, places] = await Promise.all([
    getEstate(db, viewer.estateId), loadExemptions(db, viewer, new Date(), resource.resourceId), policyPlaces(db, viewer, inForce),
  ])
  const { findings, history, facts, central, ...essentials } = resource
  const remediations = new Remediations(central, inForce, places)
  return `${JSON.stringify({
    schemaVersion: 1, ...(estate.isDemo && { demo: true }), tenantId: estate.tenantId, resource: essentials,
    findings: findings.map((finding) => ({ ...toEntry(finding, remediations.of(finding), markOf(finding, exemptions)), history: history[finding.check]?.runs ?? [] })),
    facts,
  }, null, 2)}\n`
}
