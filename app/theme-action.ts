'use server'

import { cookies } from 'next/headers'
import { themeCookie, toTheme } from '@/components/frame/theme'
import { isSecure } from '@/lib/auth/cookies'
import { webConfig } from '@/lib/auth/web-settings'

const oneYearSeconds = 365 * 24 * 60 * 60

/** Keeps the reader's theme; taste, not data, so it asks for no role. */
export async function setTheme(form: FormData): Promise<void> {
  const value = form.get('theme')
  const theme = toTheme(typeof value === 'string' ? value : undefined)
  const store = await cookies()
  store.set(themeCookie, theme, { httpOnly: true, secure: isSecure(webConfig().url), sameSite: 'lax', path: '/', maxAge: oneYearSeconds })
}
