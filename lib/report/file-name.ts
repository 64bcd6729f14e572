import type { ReportFormat } from '@/lib/domain/report-format'

const lengthMax = 120

/**
 * `keypoint-contoso-20261126T0345Z-fail-audit-logging.csv`: the tenant, the time of the scan and what was filtered, in letters that every file system takes.
 * @param scannedAt ISO 8601 UTC.
 */
export function reportFileName(tenant: string, scannedAt: string, filters: readonly string[], format: ReportFormat): string {
  const at = scannedAt.replaceAll(/[-:]/g, '').replace(/^(\d{8}T\d{4}).*$/, '$1Z')
  const parts = ['keypoint', toSlug(tenant), at, ...filters.map(toSlug)].filter((part) => part !== '')
  return `${parts.join('-').slice(0, lengthMax).replace(/-+$/, '')}.${format}`
}

function toSlug(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
}
