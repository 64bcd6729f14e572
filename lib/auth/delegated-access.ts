import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { getDatabase } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { attemptSeconds, cookieName } from './cookies'
import { hasDelegatedToken } from './delegated-credential'
import { hasRole, type Person } from './person'
import { beginSignIn, type DelegatedScan } from './sign-in'
import { SignInRefused } from './sign-in-problem'
import { signInSettings } from './sign-in-settings'
import { webConfig } from './web-settings'

/**
 * With whose rights a scan that a person starts reads Azure: null for the scanning identity or the demo, else the person's
 * session. For server actions only: where the person has not given access yet, it sends the browser to Entra instead, and
 * the scan starts when the browser comes back.
 * @throws KeypointError `forbidden` for a person who may not scan.
 */
export async function scanRights(person: Person, scan: DelegatedScan): Promise<{ delegatedSessionId: string | null }> {
  if (!hasRole(person, 'Keypoint.Operator')) {
    throw new KeypointError('forbidden', 'Starting a scan needs the role Keypoint.Operator.', 'Ask an administrator to assign it in the enterprise application, under Users and groups.')
  }
  const config = webConfig()
  if (config.demo || config.identity !== 'none' || person.sessionId === null) return { delegatedSessionId: null }
  const settings = signInSettings(config)
  if (await hasDelegatedToken(getDatabase(), settings, person.sessionId)) return { delegatedSessionId: person.sessionId }
  const start = await beginSignIn(settings, {
    returnTo: '/scans',
    scopes: [settings.armScope],
    delegation: { sessionId: person.sessionId, objectId: person.objectId, scan },
    loginHint: person.username,
  }).catch((error: unknown) => {
    if (!(error instanceof SignInRefused)) throw error
    throw new KeypointError('unavailable', `The sign-in server ${settings.authorityHost} cannot be reached.`, 'Check the network of the machine that runs Keypoint.', { cause: error })
  })
  const secure = config.url.startsWith('https:')
  ;(await cookies()).set(cookieName('attempt', config.url), start.cookie, { path: '/', maxAge: attemptSeconds, httpOnly: true, sameSite: 'lax', secure })
  redirect(start.url)
}
