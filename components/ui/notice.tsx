import clsx from 'clsx'
import type { ReactNode } from 'react'
import { AlertIcon, InfoIcon } from './icons'

export type NoticeKind = 'info' | 'warning' | 'error'

const kinds: Record<NoticeKind, string> = {
  info: 'border-control',
  warning: 'border-unknown border-dashed',
  error: 'border-fail',
}

interface NoticeProps {
  kind?: NoticeKind
  /** What happened, in one sentence. */
  title: ReactNode
  /** `alert` interrupts, `status` waits; leave out for what was there when the page came. */
  role?: 'alert' | 'status'
  className?: string
  /** What it means and what to do. */
  children?: ReactNode
}

/** Says what happened, what it means and what to do, in that order. */
export function Notice({ kind = 'info', title, role, className, children }: NoticeProps) {
  const Icon = kind === 'info' ? InfoIcon : AlertIcon
  return (
    <div role={role} className={clsx('flex gap-3 rounded border-2 bg-panel px-4 py-3', kinds[kind], className)}>
      <Icon className={clsx('mt-0.5 size-5 shrink-0', kind === 'error' ? 'text-fail' : kind === 'warning' ? 'text-unknown' : 'text-accent')} />
      <div className="min-w-0 space-y-1">
        <p className="font-semibold">{title}</p>
        {children !== undefined && <div className="space-y-2 text-sm">{children}</div>}
      </div>
    </div>
  )
}
