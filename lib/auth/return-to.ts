/**
 * Where to go after sign-in: a path on this site, with its query. Anything that a browser could take for another
 * site (`//host`, `\\host`, a scheme, control characters, which browsers drop) becomes `/`, and so do the sign-in routes.
 */
export function safeReturnTo(value: string | null | undefined): string {
  if (!value || value.length > 2000 || !value.startsWith('/') || value.startsWith('//')) return '/'
  if (/[\\\u0000-\u001f\u007f]/.test(value)) return '/'
  const url = new URL(value, 'http://keypoint.invalid')
  if (url.origin !== 'http://keypoint.invalid' || url.pathname.startsWith('//')) return '/'
  if (/^\/(auth|sign-in|no-access)(\/|$)/.test(url.pathname)) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}

/** The sign-in page that comes back to `returnTo`. */
export function toSignInPath(returnTo: string): string {
  const path = safeReturnTo(returnTo)
  return path === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ returnTo: path })}`
}
