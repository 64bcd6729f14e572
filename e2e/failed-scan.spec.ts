import { expect, signIn, test } from './sign-in-fixtures'

// A tenant of its own: it stays broken.
test.use({ azureTenant: 'generated:40:4' })

test('a scan that fails is said to have failed wherever its figures would be, and claims nothing', async ({ page, tenant }) => {
  test.slow()
  await signIn(page, 'Otto Operator', '/scans')
  await page.getByRole('button', { name: 'Run scan' }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  await expect(page.getByRole('heading', { name: 'Key points' })).toBeVisible({ timeout: 120_000 })

  tenant.azure.addFault({ match: /^\/subscriptions\?/i, kind: 'status', status: 403 })
  await page.goto('/')
  await page.getByRole('button', { name: 'Run scan' }).click()
  await expect(page.getByText('The scan failed')).toBeVisible({ timeout: 120_000 })
  const main = page.getByRole('main')
  await expect(main).toContainText('The scan ended before it judged anything.')
  await expect(main).not.toContainText('could be read')
  await expect(main.getByRole('heading', { name: 'Key points' })).toHaveCount(0)
  await expect(main.getByRole('link', { name: /^CSV/ })).toHaveCount(0)
  const failed = new URL(page.url()).pathname

  await page.goto('/')
  await expect(page.getByText('The last scan failed')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Score' })).toContainText(/Score[\d.]+ of 100/)
  await page.getByRole('link', { name: 'Open the scan that failed' }).click()
  await expect(page).toHaveURL(new RegExp(`${failed}$`))
  expect((await page.request.get(`${failed}/export?format=csv`)).status()).toBe(409)
})
