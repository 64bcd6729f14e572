import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { Viewer } from '@/lib/domain/viewer'
import type { EstateInfo } from '@/lib/domain/views'
import { cookieName } from './cookies'
import { hasRole, type AppRole, type Person } from './person'
import { requestPathHeader } from './request-path'
import { safeReturnTo, toSignInPath } from './return-to'
import { findPerson, webContext } from './web-context'

/** Who asks, what they may see, and the estate that the pages show. */
export interface Access {
  person: Person
  viewer: Viewer
  estate: EstateInfo
}

/**
 * For pages and server actions: the person behind the request. Without a session it redirects to sign-in and back to the
 * page; without the role, to the page that says whom to ask.
 */
export async function requireViewer(role: AppRole = 'Keypoint.Reader'): Promise<Access> {
  const { config, estate } = await webContext()
  const person = await findPerson((await cookies()).get(cookieName('session', config.url))?.value ?? null)
  const path = safeReturnTo((await headers()).get(requestPathHeader))
  if (person === null) redirect(toSignInPath(path))
  if (!hasRole(person, role)) redirect(`/no-access?${new URLSearchParams({ role })}`)
  return { person, viewer: { estateId: estate.estateId, subscriptions: 'all' }, estate }
}
