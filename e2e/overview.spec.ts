import { expect, test } from './fixtures'
import { hrefOfFirstRow, leadingCount } from './pages'

test('shows score, coverage and time together, and the ten key points in order', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveTitle(/^Score [\d.]+ · Overview · Keypoint \(demo\)$/)
  const score = page.getByRole('region', { name: 'Score' })
  await expect(score).toContainText(/Score[\d.]+ of 100/)
  await expect(score).toContainText(/Coverage[\d.]+ %/)
  await expect(score).toContainText(/subscriptions read/)
  const rows = page.getByRole('table', { name: 'The ten key points' }).getByRole('row')
  await expect(rows).toHaveCount(11)
  await expect(rows.nth(1)).toContainText('Approved time synchronization sources')
  await expect(rows.nth(10)).toContainText('Command-line audit logging')
})

for (const path of ['/', '/key-points/central-log-management', '/key-points/log-retention', '/checks/resource-audit-logs', 'the last scan']) {
  test(`each count on ${path} leads to as many findings`, async ({ page }) => {
    await page.goto(path === 'the last scan' ? '/scans' : path)
    if (path === 'the last scan') await page.goto(await hrefOfFirstRow(page))
    const counts = page.getByRole('main').locator('a.count-link[href^="/resources?"]')
    await expect(counts.nth(3)).toBeVisible()
    const links = await counts.evaluateAll((found) =>
      found.map((link) => ({ href: link.getAttribute('href') ?? '', text: link.textContent })))
    expect(links.length).toBeGreaterThan(3)
    for (const { href, text } of new Map(links.map((link) => [link.href, link])).values()) {
      const html = (await (await page.request.get(href)).text()).replaceAll('<!-- -->', '')
      const matching = /([\d,]+) matching finding/.exec(html)?.[1] ?? 'no count'
      expect.soft(`${href}: ${leadingCount(matching)}`).toBe(`${href}: ${leadingCount(text)}`)
    }
  })
}

test('names the role that lets more be read', async ({ page }) => {
  await page.goto('/')
  const unread = page.getByRole('table', { name: 'What could not be read' })
  await expect(unread).toContainText('Permission denied')
  await expect(unread).toContainText('Grant the scanning identity Reader')
  await unread.getByText('Command').first().click()
  await expect(unread).toContainText('az role assignment create --assignee "$AZURE_CLIENT_ID" --role Reader --scope /subscriptions/')
})
