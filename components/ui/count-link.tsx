import Link from 'next/link'
import { formatCount } from '@/components/format'

/** A number that leads to the rows it counts; zero leads nowhere and is plain. `label` says what it counts, after the number. */
export function CountLink({ count, href, label, showLabel = false }: { count: number; href: string; label: string; showLabel?: boolean }) {
  const text = showLabel ? ` ${label}` : <span className="sr-only"> {label}</span>
  if (count === 0) return <span className="text-muted tabular-nums">0{text}</span>
  return <Link href={href} prefetch={false} className="count-link inline-block min-h-6 py-0.5">{formatCount(count)}{text}</Link>
}
