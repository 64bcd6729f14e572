import clsx from 'clsx'
import { severityWords } from '@/components/vocabulary'
import type { Severity } from '@/lib/domain/verdict'

const bars: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1 }
const barPaths = [1, 2, 3, 4].map((bar) => `M${(bar - 1) * 4 + 0.5} 12v-${bar * 3}h2.5v${bar * 3}z`)

/** Severity as a word with weight and a mark of one to four bars; no hue of its own. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span className={clsx('inline-flex items-center gap-1.5 whitespace-nowrap', bars[severity] >= 3 && 'font-semibold')}>
      <svg viewBox="0 0 16 12" aria-hidden focusable={false} className="h-3 w-4 shrink-0" stroke="currentColor" strokeWidth=".5">
        <path d={barPaths.slice(0, bars[severity]).join('')} fill="currentColor" />
        {bars[severity] < barPaths.length && <path d={barPaths.slice(bars[severity]).join('')} fill="none" />}
      </svg>
      {severityWords[severity]}
    </span>
  )
}
