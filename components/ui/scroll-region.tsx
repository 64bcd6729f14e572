import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A part that scrolls by itself: named, and focusable so that the keyboard can scroll it in every browser. A group and no landmark: pages hold many. */
export function ScrollRegion({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return <div role="group" aria-label={label} tabIndex={0} className={clsx('overflow-auto', className)}>{children}</div>
}
