import clsx from 'clsx'
import { verdictWords } from '@/components/vocabulary'
import type { Verdict } from '@/lib/domain/verdict'

const colours: Record<Verdict, string> = {
  pass: 'text-pass',
  fail: 'text-fail',
  unknown: 'text-unknown',
  'not-applicable': 'text-not-applicable',
}

/** The verdict's own shape: filled circle with tick, filled octagon with cross, dashed circle with question mark, dash. */
export function VerdictIcon({ verdict, className = 'size-4' }: { verdict: Verdict; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden focusable={false} className={clsx('inline-block shrink-0', colours[verdict], className)}>
      <Shape verdict={verdict} />
    </svg>
  )
}

function Shape({ verdict }: { verdict: Verdict }) {
  switch (verdict) {
    case 'pass': return (
      <>
        <circle cx="8" cy="8" r="7" fill="currentColor" />
        <path d="M4.8 8.3l2.2 2.2 4.2-4.6" fill="none" stroke="var(--page)" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />
      </>
    )
    case 'fail': return (
      <>
        <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
        <path d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2" fill="none" stroke="var(--page)" strokeWidth="1.7" strokeLinecap="round" />
      </>
    )
    case 'unknown': return (
      <>
        <circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.6 1.7" />
        <path d="M6.1 6.2a1.95 1.95 0 1 1 2.8 1.9c-.6.3-.9.6-.9 1.3" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
        <circle cx="8" cy="11.6" r=".9" fill="currentColor" />
      </>
    )
    case 'not-applicable': return <path d="M3.5 8h9" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
  }
}

/** Shape, colour and word of a verdict, always together. */
export function VerdictMark({ verdict, className }: { verdict: Verdict; className?: string }) {
  return (
    <span className={clsx('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', colours[verdict], className)}>
      <VerdictIcon verdict={verdict} />
      {verdictWords[verdict]}
    </span>
  )
}
