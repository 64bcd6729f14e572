import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { buttonClass, Button } from '@/components/ui/button'
import { ProductMark } from '@/components/frame/top-bar'
import { currentPerson } from '@/lib/auth/current-person'
import { appRoles, hasRole, roleAllows, type AppRole } from '@/lib/auth/person'

export const metadata: Metadata = { title: 'No access' }

interface NoAccessPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function NoAccessPage({ searchParams }: NoAccessPageProps) {
  const person = await currentPerson()
  if (person === null) redirect('/sign-in')
  const role = toRole((await searchParams).role)
  if (hasRole(person, role)) redirect('/')
  const held = person.roles.length === 0 ? 'none of Keypoint’s roles' : person.roles.join(' and ')
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-5 px-4 py-10">
      <p className="inline-flex items-center gap-2 font-semibold tracking-tight"><ProductMark /> Keypoint</p>
      <h1 className="text-2xl font-semibold tracking-tight">You need the role {role}</h1>
      <p>
        You are signed in as <strong>{person.name}</strong> ({person.username}) and have {held}. To {roleAllows[role]}, the role{' '}
        <code>{role}</code> is needed.
      </p>
      <p>
        Whom to ask: an administrator of your tenant assigns roles in the Entra admin center, in the enterprise application
        of Keypoint, under <strong>Users and groups</strong>. The role counts from your next sign-in.
      </p>
      <div className="flex flex-wrap gap-3">
        {hasRole(person, 'Keypoint.Reader') && <a href="/" className={buttonClass()}>Go to the overview</a>}
        <form action="/auth/sign-out" method="post"><Button type="submit">Sign out</Button></form>
      </div>
    </main>
  )
}

function toRole(value: string | string[] | undefined): AppRole {
  return appRoles.find((role) => role === value) ?? 'Keypoint.Reader'
}
