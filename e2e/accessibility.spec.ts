import type { Locator, Page } from '@playwright/test'
import { accessibilityProblems } from './axe'
import { expect, test } from './fixtures'
import { openPage, pages } from './pages'

// Each page is a test of its own, and all workers share them.
test.describe.configure({ mode: 'parallel' })

for (const which of pages) {
  test(`axe finds nothing on ${which.name} in either theme`, async ({ page }) => {
    await openPage(page, which)
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
    expect(await accessibilityProblems(page)).toEqual([])
  })
}

test('the chosen theme is kept, and painted by the server', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Dark' }).click()
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true')
  const html = await (await page.request.get('/scans')).text()
  expect(html).toContain('data-theme="dark"')
  await page.getByRole('button', { name: 'System' }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
})

test('the keyboard alone reaches a finding', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()
  await page.goto('/resources')
  const verdict = page.locator('summary', { hasText: 'Verdict' })
  await tabTo(page, verdict)
  await page.keyboard.press('Enter')
  const fail = page.getByRole('checkbox', { name: 'Fail' })
  await tabTo(page, fail)
  await page.keyboard.press('Space')
  await expect(page).toHaveURL(/verdict=fail/)
  await expect(fail).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(verdict).toBeFocused()
  await expect(fail).toBeHidden()
  await tabTo(page, page.locator('main tbody th a').first())
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/resources\/view\?id=/)
  await expect(page.getByRole('article').first()).toBeVisible()
})

/** Presses Tab until the element has the focus; fails when it never gets it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
}
