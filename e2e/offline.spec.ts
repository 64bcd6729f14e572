import { expect, test } from './fixtures'
import { openPage, pages } from './pages'

test('pages ask no other host, keep to their content security policy and log no error', async ({ page, demo }) => {
  test.slow()
  const foreign: string[] = []
  const problems: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(demo.url) && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(`${page.url()} ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`${page.url()} ${error.message}`))
  for (const which of pages.filter(({ name }) => name !== 'a page that is not there')) {
    await openPage(page, which)
    await page.waitForLoadState('networkidle')
  }
  expect(foreign).toEqual([])
  expect(problems).toEqual([])
})

test('each page forbids frames and scripts without its nonce, and does not say what made it', async ({ request }) => {
  const nonces = new Set<string>()
  for (const path of ['/', '/resources', '/resources']) {
    const headers = (await request.get(path)).headers()
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers).not.toHaveProperty('x-powered-by')
    nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? '')
  }
  expect(nonces.size).toBe(3)
})

test('pages stay within their budget of script', async ({ page }) => {
  for (const [path, kilobytesMax] of [['/', 165], ['/resources', 200]] as const) {
    await page.goto(path, { waitUntil: 'networkidle' })
    const bytes = await page.evaluate(() => performance.getEntriesByType('resource')
      .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming && /\.js(\?|$)/.test(entry.name))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0))
    expect.soft(bytes, path).toBeLessThan(kilobytesMax * 1000)
  }
})

test('health needs no session and tells the version', async ({ request }) => {
  const response = await request.get('/api/health')
  expect(response.status()).toBe(200)
  expect(await response.json()).toMatchObject({ status: 'ok', database: 'reachable', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
})
