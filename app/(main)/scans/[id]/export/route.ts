import { authorize } from '@/lib/auth/authorize'
import { webConfig } from '@/lib/auth/web-settings'
import { findCheck } from '@/lib/checks'
import { getDatabase, getScan, type FindingFilters } from '@/lib/db'
import { isKeyPoint } from '@/lib/domain/key-point'
import { KeypointError } from '@/lib/errors'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { openScanReport, reportFileName } from '@/lib/report'
import { formatOf, toDownload } from '../../../download'

/** The findings of one scan as a file, the same as `keypoint report` writes: all, or those of some key points or checks. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const access = await authorize(request, 'Keypoint.Reader')
  if (access instanceof Response) return access
  const { viewer, estate } = access
  const { id } = await params
  return toDownload(async () => {
    const { searchParams } = new URL(request.url)
    const format = formatOf(searchParams)
    const filters = filtersOf(searchParams)
    const db = getDatabase()
    const { scanId, startedAt, createdAt } = await getScan(db, viewer, id)
    const policy = await effectivePolicy(db, viewer.estateId, webConfig().policyPath)
    return {
      format, name: reportFileName(estate.displayName ?? estate.tenantId, startedAt ?? createdAt, [...(filters.keyPoints ?? []), ...(filters.checks ?? [])], format),
      text: await openScanReport({ format, db, viewer, scanId, filters, policy }),
    }
  })
}

/** Throws KeypointError `invalid` for what has no meaning, since a file could not say that it was ignored. */
function filtersOf(searchParams: URLSearchParams): FindingFilters {
  const unknown = [...searchParams].filter(([name, value]) =>
    (name === 'key-point' ? !isKeyPoint(value) : name === 'check' ? findCheck(value) === undefined : name !== 'format'))
  if (unknown.length > 0) {
    throw new KeypointError('invalid', `This has no meaning here: ${unknown.map(([name, value]) => `${name}=${value}`).join(', ')}.`, 'Take it away, or export from the page of the scan, of a key point or of a check.')
  }
  const keyPoints = searchParams.getAll('key-point').filter(isKeyPoint)
  const checks = searchParams.getAll('check').flatMap((id) => findCheck(id)?.id ?? [])
  return { ...(keyPoints.length > 0 && { keyPoints }), ...(checks.length > 0 && { checks }) }
}
