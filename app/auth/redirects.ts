import { safeReturnTo } from '@/lib/auth/return-to'
import type { SignInProblem } from '@/lib/auth/sign-in-problem'

/** A redirect that also sets or removes cookies. Paths of our own stay relative, whatever stands in front of the app. */
export function redirectTo(location: string, cookies: string[] = [], status: 302 | 303 = 302): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status, headers })
}

/** The sign-in page that explains a problem and can try again. */
export function toProblemPath(problem: SignInProblem, returnTo: string): string {
  const params = new URLSearchParams({ problem: problem.code })
  if (problem.correlationId !== null) params.set('correlation', problem.correlationId)
  const path = safeReturnTo(returnTo)
  if (path !== '/') params.set('returnTo', path)
  return `/sign-in?${params}`
}
