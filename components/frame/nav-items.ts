import { keyPoints } from '@/lib/domain/key-point'

export interface NavItem {
  href: string
  label: string
  icon: 'overview' | 'key-points' | 'resources' | 'log-sources' | 'scans' | 'schedules' | 'trends' | 'exemptions' | 'settings'
  children?: { href: string; label: string }[]
}

export const navItems: NavItem[] = [
  { href: '/', label: 'Overview', icon: 'overview' },
  {
    href: '/key-points',
    label: 'Key points',
    icon: 'key-points',
    children: keyPoints.map((keyPoint) => ({ href: `/key-points/${keyPoint.slug}`, label: keyPoint.title })),
  },
  { href: '/resources', label: 'Resources', icon: 'resources' },
  { href: '/trends', label: 'Trends', icon: 'trends' },
  { href: '/log-sources', label: 'Log sources', icon: 'log-sources' },
  { href: '/scans', label: 'Scans', icon: 'scans' },
  { href: '/schedules', label: 'Schedules', icon: 'schedules' },
  { href: '/exemptions', label: 'Exemptions', icon: 'exemptions' },
  { href: '/settings', label: 'Settings', icon: 'settings' },
]
