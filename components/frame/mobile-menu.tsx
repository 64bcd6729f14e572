'use client'

import { usePathname } from 'next/navigation'
import { MenuIcon } from '@/components/ui/icons'
import { NavList } from './nav-list'

/** The navigation on small screens: a disclosure that closes when a page is chosen. */
export function MobileMenu() {
  const path = usePathname()
  return (
    <details key={path} className="lg:hidden print:hidden">
      <summary className="inline-flex min-h-9 list-none items-center gap-2 rounded border border-control px-2.5 text-sm font-medium [&::-webkit-details-marker]:hidden">
        <MenuIcon /> Menu
      </summary>
      <nav aria-label="Main" className="absolute inset-x-0 top-full z-30 max-h-[75dvh] overflow-y-auto border-b border-control bg-page p-3 shadow-lg">
        <NavList />
      </nav>
    </details>
  )
}
