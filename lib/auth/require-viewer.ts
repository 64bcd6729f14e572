import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { Viewer } from '@/lib/domain/viewer'
import type { EstateInfo } from '@/lib/domain/views'
import { currentPerson } from './current-person'
import { hasRole, type AppRole, type Person } from './person'
import { requestPathHeader } from './request-path'
import { toSignInPath } from './return-to'
import { webEstate } from './web-estate'

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
  const person = await currentPerson()
  if (person === null) redirect(toSignInPath((await headers()).get(requestPathHeader) ?? '/'))
  if (!hasRole(person, role)) redirect(`/no-access?${new URLSearchParams({ role })}`)
  return await toAccess(person)
}

/** What a person may see: today the whole estate, for each of the roles. */
export async function toAccess(person: Person): Promise<Access> {
  const estate = await webEstate()
  return { person, viewer: { estateId: estate.estateId, subscriptions: 'all' }, estate }
}
