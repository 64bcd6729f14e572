import type { Page } from '@playwright/test'

/** React marks the document when it begins to listen there. What is clicked or typed before is lost where no form takes it instead. */
export async function untilAnswering(page: Page): Promise<void> {
  await page.waitForFunction(() => Object.keys(document).some((key) => key.startsWith('__reactContainer$')))
}

/** The same page, whose `goto` and `reload` end when it answers to clicks. Pages of other servers are left alone. */
export function answering(page: Page, isOurs: (url: string) => boolean = () => true): Page {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)]
  const settled = async <T>(loaded: T): Promise<T> => {
    if (isOurs(page.url())) await untilAnswering(page)
    return loaded
  }
  page.goto = async (url, options) => settled(await goto(url, options))
  page.reload = async (options) => settled(await reload(options))
  return page
}
