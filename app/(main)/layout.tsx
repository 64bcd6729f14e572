import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { AppFrame } from '@/components/frame/app-frame'
import { themeCookie, toTheme } from '@/components/frame/theme'
import { formatRelative } from '@/components/format'
import { scanHref } from '@/components/links'
import { Time } from '@/components/ui/time'
import { scanStatusWords } from '@/components/vocabulary'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, listScans } from '@/lib/db'
import packageJson from '@/package.json'
import { setTheme } from '../theme-action'
import { productName } from './product-name'

export async function generateMetadata(): Promise<Metadata> {
  const { estate } = await requireViewer()
  const product = productName(estate)
  return { title: { absolute: product, template: `%s · ${product}` } }
}

export default async function MainLayout({ children }: { children: ReactNode }) {
  const { person, viewer, estate } = await requireViewer()
  const [last] = await listScans(getDatabase(), viewer, { limit: 1 })
  const theme = toTheme((await cookies()).get(themeCookie)?.value)
  const at = last?.finishedAt ?? last?.createdAt
  const lastScan = last === undefined || at === undefined ? 'No scan yet' : (
    <>
      Last scan <Link href={scanHref(last.scanId)} className="link"><Time iso={at} text={formatRelative(at, new Date())} /></Link>, {scanStatusWords[last.status].toLowerCase()}<span className="hidden print:inline"> · <code>{last.scanId}</code></span>
    </>
  )
  return (
    <AppFrame
      demo={estate.isDemo} version={packageJson.version} tenant={estate.displayName ?? estate.tenantId} lastScan={lastScan}
      person={{ name: person.name, username: person.username, demo: person.demo }} theme={theme} setTheme={setTheme}
    >
      {children}
    </AppFrame>
  )
}
