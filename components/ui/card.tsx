import clsx from 'clsx'
import type { ReactNode } from 'react'

interface CardProps {
  title?: ReactNode
  /** Level of the heading in the page's outline. */
  level?: 2 | 3
  /** Anchor of the card and base of its heading's id. */
  id?: string
  actions?: ReactNode
  className?: string
  children: ReactNode
}

/** A titled part of a page: a line around it, no shadow. */
export function Card({ title, level = 2, id, actions, className, children }: CardProps) {
  const Heading = level === 2 ? 'h2' : 'h3'
  const headingId = title !== undefined && id !== undefined ? `${id}-heading` : undefined
  return (
    <section id={id} aria-labelledby={headingId} className={clsx('rounded border border-line', className)}>
      {title !== undefined && (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2.5">
          <Heading id={headingId} className="text-base font-semibold">{title}</Heading>
          {actions}
        </div>
      )}
      <div className="px-4 py-3">{children}</div>
    </section>
  )
}
