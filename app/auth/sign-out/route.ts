import { refuse } from '@/lib/auth/authorize'
import { cookieName, readCookie, toSetCookie } from '@/lib/auth/cookies'
import { webSessions } from '@/lib/auth/current-person'
import { isSameOrigin } from '@/lib/auth/same-origin'
import { endSession } from '@/lib/auth/sessions'
import { signInSettings } from '@/lib/auth/sign-in-settings'
import { webConfig } from '@/lib/auth/web-settings'
import { redirectTo } from '../redirects'

/** Ends the session here, tokens included, then at Entra. */
export async function POST(request: Request): Promise<Response> {
  const config = webConfig()
  if (config.demo) return redirectTo('/', [], 303)
  if (!isSameOrigin(request, config.url)) {
    return refuse(403, 'forbidden', 'The request to sign out came from another site.', 'Sign out with the button in Keypoint.')
  }
  await endSession(webSessions(), readCookie(request.headers.get('cookie'), cookieName('session', config.url)))
  const { authority, baseUrl } = signInSettings(config)
  const params = new URLSearchParams({ post_logout_redirect_uri: `${baseUrl}/sign-in` })
  const cookies = [toSetCookie('session', config.url, null), toSetCookie('attempt', config.url, null)]
  return redirectTo(`${authority}/oauth2/v2.0/logout?${params}`, cookies, 303)
}
