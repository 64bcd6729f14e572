import clsx from 'clsx'
import type { ComponentProps } from 'react'

export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet'

const kinds: Record<ButtonKind, string> = {
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
  secondary: 'border-control bg-page text-text hover:bg-panel',
  danger: 'border-fail bg-page text-fail hover:bg-panel',
  quiet: 'border-transparent bg-transparent text-text hover:bg-panel',
}

/** The look of a button, also for links that lead to an action. */
export function buttonClass(kind: ButtonKind = 'secondary', extra?: string): string {
  return clsx(
    'inline-flex min-h-9 items-center justify-center gap-2 rounded border px-3 text-sm font-medium whitespace-nowrap',
    'disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60',
    kinds[kind],
    extra,
  )
}

export function Button({ kind = 'secondary', className, type = 'button', ...rest }: ComponentProps<'button'> & { kind?: ButtonKind }) {
  return <button type={type} className={buttonClass(kind, className)} {...rest} />
}
