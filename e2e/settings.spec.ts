import { expect, test } from './fixtures'

// A demo of its own: versions are counted from the first, and what is saved changes the scores of others.
test.use({ demoTenant: 'generated:60:3' })

test('workspaces are a proposal until they are confirmed, and each save is a version', async ({ page }) => {
  await page.goto('/settings')
  await expect(page.getByText('The central workspaces are a proposal')).toBeVisible()
  await expect(page.getByRole('checkbox', { checked: true }).first()).toBeVisible()
  await page.getByLabel('Interactive retention in days').fill('400')
  await page.getByRole('button', { name: 'Confirm and save' }).click()
  await expect(page.getByText('Nothing was saved: see the fields')).toBeVisible()
  await expect(page.getByText('Interactive retention cannot be longer than total retention')).toBeVisible()
  await page.getByLabel('Interactive retention in days').fill('30')
  await page.getByLabel('Other workspaces').fill('not-an-id')
  await page.getByRole('button', { name: 'Confirm and save' }).click()
  await expect(page.getByText('is not the id of a Log Analytics workspace')).toBeVisible()
  await page.getByLabel('Other workspaces').fill('')
  await page.getByLabel('Interactive retention in days').fill('30')
  await page.getByRole('button', { name: 'Confirm and save' }).click()
  await expect(page.getByText('Saved as version 1')).toBeVisible()
  await page.reload()
  await expect(page.getByText('The central workspaces are a proposal')).toHaveCount(0)
  await expect(page.getByLabel('Interactive retention in days')).toHaveValue('30')
  await expect(page.getByText(/^Version 1, saved by demo on/)).toBeVisible()

  await page.getByText(/^More: days of single key points/).click()
  await page.getByLabel('DNS query logging', { exact: true }).fill('30')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved as version 2')).toBeVisible()
  await page.goto('/settings/versions')
  await expect(page.getByRole('row', { name: /In force/ })).toContainText('Retention for DNS query logging: as the total → 30 days')
})
