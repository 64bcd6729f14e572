import { seal } from '@/lib/auth/seal'
import { accessibilityProblems } from './axe'
import { entraText } from './entra/entra-text'
import { expect, signIn, test } from './sign-in-fixtures'

test.describe('signing in', () => {
  test('leads to Entra and back to the page that was asked for', async ({ page, tenant }) => {
    await page.goto('/resources?q=vault')
    await expect(page).toHaveURL(`${tenant.url}/sign-in?returnTo=%2Fresources%3Fq%3Dvault`)
    await expect(page.getByText(tenant.tenantId)).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click()
    await expect(page).toHaveURL(new RegExp(`^${tenant.entra.authorityHost}/${tenant.tenantId}/login/`))
    await page.getByRole('button', { name: 'Rita Reader' }).click()
    await expect(page).toHaveURL(`${tenant.url}/resources?q=vault`)
    await expect(page.getByText('Rita Reader')).toBeVisible()
  })

  test('keeps nothing but a random id in a sealed, http-only cookie, and no token in pages', async ({ page, context, tenant }) => {
    await signIn(page, 'Ada Admin')
    await expect(page.getByText('Ada Admin')).toBeVisible()
    const cookies = await context.cookies(tenant.url)
    const session = cookies.find((cookie) => cookie.name === 'keypoint-session')
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', secure: false })
    expect(cookies.map((cookie) => cookie.name)).not.toContain('keypoint-sign-in')
    const html = await page.content()
    for (const text of [html, ...cookies.filter((cookie) => cookie.name.startsWith('keypoint')).map((cookie) => cookie.value)]) {
      // Signed tokens begin with a JSON header that names an algorithm of signing; the sealed cookie's names encryption alone.
      expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/)
      expect(text).not.toContain('refresh_token')
    }
    expect(html).not.toContain(session?.value ?? 'no session')
  })

  test('refuses to leave the site afterwards', async ({ page, tenant }) => {
    await page.goto('/sign-in?returnTo=%2F%2Fevil.example%2F')
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click()
    await page.getByRole('button', { name: 'Rita Reader' }).click()
    await expect(page).toHaveURL(`${tenant.url}/`)
  })

  test('refuses an answer whose state is not of this browser', async ({ page }) => {
    await page.goto('/auth/callback?code=made-up&state=made-up')
    await expect(page.getByRole('alert').filter({ hasText: 'began in another browser' })).toBeVisible()
    // This browser's own attempt, but sent to Entra with another state.
    const start = await page.request.get('/auth/start', { maxRedirects: 0 })
    const authorize = new URL(start.headers().location ?? '')
    authorize.searchParams.set('state', 'changed')
    await page.goto(authorize.href)
    await page.getByRole('button', { name: 'Rita Reader' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'does not belong to the sign-in' })).toBeVisible()
    await page.goto('/scans')
    await expect(page).toHaveURL(/\/sign-in/)
  })

  test('says what a refusal means and by which id an administrator finds it', async ({ page, tenant }) => {
    tenant.entra.inject({ endpoint: 'authorize', error: 'access_denied', description: entraText('AADSTS50105', 'The signed in user is not assigned to a role.') })
    await page.goto('/')
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'You are not assigned to Keypoint.' })
    await expect(alert).toContainText('Users and groups')
    await expect(alert).toContainText('0f0f0f0f-1111-4222-8333-444444444444')
    tenant.entra.inject({ endpoint: 'token', error: 'invalid_client', description: entraText('AADSTS7000222', 'The provided client secret keys are expired.') })
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click()
    await page.getByRole('button', { name: 'Rita Reader' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'client secret of Keypoint has expired' })).toBeVisible()
  })

  test('refuses a person of another tenant', async ({ page }) => {
    await signIn(page, 'Stan Stranger')
    await expect(page.getByRole('alert').filter({ hasText: 'an account of another tenant' })).toBeVisible()
  })

  test('shows a person without a role whom to ask, on every page', async ({ page, tenant }) => {
    await signIn(page, 'Nora Norole', '/scans')
    await expect(page.getByRole('heading', { name: 'You need the role Keypoint.Reader' })).toBeVisible()
    await expect(page.getByText('Users and groups')).toBeVisible()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.goto('/resources')
    await expect(page).toHaveURL(`${tenant.url}/no-access?role=Keypoint.Reader`)
    expect((await page.request.get('/api/scans/00000000-0000-4000-8000-000000000000')).status()).toBe(403)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(new RegExp(`^${tenant.entra.authorityHost}/`))
  })
})

test.describe('a session', () => {
  test('ends at sign-out, here and at Entra, and its cookie opens nothing any more', async ({ page, context, tenant }) => {
    await signIn(page, 'Rita Reader')
    await expect(page.getByText('Rita Reader')).toBeVisible()
    const before = await context.cookies(tenant.url)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(new RegExp(`^${tenant.entra.authorityHost}/${tenant.tenantId}/oauth2/v2.0/logout`))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(`${tenant.url}/sign-in`)
    await context.addCookies(before.filter((cookie) => cookie.name === 'keypoint-session'))
    await page.goto('/')
    await expect(page).toHaveURL(/\/sign-in/)
  })

  test('is not signed out by another site', async ({ page, tenant }) => {
    await signIn(page, 'Rita Reader')
    await expect(page.getByText('Rita Reader')).toBeVisible()
    const refused = await page.request.post('/auth/sign-out', { headers: { origin: 'https://evil.example' }, maxRedirects: 0 })
    expect(refused.status()).toBe(403)
    expect((await page.request.get('/auth/sign-out', { maxRedirects: 0 })).status()).toBe(405)
    await page.goto('/')
    await expect(page).toHaveURL(`${tenant.url}/`)
  })

  test('does not open with a tampered, an expired or a foreign cookie', async ({ page, context, tenant }) => {
    await signIn(page, 'Rita Reader')
    await expect(page.getByText('Rita Reader')).toBeVisible()
    const real = (await context.cookies(tenant.url)).find((cookie) => cookie.name === 'keypoint-session')?.value ?? ''
    const middle = Math.floor(real.length / 2)
    const tampered = `${real.slice(0, middle)}${real[middle] === 'A' ? 'B' : 'A'}${real.slice(middle + 1)}`
    const expired = await seal([tenant.secret], 'session cookie', { id: 'x' }, -1)
    const unknown = await seal([tenant.secret], 'session cookie', { id: 'x' }, 60)
    const foreign = await seal(['another secret that is long enough as well'], 'session cookie', { id: 'x' }, 60)
    for (const value of [tampered, expired, unknown, foreign, 'nonsense', '']) {
      await context.addCookies([{ name: 'keypoint-session', value, url: tenant.url }])
      await page.goto('/scans')
      await expect(page).toHaveURL(`${tenant.url}/sign-in?returnTo=%2Fscans`)
      expect((await page.request.get('/api/scans/00000000-0000-4000-8000-000000000000')).status()).toBe(401)
    }
    await context.addCookies([{ name: 'keypoint-session', value: real, url: tenant.url }])
    await page.goto('/scans')
    await expect(page).toHaveURL(`${tenant.url}/scans`)
  })
})
