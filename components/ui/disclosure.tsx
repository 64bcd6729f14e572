import type { ReactNode } from 'react'
import { NextIcon } from './icons'

/** Native disclosure: works without script. `open`: shown at once, as where a field inside has an error. */
export function Disclosure({ summary, open, children }: { summary: ReactNode; open?: boolean; children: ReactNode }) {
  return (
    <details className="disclosure" open={open}>
      <summary className="inline-flex min-h-7 list-none items-center gap-1 text-sm font-medium text-accent [&::-webkit-details-marker]:hidden">
        <NextIcon className="disclosure-mark size-3.5" />
        {summary}
      </summary>
      <div className="pt-1">{children}</div>
    </details>
  )
}
