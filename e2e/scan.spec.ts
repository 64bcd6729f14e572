import { expect, test } from './fixtures'

test('a scan is started, followed to its end and kept', async ({ page, request }) => {
  test.slow()
  await page.goto('/scans')
  const rows = page.getByRole('table', { name: /^Scans/ }).getByRole('row')
  await expect(rows.nth(1)).toBeVisible()
  const before = await rows.count()
  await page.getByRole('button', { name: 'Run scan' }).click()
  await expect(page).toHaveURL(/\/scans\/[0-9a-f-]{36}$/)
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await expect(page.getByRole('heading', { name: 'Summary' })).toBeVisible({ timeout: 90_000 })
  await expect(page.getByText(/^(Complete|Partial)/).first()).toBeVisible()
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Subscriptions of this scan' })).toBeVisible()

  const answer = await request.get(`/api/scans/${id}`)
  const etag = answer.headers().etag ?? ''
  expect(await answer.json()).toMatchObject({ status: expect.stringMatching(/^(succeeded|partial)$/), progress: { stage: 'finish' } })
  expect((await request.get(`/api/scans/${id}`, { headers: { 'if-none-match': etag } })).status()).toBe(304)
  expect((await request.get('/api/scans/00000000-0000-4000-8000-000000000000')).status()).toBe(404)

  await page.goto('/scans')
  await expect(page.getByRole('table', { name: /^Scans/ }).getByRole('row')).toHaveCount(before + 1)
  await page.goto('/')
  await expect(page.getByRole('region', { name: 'Score' })).toContainText('No change')
})
