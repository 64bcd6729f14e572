/** The lists of the page that are paged, as the URL names them. */
const pagedLists = ['requested', 'in-force', 'past', 'not-taken-over'] as const
export type PagedList = (typeof pagedLists)[number]
export type ListPages = Record<PagedList, number>

/** The page of each list, from the URL; the first where it names none, or nonsense. */
export function parsePages(params: Record<string, string | string[] | undefined>): ListPages {
  const pageOf = (list: PagedList): number => {
    const page = Number(params[list])
    return Number.isInteger(page) && page > 0 && page <= 1_000_000 ? page : 1
  }
  return { requested: pageOf('requested'), 'in-force': pageOf('in-force'), past: pageOf('past'), 'not-taken-over': pageOf('not-taken-over') }
}

/** The same page with another page of one list. */
export function pagesHref(pages: ListPages, list: PagedList, page: number): string {
  const query = new URLSearchParams(pagedLists.flatMap((one) => {
    const shown = one === list ? page : pages[one]
    return shown === 1 ? [] : [[one, String(shown)]]
  }))
  return query.size === 0 ? '/exemptions' : `/exemptions?${query}`
}
