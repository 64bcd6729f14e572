import { authorize } from '@/lib/auth/authorize'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase, getScan, resolveScan } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { openCurrentReport, reportFileName } from '@/lib/report'
import { formatOf, toDownload } from '../../download'
import { rawParams } from '../../ignored-params'
import { ignoredParams, loadResourceParams, toFindingQuery, type ResourceParams } from '../search-params'

/** The findings that the resources page counts under the same address, as a file. */
export async function GET(request: Request): Promise<Response> {
  const access = await authorize(request, 'Keypoint.Reader')
  if (access instanceof Response) return access
  const { viewer, estate } = access
  const { searchParams } = new URL(request.url)
  return toDownload(async () => {
    const format = formatOf(searchParams)
    const params = understood(searchParams)
    const db = getDatabase()
    const { scanId } = await resolveScan(db, viewer, 'latest')
    const { startedAt, createdAt } = await getScan(db, viewer, scanId)
    const policy = await effectivePolicy(db, viewer.estateId, webConfig().policyPath)
    return {
      format, name: reportFileName(estate.displayName ?? estate.tenantId, startedAt ?? createdAt, filterWords(params), format),
      text: await openCurrentReport({ format, db, viewer, query: toFindingQuery(params), policy }),
    }
  })
}

/** A page may ignore what it does not understand and say so; a file would hold more than was asked for, and could not. */
function understood(searchParams: URLSearchParams): ResourceParams {
  const asked = new URLSearchParams(searchParams)
  asked.delete('format')
  const raw = rawParams(asked)
  const params = loadResourceParams(raw)
  const ignored = ignoredParams(raw, params)
  if (ignored.length > 0) throw new KeypointError('invalid', `This has no meaning here: ${ignored.join(', ')}.`, 'Take it away, or export from the page of resources.')
  return params
}

function filterWords({ search, verdicts, severities, keyPoints, checks, reasonCodes, types, locations, subscriptions }: ResourceParams): string[] {
  return [...verdicts, ...severities, ...keyPoints, ...checks, ...reasonCodes, ...types, ...locations, ...subscriptions, search]
}
