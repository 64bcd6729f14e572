import Link from 'next/link'
import type { ReactNode } from 'react'
import { MobileMenu } from './mobile-menu'
import type { Theme } from './theme'
import { ThemeSwitch } from './theme-switch'

export interface FramePerson {
  name: string
  username: string
  demo: boolean
}

interface TopBarProps {
  tenant: string
  lastScan: ReactNode
  person: FramePerson
  theme: Theme
  setTheme: (form: FormData) => Promise<void>
}

export function TopBar({ tenant, lastScan, person, theme, setTheme }: TopBarProps) {
  return (
    <div className="relative flex flex-wrap items-center gap-x-3 gap-y-1.5 sm:gap-x-4 border-b border-line bg-page px-4 py-2">
      <MobileMenu />
      <Link href="/" className="inline-flex min-h-7 items-center gap-2 font-semibold tracking-tight">
        <span className="max-sm:hidden"><ProductMark /></span> Keypoint
      </Link>
      <span className="hidden min-w-0 truncate text-sm text-muted sm:inline" title={tenant}>{tenant}</span>
      <span className="hidden text-sm text-muted md:inline print:inline">{lastScan}</span>
      <div className="ml-auto flex flex-wrap items-center gap-3 print:hidden">
        <ThemeSwitch theme={theme} action={setTheme} />
        {person.demo ? null : (
          <form action="/auth/sign-out" method="post" className="flex items-center gap-2 text-sm">
            <span title={person.username}>{person.name}</span>
            <button type="submit" className="link min-h-7">Sign out</button>
          </form>
        )}
      </div>
    </div>
  )
}

/** Ten marks in two rows, one of them open: the ten key points. */
export function ProductMark() {
  const marks = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  return (
    <svg viewBox="0 0 26 12" aria-hidden focusable={false} className="h-4 w-auto">
      {marks.map((mark) => (
        <rect key={mark} x={(mark % 5) * 5 + 1} y={mark < 5 ? 1 : 7} width="3.6" height="4" rx=".8"
          fill={mark === 7 ? 'none' : 'currentColor'} stroke="currentColor" strokeWidth=".8" />
      ))}
    </svg>
  )
}
