import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { ScrollRegion } from './scroll-region'

interface DataTableProps {
  caption: string
  /** Shows the caption; otherwise it is for screen readers alone. */
  captionShown?: boolean
  className?: string
  children: ReactNode
}

/** A native table in a region that scrolls sideways by itself and can be reached and scrolled with the keyboard. */
export function DataTable({ caption, captionShown = false, className, children }: DataTableProps) {
  return (
    <ScrollRegion label={caption} className="relative">
      <table className={clsx('w-full border-collapse text-sm', className)}>
        <caption className={captionShown ? 'pb-2 text-left text-muted' : 'sr-only'}>{caption}</caption>
        {children}
      </table>
    </ScrollRegion>
  )
}

export function HeadCell({ numeric = false, className, ...rest }: ComponentProps<'th'> & { numeric?: boolean }) {
  return <th scope="col" className={clsx('border-b border-control px-2 py-1.5 align-bottom font-medium text-muted', numeric ? 'text-right' : 'text-left', className)} {...rest} />
}

export function RowHead({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="row" className={clsx('border-b border-line px-2 py-2 text-left align-top font-medium', className)} {...rest} />
}

export function Cell({ numeric = false, className, ...rest }: ComponentProps<'td'> & { numeric?: boolean }) {
  return <td className={clsx('border-b border-line px-2 py-2 align-top', numeric && 'text-right tabular-nums', className)} {...rest} />
}
