import { cookieName, readCookie, toSetCookie } from '@/lib/auth/cookies'
import { personOfCookie, webSessions } from '@/lib/auth/current-person'
import { finishDelegation } from '@/lib/auth/finish-delegation'
import { hasRole } from '@/lib/auth/person'
import { toAccess } from '@/lib/auth/require-viewer'
import { beginSession } from '@/lib/auth/sessions'
import { completeSignIn, openAttempt, type SignInAttempt } from '@/lib/auth/sign-in'
import { SignInRefused } from '@/lib/auth/sign-in-problem'
import { signInSettings } from '@/lib/auth/sign-in-settings'
import { webConfig } from '@/lib/auth/web-settings'
import { getDatabase } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { requestScan } from '@/lib/jobs'
import { log } from '@/lib/log'
import { redirectTo, toProblemPath } from '../redirects'

/** Where Entra sends the browser back to: ends a sign-in, or takes delegated access and starts the scan it was asked for. */
export async function GET(request: Request): Promise<Response> {
  const config = webConfig()
  if (config.demo) return redirectTo('/')
  const cookieHeader = request.headers.get('cookie')
  const answer = new URL(request.url).searchParams
  const sessionCookie = readCookie(cookieHeader, cookieName('session', config.url))
  const attempt = await openAttempt(signInSettings(config), readCookie(cookieHeader, cookieName('attempt', config.url)))
  const attemptDone = toSetCookie('attempt', config.url, null)
  try {
    if (attempt !== null && attempt.delegation !== null) return redirectTo(await continueScan(answer, attempt, sessionCookie), [attemptDone])
    const person = await completeSignIn(signInSettings(config), answer, attempt)
    const cookie = await beginSession(webSessions(), person, sessionCookie)
    log('info', 'signed in', { objectId: person.objectId, roles: person.roles })
    return redirectTo(attempt?.returnTo ?? '/', [toSetCookie('session', config.url, cookie), attemptDone])
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    log('warn', 'sign-in refused', { ...error.problem })
    return redirectTo(toProblemPath(error.problem, attempt?.returnTo ?? '/'), [attemptDone])
  }
}

/** @returns the path of the scan that was started, or of the scans when one is running already. */
async function continueScan(answer: URLSearchParams, attempt: SignInAttempt, sessionCookie: string | null): Promise<string> {
  const person = await personOfCookie(sessionCookie)
  const { delegation } = attempt
  if (person === null || delegation === null || person.sessionId !== delegation.sessionId || !hasRole(person, 'Keypoint.Operator')) {
    throw new SignInRefused({ code: 'attempt-missing', correlationId: null })
  }
  await finishDelegation(getDatabase(), signInSettings(webConfig()), answer, attempt)
  const { viewer } = await toAccess(person)
  try {
    const { scanId } = await requestScan({ viewer, requestedBy: person.name, ...delegation.scan, delegatedSessionId: delegation.sessionId })
    return `/scans/${scanId}`
  } catch (error) {
    if (error instanceof KeypointError && error.code === 'conflict') return '/scans'
    throw error
  }
}
