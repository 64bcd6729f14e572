import type { Exemptions } from '@/lib/domain/exemption'
import type { ScanSummary } from '@/lib/domain/scan'
import type { FindingQuery, FindingRow } from '@/lib/domain/views'
import type { Remediations } from './remediation'

/** What every format is made from: a stream, so that memory does not grow with the estate. */
export interface ReportInput {
  summary: ScanSummary
  /** Whose estate it is, and by what it was judged: what a reader of a file alone would not know. */
  origin: { tenantId: string; policyVersion: number; productVersion: string }
  /** Demo data says so in every export. */
  isDemo: boolean
  /** What the findings were narrowed by, for formats that can say so; absent: by nothing that the file need say. */
  query?: FindingQuery
  pages: AsyncIterable<FindingRow[]>
  remediations: Remediations
  /** Those in force now, whatever the age of the scan. */
  exemptions: Exemptions
}
