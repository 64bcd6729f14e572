import { cookieName, readCookie } from './cookies'
import { personOfCookie } from './current-person'
import { hasRole, type AppRole } from './person'
import { toAccess, type Access } from './require-viewer'
import { isSameOrigin } from './same-origin'
import { webConfig } from './web-settings'

/**
 * For route handlers: the person behind the request, or the refusal to answer with: 401 without a session, 403 without the
 * role or for a change that another site asks for.
 */
export async function authorize(request: Request, role: AppRole = 'Keypoint.Reader'): Promise<Access | Response> {
  const config = webConfig()
  const person = await personOfCookie(readCookie(request.headers.get('cookie'), cookieName('session', config.url)))
  if (person === null) return refuse(401, 'unauthenticated', 'Nobody is signed in.', 'Sign in to Keypoint and ask again.')
  if (!hasRole(person, role)) {
    return refuse(403, 'forbidden', `This needs the role ${role}.`, 'Ask an administrator to assign it in the enterprise application, under Users and groups.')
  }
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method)
  if (changes && !isSameOrigin(request, config.url)) return refuse(403, 'forbidden', 'The request came from another site.', 'Use the pages of Keypoint.')
  return await toAccess(person)
}

/** A refusal as JSON. */
export function refuse(status: 401 | 403 | 404, code: string, message: string, remedy: string): Response {
  return Response.json({ error: { code, message, remedy } }, { status, headers: { 'cache-control': 'no-store' } })
}
