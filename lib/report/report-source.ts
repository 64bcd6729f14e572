import { loadCatalog } from '@/lib/catalog'
import { findCheck } from '@/lib/checks'
import { currentPolicy, getEstate, getScan, streamFindings, type Database, type FindingFilters } from '@/lib/db'
import type { Remediation } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { defaultPolicy } from '@/lib/domain/policy'
import type { ScanSummary } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import type { FindingRow } from '@/lib/domain/views'
import { KeypointError } from '@/lib/errors'

export interface ReportSource {
  demo: boolean
  tenantId: string
  summary: ScanSummary
  /** Pages of findings in the contract's order. */
  findings(): AsyncGenerator<FindingRow[]>
  /** What to do about a fail or an unknown, filled in; null for other verdicts and for checks that exist no more. */
  remediationOf(row: FindingRow): Remediation | null
}

/**
 * What every report format is written from.
 * @throws KeypointError `conflict` for a scan that has not ended, `not-found` for one that does not exist.
 */
export async function openReport(db: Database, viewer: Viewer, scanId: string, filters: FindingFilters): Promise<ReportSource> {
  const scan = await getScan(db, viewer, scanId)
  if (scan.summary === null) throw new KeypointError('conflict', `Scan ${scanId} has no results (${scan.status}).`, 'Wait for it to end, or name another scan.')
  const estate = await getEstate(db, viewer.estateId)
  const policy = (await currentPolicy(db, viewer.estateId))?.policy ?? defaultPolicy
  const context = { centralWorkspaceIds: scan.central?.ids ?? [], policy, catalog: loadCatalog() }
  return {
    demo: estate.isDemo,
    tenantId: estate.tenantId,
    summary: scan.summary,
    findings: () => streamFindings(db, viewer, scanId, filters),
    remediationOf: (row) => {
      if (row.verdict !== 'fail' && row.verdict !== 'unknown') return null
      const { resourceId, resourceType, resourceName, location } = row
      return findCheck(row.check)?.remediate({ resourceId, resourceType, resourceName, location, judgement: judgementOf(row) }, context) ?? null
    },
  }
}

function judgementOf(row: FindingRow): Judgement {
  const { reason, evidence, severity } = row
  if (row.verdict !== 'unknown') return { verdict: row.verdict, reason, evidence, severity }
  return { verdict: 'unknown', reasonCode: row.reasonCode ?? 'api-error', reason, evidence, severity, ...(row.permission !== null && { permission: row.permission }) }
}
