import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { DemoBanner } from './demo-banner'
import { NavList } from './nav-list'
import { TopBar } from './top-bar'

interface AppFrameProps extends ComponentProps<typeof TopBar> {
  demo: boolean
  version: string
  children: ReactNode
}

/** The landmarks that every page shares: skip link, banner, navigation, main and contentinfo. */
export function AppFrame({ demo, version, children, ...bar }: AppFrameProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="sr-only z-50 rounded bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2">Skip to content</a>
      <header className="sticky top-0 z-20 max-sm:static print:static">
        <TopBar {...bar} />
        {demo && <DemoBanner />}
      </header>
      <div className="mx-auto flex w-full max-w-[100rem] flex-1">
        <nav
          aria-label="Main"
          className={clsx(
            'sticky hidden w-64 shrink-0 self-start overflow-y-auto border-r border-line py-4 pr-2 pl-3 lg:block print:hidden',
            demo ? 'top-24 max-h-[calc(100dvh-6rem)]' : 'top-14 max-h-[calc(100dvh-3.5rem)]',
          )}
        >
          <NavList />
        </nav>
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 px-4 py-5 outline-none sm:px-6">{children}</main>
      </div>
      <footer className="border-t border-line px-4 py-3 text-xs text-muted sm:px-6">
        Keypoint {version}{demo && ' · Demo: generated data'} · Scores never count what could not be read; coverage tells how much was.
      </footer>
    </div>
  )
}
