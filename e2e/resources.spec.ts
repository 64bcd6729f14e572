import { expect, test } from './fixtures'
import { hrefOfFirstRow, leadingCount } from './pages'

const names = 'main tbody th a'

test('sorts in the database, keeps the order in the address, and Back undoes it', async ({ page }) => {
  await page.goto('/resources')
  // Rows may be revealed only after the page has loaded.
  await expect(page.locator(names).first()).toBeVisible()
  const worst = await page.locator(names).allTextContents()
  await page.getByRole('button', { name: 'Name' }).click()
  await expect(page).toHaveURL(/\?sort=name$/)
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending')
  await expect(page.locator(names).first()).not.toHaveText(worst[0] ?? '')
  const ascending = await page.locator(names).allTextContents()
  expect(ascending.map((name) => name.toLowerCase())).toEqual(ascending.map((name) => name.toLowerCase()).toSorted())
  await page.getByRole('button', { name: 'Name' }).click()
  await expect(page).toHaveURL(/\?sort=-name$/)
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending')
  await page.goBack()
  await expect(page).toHaveURL(/\?sort=name$/)
  await expect(page.locator(names)).toHaveText(ascending)
  await page.goBack()
  await expect(page.locator(names)).toHaveText(worst)
})

test('filters by what is ticked, says so in pills, and a reload keeps it', async ({ page }) => {
  await page.goto('/resources')
  // The address changes before the counts do: wait for each to differ from the last, or an older one is remembered.
  const status = page.locator('[role=status]', { hasText: /\d resources? ·/ })
  const all = (await status.textContent()) ?? ''
  await page.locator('summary', { hasText: 'Verdict' }).click()
  await page.getByRole('checkbox', { name: 'Unknown' }).check()
  await expect(page).toHaveURL(/\?verdict=unknown$/)
  await expect.poll(async () => leadingCount((await status.textContent()) ?? '')).not.toBe(leadingCount(all))
  const counts = page.getByText(/matching finding/)
  const unknowns = (await counts.textContent()) ?? ''
  await page.locator('summary', { hasText: 'Type' }).click()
  await page.getByRole('searchbox', { name: 'Narrow type' }).fill('keyvault')
  await page.getByRole('checkbox', { name: /^microsoft\.keyvault\/vaults/ }).check()
  await expect(page).toHaveURL(/verdict=unknown&type=microsoft\.keyvault\/vaults$/)
  const pills = page.getByRole('list', { name: 'Active filters' })
  await expect(pills.getByRole('button')).toHaveCount(2)
  await expect(counts).not.toHaveText(unknowns)
  // Every row that is shown answers both filters: the counts are theirs.
  await expect.poll(async () => leadingCount((await counts.textContent()) ?? '')).toBe(await page.locator(names).count())
  const before = await counts.textContent()
  await page.reload()
  await expect(pills.getByRole('button')).toHaveCount(2)
  await expect(counts).toHaveText(before ?? '')
  await pills.getByRole('button', { name: /^Type:/ }).click()
  await expect(page).toHaveURL(/\?verdict=unknown$/)
  await pills.getByRole('link', { name: 'Clear filters' }).click()
  await expect(page).toHaveURL(/\/resources$/)
  await expect(pills).toHaveCount(0)
})

test('finds a resource by part of its name and by its id in any casing', async ({ page }) => {
  await page.goto('/resources?type=microsoft.keyvault/vaults')
  const href = await hrefOfFirstRow(page)
  const name = (await page.locator(names).first().textContent()) ?? ''
  const id = new URL(href, 'http://localhost').searchParams.get('id') ?? ''
  await page.goto('/resources')
  const search = page.getByRole('searchbox', { name: 'Search by name or id' })
  await search.fill(name.slice(1).toUpperCase())
  await expect(page).toHaveURL(/\?q=/)
  await expect(page.locator(names).filter({ hasText: name })).toHaveCount(1)
  await search.fill(id.toUpperCase())
  await expect(page.locator(names)).toHaveText([name])
})

test('pages through all rows, each once, with links', async ({ page }) => {
  await page.goto('/resources?sort=name')
  const total = Number(((await page.getByText(/^[\d,]+ resources/).first().textContent()) ?? '').replace(/ .*/, '').replaceAll(',', ''))
  const seen: (string | null)[] = []
  for (;;) {
    await expect(page.locator(names).first()).toBeVisible()
    seen.push(...(await page.locator(names).evaluateAll((links) => links.map((link) => link.getAttribute('href')))))
    const next = page.getByRole('link', { name: 'Next' })
    if ((await next.count()) === 0) break
    const href = await next.getAttribute('href')
    await next.click()
    await expect(page).toHaveURL(new RegExp(`${(href ?? '').replaceAll('?', '\\?')}$`))
    await expect(page.getByText(/^Page \d+ of/)).toContainText(/page=(\d+)/.exec(href ?? '')?.[1] ?? '')
    await expect(page.locator('main p[role=status]')).toBeFocused()
  }
  expect(seen).toHaveLength(total)
  expect(new Set(seen).size).toBe(total)
})

test('ignores what the address should not hold, and says so', async ({ page }) => {
  await page.goto('/resources?verdict=wrong&sort=colour&page=-1&size=7&q=%00&nonsense=1')
  await expect(page.getByText('Some of the address was ignored')).toBeVisible()
  await expect(page.getByText(/verdict=wrong · sort=colour · page=-1 · size=7/)).toBeVisible()
  for (const past of ['99999', '99999999999999999999']) {
    await page.goto(`/resources?page=${past}`)
    await expect(page.getByText('This page is past the end')).toBeVisible()
  }
})

test('says so when nothing matches, with a way out', async ({ page }) => {
  await page.goto('/resources?q=nothing-has-this-name')
  await expect(page.getByText('No resource matches these filters')).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Clear filters' }).first().click()
  await expect(page.locator(names).first()).toBeVisible()
})

test('a resource shows verdict, reason, evidence and what to do, under an address that survives pasting', async ({ page }) => {
  await page.goto('/resources?type=microsoft.keyvault/vaults&verdict=fail')
  await page.locator(names).first().click()
  await expect(page).toHaveURL(/\/resources\/view\?id=/)
  const id = new URL(page.url()).searchParams.get('id') ?? ''
  const finding = page.getByRole('article').filter({ hasText: 'Fail' }).first()
  await expect(finding.getByRole('table', { name: /^Evidence/ })).toBeVisible()
  await expect(finding.getByRole('tab', { name: 'Azure CLI' })).toHaveAttribute('aria-selected', 'true')
  await expect(finding.getByRole('tabpanel')).toContainText(id)
  await finding.getByRole('tab', { name: 'Azure CLI' }).press('ArrowRight')
  await expect(finding.getByRole('tab', { name: 'Bicep' })).toBeFocused()
  await expect(finding.getByRole('tabpanel')).toContainText('Microsoft.Insights/diagnosticSettings')
  await page.goto(`/resources/view?id=${encodeURIComponent(id.toUpperCase())}/`)
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Not found')
})

test('rows that one check was asked of lead to its finding', async ({ page }) => {
  await page.goto('/resources?verdict=fail&check=resource-audit-logs')
  await page.locator(names).first().click()
  await expect(page).toHaveURL(/\/resources\/view\?id=.*#resource-audit-logs$/)
  await expect(page.locator('#resource-audit-logs')).toBeInViewport()
})

test('an unknown names the failed read and the permission that cures it', async ({ page }) => {
  await page.goto('/resources?verdict=unknown&reason=permission-denied')
  await page.locator(names).first().click()
  const finding = page.getByRole('article').filter({ hasText: 'Permission denied.' }).first()
  await expect(finding).toContainText(/Missing permission: Microsoft\./)
  await expect(finding).toContainText('az role assignment create')
})

test('addresses of nothing are not found', async ({ page }) => {
  for (const path of ['/resources/view', '/resources/view?id=kv', '/resources/view?id=/subscriptions/none', '/scans/none', '/checks/none', '/key-points/none', '/nothing']) {
    const response = await page.goto(path)
    expect.soft(`${path} ${response?.status()}`).toBe(`${path} 404`)
    await expect(page.getByText('There is nothing at this address')).toBeVisible()
  }
})
