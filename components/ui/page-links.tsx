import Link from 'next/link'
import { formatCount } from '@/components/format'
import { buttonClass } from './button'

export interface PageLinksProps {
  total: number
  page: number
  pageSize: number
  hrefFor: (page: number) => string
  /** True: goes to the top of the page, or to where the address leads on it. */
  scroll?: boolean
}

/** Which rows of how many are shown, and links to the pages before and after. */
export function PageLinks({ total, page, pageSize, hrefFor, scroll = false }: PageLinksProps) {
  const pages = Math.max(1, Math.ceil(total / pageSize))
  return (
    <>
      <p className="text-muted tabular-nums">{formatCount((page - 1) * pageSize + 1)} to {formatCount(Math.min(total, page * pageSize))} of {formatCount(total)}</p>
      <div className="flex items-center gap-2">
        {page > 1 ? <Link scroll={scroll} href={hrefFor(page - 1)} className={buttonClass()}>Previous</Link> : <span aria-disabled className={buttonClass()}>Previous</span>}
        <span className="px-1 tabular-nums">Page {formatCount(page)} of {formatCount(pages)}</span>
        {page < pages ? <Link scroll={scroll} href={hrefFor(page + 1)} className={buttonClass()}>Next</Link> : <span aria-disabled className={buttonClass()}>Next</span>}
      </div>
    </>
  )
}
