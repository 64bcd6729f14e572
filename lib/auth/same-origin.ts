/**
 * True when a request that changes something comes from our own pages. Browsers name the page's origin in `Origin`; it
 * must be the configured address or the host that was asked for, which other sites cannot make it.
 */
export function isSameOrigin(request: Request, baseUrl: string): boolean {
  const origin = request.headers.get('origin')
  if (origin === null || !URL.canParse(origin)) return false
  const host = request.headers.get('host')
  return origin === new URL(baseUrl).origin || new URL(origin).host === host
}
