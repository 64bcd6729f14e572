import clsx from 'clsx'
import { severityWords } from '@/components/vocabulary'
import type { Severity } from '@/lib/domain/verdict'

const bars: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1 }

/** Severity as a word with weight and a mark of one to four bars; no hue of its own. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span className={clsx('inline-flex items-center gap-1.5 whitespace-nowrap', bars[severity] >= 3 && 'font-semibold')}>
      <svg viewBox="0 0 16 12" aria-hidden focusable={false} className="h-3 w-4 shrink-0">
        {[1, 2, 3, 4].map((bar) => (
          <rect key={bar} x={(bar - 1) * 4 + 0.5} y={12 - bar * 3} width="2.5" height={bar * 3}
            fill={bar <= bars[severity] ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth=".5" />
        ))}
      </svg>
      {severityWords[severity]}
    </span>
  )
}
