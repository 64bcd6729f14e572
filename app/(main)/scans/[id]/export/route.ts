import { authorize } from '@/lib/auth/authorize'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase, getScan } from '@/lib/db'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { openScanReport, reportFileName } from '@/lib/report'
import { formatOf, toDownload } from '../../../download'

/** All findings of one scan as a file, the same as `keypoint report` writes. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const access = await authorize(request, 'Keypoint.Reader')
  if (access instanceof Response) return access
  const { viewer, estate } = access
  const { id } = await params
  return toDownload(async () => {
    const format = formatOf(new URL(request.url).searchParams)
    const db = getDatabase()
    const { scanId, startedAt, createdAt } = await getScan(db, viewer, id)
    const policy = await effectivePolicy(db, viewer.estateId, webConfig().policyPath)
    return {
      format, name: reportFileName(estate.displayName ?? estate.tenantId, startedAt ?? createdAt, [], format),
      text: await openScanReport({ format, db, viewer, scanId, filters: {}, policy }),
    }
  })
}
