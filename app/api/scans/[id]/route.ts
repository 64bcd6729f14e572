import { createHash } from 'node:crypto'
import { toProgressView } from '@/components/scans/scan-progress-view'
import { authorize, refuse } from '@/lib/auth/authorize'
import { getDatabase, getScanProgress, listParts } from '@/lib/db'
import { KeypointError } from '@/lib/errors'

/** Progress of one scan for its page, which asks every two seconds: unchanged answers are 304. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const access = await authorize(request, 'Keypoint.Reader')
  if (access instanceof Response) return access
  const { id } = await params
  const headers = { 'cache-control': 'private, no-cache' }
  try {
    const db = getDatabase()
    const scan = await getScanProgress(db, access.viewer, id)
    const body = JSON.stringify(toProgressView({ ...scan, parts: await listParts(db, access.viewer, scan.seq) }))
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { ...headers, etag } })
    return new Response(body, { headers: { ...headers, etag, 'content-type': 'application/json' } })
  } catch (error) {
    if (error instanceof KeypointError && error.code === 'not-found') return refuse(404, error.code, error.message, error.remedy)
    throw error
  }
}
