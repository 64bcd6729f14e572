import Link from 'next/link'
import { formatCount } from '@/components/format'
import { buttonClass } from '@/components/ui/button'
import { pageSizes } from './search-params'

interface PaginationProps {
  total: number
  page: number
  pageSize: number
  hrefFor: (change: { page?: number; pageSize?: (typeof pageSizes)[number] }) => string
}

/** Pages as links, so that each can be copied and opened in a window of its own. */
export function Pagination({ total, page, pageSize, hrefFor }: PaginationProps) {
  const pages = Math.max(1, Math.ceil(total / pageSize))
  const first = (page - 1) * pageSize + 1
  const last = Math.min(total, page * pageSize)
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3 text-sm print:hidden">
      <p className="text-muted tabular-nums">{formatCount(first)} to {formatCount(last)} of {formatCount(total)}</p>
      <div className="flex items-center gap-2">
        {page > 1 ? <Link scroll={false} href={hrefFor({ page: page - 1 })} className={buttonClass()}>Previous</Link> : <span aria-disabled className={buttonClass()}>Previous</span>}
        <span className="px-1 tabular-nums">Page {formatCount(page)} of {formatCount(pages)}</span>
        {page < pages ? <Link scroll={false} href={hrefFor({ page: page + 1 })} className={buttonClass()}>Next</Link> : <span aria-disabled className={buttonClass()}>Next</span>}
      </div>
      <p className="flex items-center gap-2">
        Rows
        {pageSizes.map((size) => (
          size === pageSize
            ? <span key={size} aria-current="true" className="px-1 py-0.5 font-semibold">{size}</span>
            : <Link key={size} scroll={false} href={hrefFor({ pageSize: size, page: 1 })} className="link px-1 py-0.5">{size}<span className="sr-only"> rows on a page</span></Link>
        ))}
      </p>
    </nav>
  )
}
