import { collected, type Collected } from '../domain/collected'
import { unexpectedAnswer } from './errors'
import type { Page } from './shape'
import type { Answer, Wire } from './wire/wire'

/** Far above any real list; only a service that never ends gets there. */
const pagesMax = 2000

/**
 * Reads a list to its end; a link to another host, a link that comes twice or an endless list make the whole read fail.
 * @param most pages that such a list can have.
 */
export async function readPages<T>(
  wire: Wire,
  first: Promise<Collected<Answer>>,
  parse: (status: number, body: unknown) => Collected<Page<T>>,
  most = pagesMax,
): Promise<Collected<T[]>> {
  const items: T[] = []
  const links = new Set<string>()
  let answer = await first
  for (;;) {
    if (!answer.ok) return answer
    const page = parse(answer.value.status, answer.value.body)
    if (!page.ok) return page
    items.push(...page.value.items)
    const { nextLink } = page.value
    if (nextLink === null) return collected(items)
    if (!URL.canParse(nextLink)) return unexpectedAnswer('The link to the next page is no address.')
    if (links.has(nextLink)) return unexpectedAnswer('The link to the next page leads back to a page already read.')
    if (links.size + 1 >= most) return unexpectedAnswer(`The list does not end after ${most} pages.`)
    links.add(nextLink)
    answer = await wire.get(nextLink)
  }
}

/** An ARM id as a URL path with one leading slash; characters that a URL would read otherwise are escaped. */
export function armPath(id: string): string {
  return `/${id.replace(/^\/+|\/+$/g, '').split('/').map(encodeURIComponent).join('/')}`
}
