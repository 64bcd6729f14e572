import { authorize } from '@/lib/auth/authorize'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase, getResource } from '@/lib/db'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { reportFileName, resourceEvidence } from '@/lib/report'
import { toDownload } from '../../../download'

/** The evidence of one resource as a file: findings, their history, and what Azure answered when. */
export async function GET(request: Request): Promise<Response> {
  const access = await authorize(request, 'Keypoint.Reader')
  if (access instanceof Response) return access
  const { viewer, estate } = access
  const id = new URL(request.url).searchParams.get('id') ?? ''
  return toDownload(async () => {
    const db = getDatabase()
    const { name, type, lastSeen } = await getResource(db, viewer, id)
    const policy = await effectivePolicy(db, viewer.estateId, webConfig().policyPath)
    return {
      format: 'json', name: reportFileName(estate.displayName ?? estate.tenantId, lastSeen, ['evidence', type.split('/').at(-1) ?? '', name], 'json'),
      text: await resourceEvidence({ db, viewer, resourceId: id, policy }),
    }
  })
}
