import clsx from 'clsx'
import type { ReactNode } from 'react'

/** Native disclosure: works without script, open when printed by choice of the browser. */
export function Disclosure({ summary, open = false, className, children }: { summary: ReactNode; open?: boolean; className?: string; children: ReactNode }) {
  return (
    <details open={open} className={clsx('group', className)}>
      <summary className="inline-block py-1 text-sm font-medium text-accent">{summary}</summary>
      <div className="pt-2">{children}</div>
    </details>
  )
}
