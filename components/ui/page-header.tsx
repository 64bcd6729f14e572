import Link from 'next/link'
import type { ReactNode } from 'react'

export interface Crumb {
  label: string
  href: string
}

interface PageHeaderProps {
  title: ReactNode
  /** Where this page lies; the page itself is left out. */
  crumbs?: Crumb[]
  lead?: ReactNode
  actions?: ReactNode
}

/** Breadcrumb, the page's only h1, one sentence below it and the page's commands. */
export function PageHeader({ title, crumbs = [], lead, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 space-y-2">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb">
          <ol className="flex flex-wrap gap-x-2 text-sm text-muted">
            {crumbs.map((crumb) => (
              <li key={crumb.href} className="after:ml-2 after:content-['/']">
                <Link href={crumb.href} className="link inline-block py-0.5">{crumb.label}</Link>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {actions !== undefined && <div className="flex flex-wrap gap-2 print:hidden">{actions}</div>}
      </div>
      {lead !== undefined && <div className="max-w-3xl text-muted">{lead}</div>}
    </header>
  )
}
