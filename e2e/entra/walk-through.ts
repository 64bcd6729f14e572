/** Answers to the pages of the test sign-in server, in the order in which they are met. */
export type Answer = Record<string, string>

/**
 * Walks from an authorization URL to the app's callback as a browser would: follows redirects, keeps cookies, answers each
 * form with the next answer.
 * @param jar cookies by name, kept between walks so that a second one finds the person signed in.
 * @returns the callback's URL, not yet asked for.
 */
export async function walkThrough(authorizationUrl: string, appUrl: string, answers: Answer[], jar: Map<string, string> = new Map()): Promise<URL> {
  const left = [...answers]
  let url = new URL(authorizationUrl)
  let form: Answer | null = null
  for (let step = 0; step < 20; step += 1) {
    const response: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get('location')
    if (location) {
      url = new URL(location, url)
      form = null
      if (url.href.startsWith(appUrl)) return url
    } else {
      form = left.shift() ?? null
      if (form === null) throw new Error(`no answer left for ${url.pathname}: ${response.status} ${await response.text()}`)
    }
  }
  throw new Error('the sign-in goes in circles')
}
