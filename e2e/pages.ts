import type { Page } from '@playwright/test'

/** The pages that a Reader can open. A resource and a scan have no address of their own beforehand: the first of a list is taken. */
export const pages = [
  { name: 'the overview', path: '/' },
  { name: 'the key points', path: '/key-points' },
  { name: 'a key point', path: '/key-points/audit-logging' },
  { name: 'the last key point', path: '/key-points/dns-query-logging' },
  { name: 'a check', path: '/checks/resource-audit-logs' },
  { name: 'the resources', path: '/resources' },
  { name: 'filtered resources', path: '/resources?verdict=fail&key-point=audit-logging&colour=red' },
  { name: 'resources of which none matches', path: '/resources?q=nothing-has-this-name' },
  { name: 'a resource with gaps', firstOf: '/resources?verdict=fail&type=microsoft.keyvault/vaults' },
  { name: 'a resource that could not be read', firstOf: '/resources?verdict=unknown&reason=permission-denied' },
  { name: 'the log sources', path: '/log-sources?source=microsoft.keyvault/vaults' },
  { name: 'the scans', path: '/scans' },
  { name: 'a scan', firstOf: '/scans' },
  { name: 'a comparison of scans', path: '/scans/compare' },
  { name: 'the schedules', path: '/schedules' },
  { name: 'a new schedule', path: '/schedules/new' },
  { name: 'the trends', path: '/trends' },
  { name: 'the exemptions', path: '/exemptions' },
  { name: 'a new exemption', path: '/exemptions/new' },
  { name: 'the settings', path: '/settings' },
  { name: 'the settings of checks', path: '/settings/checks' },
  { name: 'the overrides', path: '/settings/overrides' },
  { name: 'a new override', path: '/settings/overrides?edit=new' },
  { name: 'the catalogue’s differences', path: '/settings/catalogue' },
  { name: 'the versions of the policy', path: '/settings/versions' },
  { name: 'the settings of history', path: '/settings/history' },
  { name: 'the notifications', path: '/settings/notifications' },
  { name: 'a new webhook', path: '/settings/notifications/new' },
  { name: 'a new mail channel', path: '/settings/notifications/new?kind=email' },
  { name: 'a page that is not there', path: '/there-is-no-such-page' },
] as const

export async function openPage(page: Page, which: (typeof pages)[number]): Promise<void> {
  if ('path' in which) {
    await page.goto(which.path)
    return
  }
  await page.goto(which.firstOf)
  await page.goto(await hrefOfFirstRow(page))
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
