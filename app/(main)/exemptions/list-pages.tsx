import { PageLinks } from '@/components/ui/page-links'
import { pagesHref, type ListPages, type PagedList } from './exemption-pages'

interface ListPagesProps {
  label: string
  list: PagedList
  pages: ListPages
  total: number
  page: number
  pageSize: number
}

/** The pages of one list; nothing where one page holds all. */
export function ListPageLinks({ label, list, pages, total, page, pageSize }: ListPagesProps) {
  if (total <= pageSize) return null
  return (
    <nav aria-label={`Pages of ${label}`} className="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm print:hidden">
      <PageLinks total={total} page={page} pageSize={pageSize} hrefFor={(to) => pagesHref(pages, list, to)} />
    </nav>
  )
}
