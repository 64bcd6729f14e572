import { expect, test } from './fixtures'
import { openPage, pages } from './pages'

test('no page scrolls sideways on a phone', async ({ page }) => {
  test.slow()
  for (const which of pages) {
    await openPage(page, which)
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 800 })
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect.soft(excess, `${which.name} at ${width}`).toBe(0)
    }
  }
})

test('the rail is a menu that closes when a page is chosen', async ({ page }) => {
  await page.goto('/')
  const menu = page.locator('summary', { hasText: 'Menu' })
  await menu.click()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Resources', exact: true }).click()
  await expect(page).toHaveURL(/\/resources$/)
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden()
})

test('resources are cards that lead to their page, and name their values', async ({ page }) => {
  await page.goto('/resources?verdict=fail')
  const card = page.locator('main tbody tr').first()
  // Each value is read with its name: not every browser tells of a table that is laid out as cards.
  await expect(card.getByRole('cell', { name: /^Subscription ./ })).toBeVisible()
  await card.getByRole('link').click()
  await expect(page.getByRole('article').first()).toBeVisible()
})

test('other tables are cards that name their values', async ({ page }) => {
  await page.goto('/scans')
  await expect(page.locator('main tbody tr').first().getByRole('cell', { name: /^Score [\d.]+/ })).toBeVisible()
})
