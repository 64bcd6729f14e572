import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { toTheme, themeCookie } from '@/components/frame/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Keypoint', template: '%s · Keypoint' },
  description: 'Scores an Azure estate against the ten key points of security logging.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1116' },
  ],
}

/** The chosen theme is a cookie, so the server paints the right colours at once and no script has to. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = toTheme((await cookies()).get(themeCookie)?.value)
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} className={GeistSans.variable}>
      <body className="min-h-dvh">{children}</body>
    </html>
  )
}
