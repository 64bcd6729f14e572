import { authorize } from '@/lib/auth/authorize'
import { countChanges, getDatabase, openDiff, streamChanges } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { diffCsv, diffJson, reportFileName } from '@/lib/report'
import { formatOf, toDownload } from '../../../download'
import { rawParams } from '../../../ignored-params'
import { ignoredInFile, loadCompareParams, matchingChanges, toChangeFilters, type CompareParams } from '../search-params'

/** The changes between two scans as a file: those that the page of the same address shows, on all of its pages. */
export async function GET(request: Request): Promise<Response> {
  const access = await authorize(request, 'Keypoint.Reader')
  if (access instanceof Response) return access
  const { viewer, estate } = access
  const { searchParams } = new URL(request.url)
  return toDownload(async () => {
    const format = formatOf(searchParams)
    const params = understood(searchParams)
    if (params.from === null || params.to === null) throw new KeypointError('invalid', 'The two scans to compare are not named.', 'Name them with from and to, each by its id or as latest.')
    const db = getDatabase()
    const pair = await openDiff(db, viewer, params.from, params.to)
    const filters = toChangeFilters(params)
    const counts = matchingChanges(await countChanges(db, viewer, pair, filters), filters)
    const write = format === 'json' ? diffJson : diffCsv
    return {
      format, name: reportFileName(estate.displayName ?? estate.tenantId, pair.to.startedAt, ['changes', ...filters.kinds, ...filters.keyPoints], format),
      text: write({ demo: estate.isDemo, pair, counts, changes: streamChanges(db, viewer, pair, filters) }),
    }
  })
}

/** A file would hold other changes than were asked for, and could not say so. */
function understood(searchParams: URLSearchParams): CompareParams {
  const asked = new URLSearchParams(searchParams)
  asked.delete('format')
  const params = loadCompareParams(asked)
  const ignored = ignoredInFile(rawParams(asked), params)
  if (ignored.length > 0) throw new KeypointError('invalid', `This has no meaning here: ${ignored.join(', ')}.`, 'Take it away, or export from the page that compares the scans.')
  return params
}
