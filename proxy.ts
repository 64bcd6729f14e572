import { NextResponse, type NextRequest } from 'next/server'
import { requestPathHeader } from '@/lib/auth/request-path'
import { signInOrigin } from '@/lib/auth/web-settings'

/**
 * Security headers for every page and handler, and the path for pages that redirect back to it. Headers only: who may see
 * what is asked in the pages and verbs themselves.
 * Next.js reads the nonce from the request's policy and puts it on the scripts that it writes.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID().replaceAll('-', '')
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set(requestPathHeader, request.nextUrl.pathname + request.nextUrl.search)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('referrer-policy', 'same-origin')
  response.headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
  response.headers.set('cross-origin-opener-policy', 'same-origin')
  response.headers.set('x-frame-options', 'DENY')
  return response
}

function contentSecurityPolicy(nonce: string): string {
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'none'",
    // React's development build evaluates code to rebuild server stacks; production never does.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    // Signing out is a form that ends at the sign-in authority.
    `form-action 'self' ${signInOrigin() ?? ''}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg).*)'] }
