'use client'

import clsx from 'clsx'
import Link, { useLinkStatus } from 'next/link'
import { usePathname } from 'next/navigation'
import { ChecksIcon, ExemptionIcon, KeyIcon, OverviewIcon, ResourcesIcon, ScheduleIcon, SettingsIcon, SourcesIcon, TrendIcon } from '@/components/ui/icons'
import { navItems, type NavItem } from './nav-items'

const icons: Record<NavItem['icon'], (props: { className?: string }) => React.JSX.Element> = {
  overview: OverviewIcon,
  'key-points': KeyIcon,
  resources: ResourcesIcon,
  'log-sources': SourcesIcon,
  scans: ChecksIcon,
  schedules: ScheduleIcon,
  trends: TrendIcon,
  exemptions: ExemptionIcon,
  settings: SettingsIcon,
}

/** The product's navigation, with the current page marked. */
export function NavList() {
  const path = usePathname()
  return (
    <ul className="space-y-0.5 text-sm">
      {navItems.map((item) => {
        const Icon = icons[item.icon]
        return (
          <li key={item.href}>
            <NavLink href={item.href} current={path === item.href} within={item.href !== '/' && path.startsWith(`${item.href}/`)}>
              <Icon className="size-4 shrink-0 text-muted" />
              {item.label}
            </NavLink>
            {item.children !== undefined && (
              <ul className="mt-0.5 mb-1 ml-4 space-y-px border-l border-line pl-2 text-[0.8125rem]">
                {item.children.map((child) => (
                  <li key={child.href}><NavLink href={child.href} current={path === child.href}>{child.label}</NavLink></li>
                ))}
              </ul>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function NavLink({ href, current, within = false, children }: { href: string; current: boolean; within?: boolean; children: React.ReactNode }) {
  return (
    <Link
      href={href} aria-current={current ? 'page' : undefined}
      className={clsx(
        'flex min-h-7 items-center gap-2 rounded-r border-l-2 px-2 py-1 leading-tight hover:bg-panel',
        current ? 'border-accent bg-panel font-semibold' : within ? 'border-transparent font-semibold' : 'border-transparent',
      )}
    >
      {children}
      <Pending />
    </Link>
  )
}

/** A mark on the link that was followed while its page is on the way. */
function Pending() {
  const { pending } = useLinkStatus()
  return pending ? <span className="ml-auto size-2 animate-pulse rounded-full bg-accent"><span className="sr-only">Loading</span></span> : null
}
