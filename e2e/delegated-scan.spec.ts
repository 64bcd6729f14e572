import type { Request } from '@playwright/test'
import { expect, signIn, test } from './sign-in-fixtures'

const scanDone = /^(Complete|Partial)\b/

test.describe('scanning with one’s own rights', () => {
  test('a reader finds no button, and the action itself refuses', async ({ page, browser, tenant }) => {
    await signIn(page, 'Rita Reader', '/scans')
    await expect(page.getByRole('heading', { name: 'Scans', exact: true })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Run scan' })).toHaveCount(0)

    // What the operator's button sends, sent again with the reader's cookie.
    const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: tenant.url })
    const operator = await context.newPage()
    await signIn(operator, 'Otto Operator', '/scans')
    const isAction = (request: Request) => request.method() === 'POST' && new URL(request.url()).pathname === '/scans'
    await operator.route('**/scans', async (route) => await (isAction(route.request()) ? route.abort() : route.continue()))
    const sent = operator.waitForRequest(isAction)
    await operator.getByRole('button', { name: 'Run scan' }).click()
    const action = await sent
    const { 'next-action': id, 'content-type': contentType } = action.headers()
    const before = tenant.azure.requests.total
    const answer = await page.request.post('/scans', {
      headers: { origin: tenant.url, ...(id ? { 'next-action': id } : {}), ...(contentType ? { 'content-type': contentType } : {}) },
      data: action.postDataBuffer() ?? Buffer.alloc(0),
      maxRedirects: 0,
    })
    expect(answer.headers()['x-action-redirect'] ?? answer.headers().location).toContain('/no-access?role=Keypoint.Operator')
    expect(tenant.azure.requests.total).toBe(before)
    await context.close()
  })

  test('an operator who declines is told so, and one who consents gets the scan', async ({ page, context, tenant }) => {
    await signIn(page, 'Otto Operator', '/scans')
    await page.getByRole('button', { name: 'Run scan' }).click()
    await expect(page.getByRole('heading', { name: 'Permissions requested' })).toBeVisible()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'The consent was declined.' })).toBeVisible()

    await page.goto('/scans')
    await page.getByRole('button', { name: 'Run scan' }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await expect(page).toHaveURL(/\/scans\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('main').getByText(scanDone).first()).toBeVisible({ timeout: 120_000 })
    expect(tenant.azure.requests.total).toBeGreaterThan(0)
    for (const cookie of await context.cookies(tenant.url)) expect(cookie.value.length).toBeLessThan(1000)
    expect(await page.content()).not.toMatch(/eyJ[\w-]+\.eyJ/)

    // Access was given: the next scan asks nothing more.
    await page.goto('/scans')
    await page.getByRole('button', { name: 'Run scan' }).click()
    await expect(page).toHaveURL(/\/scans\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('main').getByText(scanDone).first()).toBeVisible({ timeout: 120_000 })
  })
})
