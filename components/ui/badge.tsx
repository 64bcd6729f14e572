import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A short word with a line around it; for states that need no verdict colour. */
export function Badge({ className, children }: { className?: string; children: ReactNode }) {
  return <span className={clsx('inline-flex items-center gap-1 rounded border border-control px-1.5 text-xs leading-5 font-medium whitespace-nowrap', className)}>{children}</span>
}
