import { toSetCookie } from '@/lib/auth/cookies'
import { safeReturnTo } from '@/lib/auth/return-to'
import { beginSignIn } from '@/lib/auth/sign-in'
import { SignInRefused } from '@/lib/auth/sign-in-problem'
import { signInSettings } from '@/lib/auth/sign-in-settings'
import { webConfig } from '@/lib/auth/web-settings'
import { log } from '@/lib/log'
import { redirectTo, toProblemPath } from '../redirects'

/** Sends the browser to Entra. Only begins something in the same browser, so a link to it does no harm. */
export async function GET(request: Request): Promise<Response> {
  const config = webConfig()
  if (config.demo) return redirectTo('/')
  const params = new URL(request.url).searchParams
  const returnTo = safeReturnTo(params.get('returnTo'))
  // Entra comes back to KEYPOINT_URL: begun under another name, the cookie of this attempt would not be there.
  if (!params.has('here') && request.headers.get('host') !== new URL(config.url).host) {
    params.set('here', '1')
    return redirectTo(`${config.url}/auth/start?${params}`)
  }
  try {
    const { url, cookie } = await beginSignIn(signInSettings(config), { returnTo, scopes: [], delegation: null, chooseAccount: params.has('choose') })
    return redirectTo(url, [toSetCookie('attempt', config.url, cookie)])
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    log('warn', 'sign-in could not begin', { ...error.problem })
    return redirectTo(toProblemPath(error.problem, returnTo))
  }
}
