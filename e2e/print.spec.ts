import { expect, test } from './fixtures'
import { hrefOfFirstRow } from './pages'

test('a list on paper says by what it was narrowed', async ({ page }) => {
  await page.goto('/resources?q=kv&verdict=fail')
  await page.emulateMedia({ media: 'print' })
  const filters = page.getByRole('list', { name: 'Active filters' })
  await expect(filters).toContainText('Search: kv')
  await expect(filters).toContainText('Verdict: Fail')
  await expect(filters.getByRole('link', { name: 'Clear filters' })).toHaveCount(0)
})

test('a resource on paper is light, without controls, unfolded, and says when and by which scan', async ({ page }) => {
  await page.goto('/resources?verdict=fail&type=microsoft.keyvault/vaults')
  await page.goto(await hrefOfFirstRow(page))
  // By its id, since a role is not found any more once paper hides it.
  const id = await page.getByRole('article').filter({ has: page.getByRole('tab', { name: 'Bicep' }) }).first().getAttribute('id')
  const finding = page.locator(`article[id="${id}"]`)
  await expect(finding.getByRole('tabpanel')).toHaveCount(1)
  const raw = finding.getByText('"missing"')
  await expect(raw).toBeHidden()

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden()
  await expect(page.getByRole('button', { name: /^Copy/ })).toHaveCount(0)
  await expect(page.getByRole('tab')).toHaveCount(0)
  expect(await finding.getByRole('tabpanel').count()).toBeGreaterThan(3)
  await expect(raw).toBeVisible()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light')
  const banner = page.getByRole('banner')
  await expect(banner).toContainText(/Last scan .* · [0-9a-f-]{36}/)
  await expect(banner).toContainText('Demo tenant')
  const since = await finding.locator('time').first().evaluate((time) => getComputedStyle(time, '::after').content)
  expect(since).toMatch(/^" \(\d{1,2} \w{3,4} \d{4}, \d\d:\d\d UTC\)"$/)
  // Nothing is cut off at the right edge of the sheet.
  await page.setViewportSize({ width: 688, height: 1000 })
  const cut = await page.locator('main pre, main table').evaluateAll((found) => found.filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length)
  expect(cut).toBe(0)
})
