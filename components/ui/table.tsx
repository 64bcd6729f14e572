import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { ScrollRegion } from './scroll-region'

interface DataTableProps {
  caption: string
  /** True: on small screens each row becomes a card, its cells named by their `label`. */
  cards?: boolean
  children: ReactNode
}

/** A native table in a region that scrolls sideways by itself. */
export function DataTable({ caption, cards = true, children }: DataTableProps) {
  return (
    <ScrollRegion label={caption} className="relative">
      <table className={clsx('w-full border-collapse text-sm', cards && 'card-table')}>
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </ScrollRegion>
  )
}

export function HeadCell({ numeric = false, className, ...rest }: ComponentProps<'th'> & { numeric?: boolean }) {
  return <th scope="col" className={clsx('head-cell', numeric && 'text-right', className)} {...rest} />
}

export function RowHead({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="row" className={clsx('row-head', className)} {...rest} />
}

/** `label`: the column's name, shown and read beside the value where rows are cards: a table laid out as blocks is no table to some screen readers. */
export function Cell({ numeric = false, label, className, children, ...rest }: Omit<ComponentProps<'td'>, 'aria-label'> & { numeric?: boolean; label?: string }) {
  return (
    <td className={clsx('cell', numeric && 'cell-numeric', className)} {...rest}>
      {label !== undefined && <span className="card-label">{label}</span>}
      <div>{children}</div>
    </td>
  )
}
