import clsx from 'clsx'
import Link from 'next/link'

const pages = [
  { href: '/settings', label: 'Policy' },
  { href: '/settings/checks', label: 'Checks' },
  { href: '/settings/overrides', label: 'Overrides' },
  { href: '/settings/versions', label: 'Versions' },
  { href: '/settings/catalogue', label: 'Catalogue' },
  { href: '/settings/notifications', label: 'Notifications' },
  { href: '/settings/history', label: 'History' },
] as const

/** The parts of the settings, with the current one marked. */
export function SettingsTabs({ current }: { current: (typeof pages)[number]['href'] }) {
  return (
    <nav aria-label="Settings" className="mb-5 print:hidden">
      <ul className="flex flex-wrap gap-x-1 border-b border-line">
        {pages.map(({ href, label }) => (
          <li key={href}>
            <Link
              href={href} aria-current={href === current ? 'page' : undefined}
              className={clsx('inline-flex min-h-9 items-center border-b-2 px-3 text-sm', href === current ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-text')}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
