import { expect, signIn, test } from './sign-in-fixtures'

// A tenant of its own: its policy goes on asking for approval.
test.use({ azureTenant: 'generated:40:5' })

test('an exemption is approved by another person where the policy says so', async ({ page }) => {
  test.slow()
  const ask = async (why: string) => {
    await page.goto('/exemptions/new')
    await page.getByLabel('With the tag').fill('environment')
    await page.getByLabel('Why').fill(why)
    await page.getByRole('button', { name: 'Ask for approval' }).click()
    await expect(page.getByRole('table', { name: 'Waiting for approval' })).toContainText(why)
  }
  const row = (why: string) => page.getByRole('row').filter({ hasText: why })
  const as = async (name: string, path: string) => {
    await page.context().clearCookies()
    await signIn(page, name, path)
  }

  await as('Ada Admin', '/settings')
  await page.getByLabel('An exemption is approved by another person than whoever asked for it').check()
  await page.getByRole('button', { name: /save$/i }).click()
  await expect(page.getByText(/^Saved as version/)).toBeVisible()
  await ask('Asked by Ada.')
  await expect(row('Asked by Ada.').getByRole('button', { name: /^Withdraw/ })).toBeVisible()
  await expect(row('Asked by Ada.').getByRole('button', { name: /^Approve/ })).toHaveCount(0)

  await as('Otto Operator', '/exemptions')
  await ask('Asked by Otto.')
  await expect(page.getByRole('button', { name: /^Approve/ })).toHaveCount(0)
  await expect(row('Asked by Ada.').getByRole('button')).toHaveCount(0)

  await as('Ada Admin', '/exemptions')
  await row('Asked by Otto.').getByRole('button', { name: /^Approve/ }).click()
  await expect(page.getByRole('table', { name: 'In force' })).toContainText('Approved by ada@contoso.example')
  await row('Asked by Ada.').getByRole('button', { name: /^Withdraw/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click()
  await expect(page.getByRole('table', { name: 'Past' })).toContainText('Withdrawn by ada@contoso.example')
  await row('Asked by Ada.').getByRole('link', { name: /^Ask again/ }).click()
  await expect(page.getByLabel('Why')).toHaveValue('Asked by Ada.')
  await expect(page.getByLabel('With the tag')).toHaveValue('environment')
})
