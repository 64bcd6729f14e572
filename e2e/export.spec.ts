import type { APIRequestContext } from '@playwright/test'
import { expect, test } from './fixtures'
import { hrefOfFirstRow, leadingCount } from './pages'

interface Report {
  demo: boolean
  filters: Record<string, unknown>
  scan: { scanId: string }
  findings: { resourceId: string; check: string; verdict: string; keyPoint: string }[]
}

async function reportOf(request: APIRequestContext, href: string | null): Promise<Report> {
  const response = await request.get(href ?? '')
  expect(response.status()).toBe(200)
  return response.json()
}

test('the findings of the current filter come as a file of just as many', async ({ page }) => {
  await page.goto('/resources?verdict=fail&key-point=audit-logging&q=kv')
  const matching = leadingCount((await page.getByText(/matching finding/).textContent())?.split(' · ').at(-1) ?? '')
  const csv = page.getByRole('link', { name: /^CSV of [\d,]+ findings?$/ })
  const [download] = await Promise.all([page.waitForEvent('download'), csv.click()])
  expect(download.suggestedFilename()).toMatch(/^keypoint-demo-tenant-\d{8}T\d{4}Z-fail-audit-logging-kv\.csv$/)
  const json = await reportOf(page.request, await page.getByRole('link', { name: /^JSON of/ }).getAttribute('href'))
  expect(json).toMatchObject({ demo: true, filters: { verdicts: ['fail'], keyPoints: ['audit-logging'], search: 'kv' } })
  expect(json.findings).toHaveLength(matching)
  expect(json.findings.every(({ verdict, keyPoint, resourceId }) => verdict === 'fail' && keyPoint === 'audit-logging' && resourceId.toLowerCase().includes('kv'))).toBe(true)
})

test('a filter that means nothing is refused, since a file could not say that it was ignored', async ({ request }) => {
  for (const [path, word] of [
    ['/resources/export?format=csv&verdict=wrong', 'verdict=wrong'], ['/resources/export?format=pdf', 'format=pdf'], ['/resources/export', 'format='],
    ['/resources/export?format=csv&constructor=1', 'constructor=1'],
    ['/scans/compare/export?format=csv&from=latest&to=latest&kind=wrong', 'kind'], ['/scans/compare/export?format=csv', 'not named'],
    ['/scans/compare/export?format=csv&from=latest&to=latest&of=all', 'of=all'], ['/scans/compare/export?format=csv&from=latest&to=latest&subscripton=x', 'subscripton=x'],
    ['/scans/compare/export?format=csv&from=latest&to=latest&page=two', 'page=two'], ['/scans/compare/export?format=csv&from=latest&to=latest&until=May', 'until=May'], ['/scans/compare/export?format=csv&from=latest&to=latest&from=x', 'from=x'],
  ] as const) {
    const response = await request.get(path)
    expect.soft(`${path} ${response.status()}`).toBe(`${path} 400`)
    expect.soft((await response.json()).error.message).toContain(word)
  }
  expect((await request.get('/resources/view/export?id=/subscriptions/none')).status()).toBe(404)
  expect((await request.get('/scans/none/export?format=csv')).status()).toBe(404)
})

test('from the overview a gap is two steps away, with its evidence, what to do and its file', async ({ page }) => {
  await page.goto('/')
  await page.locator('#fix-first').getByRole('link', { name: 'Audit logs of the resource are sent somewhere' }).click()
  const gap = page.getByRole('table', { name: /^Gaps of this check/ }).getByRole('link').first()
  const name = (await gap.textContent()) ?? ''
  await gap.click()
  await expect(page).toHaveURL(/#resource-audit-logs$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  const finding = page.locator('#resource-audit-logs')
  await expect(finding).toBeInViewport()
  await expect(finding.getByRole('table', { name: /^Evidence/ })).toBeVisible()
  await expect(finding).toContainText(/Decided by resource-audit-logs, version \d+/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Evidence (JSON)' }).click()])
  expect(download.suggestedFilename()).toMatch(/^keypoint-demo-tenant-\d{8}T\d{4}Z-evidence-.*\.json$/)
  const evidence = await (await page.request.get(download.url())).json()
  expect(evidence).toMatchObject({ demo: true, resource: { name }, facts: expect.arrayContaining([expect.objectContaining({ api: expect.stringMatching(/^Microsoft\./), readAt: expect.stringMatching(/Z$/) })]) })
  expect(evidence.findings.find((one: { check: string }) => one.check === 'resource-audit-logs')).toMatchObject({ verdict: 'fail', remediation: { summary: expect.any(String) } })
})

for (const path of ['/key-points/log-retention', '/checks/resource-audit-logs']) {
  test(`the file of ${path} holds what the page counts, of the scan that it names`, async ({ page }) => {
    await page.goto(path)
    const counts = await page.locator('main section').first().getByRole('listitem').getByRole('link').allTextContents()
    const json = await reportOf(page.request, await page.getByRole('link', { name: 'JSON of these findings' }).getAttribute('href'))
    expect(json.findings).toHaveLength(counts.reduce((sum, text) => sum + leadingCount(text), 0))
    expect(json.filters).toEqual(path.startsWith('/checks') ? { checks: ['resource-audit-logs'] } : { keyPoints: ['log-retention'] })
    expect(await page.getByRole('main').locator('a[href^="/scans/"]').first().getAttribute('href')).toContain(json.scan.scanId)
  })
}

test('a scan’s page gives all of its findings', async ({ page }) => {
  await page.goto('/scans')
  const scan = await hrefOfFirstRow(page)
  await page.goto(scan)
  const json = await reportOf(page.request, await page.getByRole('link', { name: 'JSON of the findings of this scan' }).getAttribute('href'))
  expect(scan).toContain(json.scan.scanId)
  const csv = await (await page.request.get(`${scan}/export?format=csv`)).text()
  expect(csv.startsWith('\uFEFFsubscriptionId,')).toBe(true)
  expect(json.findings.length).toBeGreaterThan(100)
  for (const wrong of ['check=none', 'key-point=none', 'verdict=fail', 'constructor=1']) {
    const response = await page.request.get(`${scan}/export?format=csv&${wrong}`)
    expect.soft(`${wrong} ${response.status()}`).toBe(`${wrong} 400`)
    expect.soft((await response.json()).error.message).toContain(wrong)
  }
})
