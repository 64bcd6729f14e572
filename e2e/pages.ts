import type { Page } from '@playwright/test'

/** The pages that a Reader can open, with one resource and one scan found through the lists. */
export async function listPages(page: Page): Promise<string[]> {
  await page.goto('/resources?verdict=fail')
  const resource = await hrefOfFirstRow(page)
  await page.goto('/resources?verdict=unknown')
  const unread = await hrefOfFirstRow(page)
  await page.goto('/scans')
  const scan = await hrefOfFirstRow(page)
  return [
    '/', '/key-points', '/key-points/audit-logging', '/key-points/time-sync', '/checks/resource-audit-logs', '/resources',
    '/resources?verdict=fail&key-point=audit-logging&colour=red', '/resources?q=nothing-has-this-name', resource, unread, '/scans', scan, '/settings',
    '/there-is-no-such-page',
  ]
}

export async function hrefOfFirstRow(page: Page): Promise<string> {
  const href = await page.locator('main tbody th a').first().getAttribute('href')
  if (href === null) throw new Error(`${page.url()} has no rows`)
  return href
}

/** The whole number that a text begins with: `1,284 resources` is 1284. */
export function leadingCount(text: string): number {
  const digits = /^[\d,]+/.exec(text.trim())?.[0]
  if (digits === undefined) throw new Error(`“${text}” does not begin with a number`)
  return Number(digits.replaceAll(',', ''))
}
