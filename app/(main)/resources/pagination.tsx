import Link from 'next/link'
import { PageLinks } from '@/components/ui/page-links'
import { pageSizes } from './search-params'

interface PaginationProps {
  total: number
  page: number
  pageSize: number
  hrefFor: (change: { page?: number; pageSize?: (typeof pageSizes)[number] }) => string
}

/** Pages as links, so that each can be copied and opened in a window of its own. */
export function Pagination({ total, page, pageSize, hrefFor }: PaginationProps) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3 text-sm print:hidden">
      <PageLinks total={total} page={page} pageSize={pageSize} hrefFor={(to) => hrefFor({ page: to })} />
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
