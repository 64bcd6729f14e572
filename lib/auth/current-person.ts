import { cookies } from 'next/headers'
import { cache } from 'react'
import { getDatabase } from '@/lib/db'
import { sessionSecretsOf } from '@/lib/config'
import { cookieName } from './cookies'
import { demoPerson, type Person } from './person'
import { findPerson, type SessionKeeper } from './sessions'
import { webConfig } from './web-settings'

/** The web process's database and secrets. */
export function webSessions(): SessionKeeper {
  return { db: getDatabase(), secrets: sessionSecretsOf(webConfig()) }
}

/** The person behind a session cookie; in the demo everyone is the demo visitor. */
export async function personOfCookie(cookie: string | null): Promise<Person | null> {
  const config = webConfig()
  return config.demo ? demoPerson : await findPerson(webSessions(), config.tenantId ?? '', cookie)
}

/** The person behind the page that is being rendered, looked up once for each. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  return await personOfCookie((await cookies()).get(cookieName('session', webConfig().url))?.value ?? null)
})
