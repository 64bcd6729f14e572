import { test as base, expect, type Page } from '@playwright/test'
import { answering, untilAnswering } from './answering-page'
import { startTenant, type Tenant } from './tenant'

interface WorkerFixtures {
  /** What lies in the simulated Azure, as in KEYPOINT_DEMO_TENANT. */
  azureTenant: string
  /** Keypoint with sign-in; each worker has its own. */
  tenant: Tenant
}

/** The test of signing in: `page.goto('/')` leads to the sign-in page. */
export const test = base.extend<object, WorkerFixtures>({
  azureTenant: ['generated:40:1', { scope: 'worker', option: true }],
  tenant: [
    async ({ azureTenant }, use) => {
      const tenant = await startTenant(azureTenant)
      await use(tenant)
      await tenant.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ tenant }, use) => {
    await use(tenant.url)
  },
  page: async ({ page, tenant }, use) => {
    await use(answering(page, (url) => url.startsWith(tenant.url)))
  },
  // The stand-in's certificate is its own authority; the app itself trusts it by NODE_EXTRA_CA_CERTS.
  ignoreHTTPSErrors: true,
})

/** Signs in from wherever the page leads to, as the person of that name. */
export async function signIn(page: Page, name: string, path = '/'): Promise<void> {
  await page.goto(path)
  const { origin } = new URL(page.url())
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click()
  await page.getByRole('button', { name }).click()
  await page.waitForURL((url) => url.origin === origin)
  await untilAnswering(page)
}

export { expect }
