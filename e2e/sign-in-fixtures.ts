import { test as base, expect, type Page } from '@playwright/test'
import { startTenant, type Tenant } from './tenant'

interface WorkerFixtures {
  /** Keypoint with sign-in; each worker has its own. */
  tenant: Tenant
}

/** The test of signing in: `page.goto('/')` leads to the sign-in page. */
export const test = base.extend<object, WorkerFixtures>({
  tenant: [
    async ({}, use) => {
      const tenant = await startTenant()
      await use(tenant)
      await tenant.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ tenant }, use) => {
    await use(tenant.url)
  },
  // The stand-in's certificate is its own authority; the app itself trusts it by NODE_EXTRA_CA_CERTS.
  ignoreHTTPSErrors: true,
})

/** Signs in from wherever the page leads to, as the person of that name. */
export async function signIn(page: Page, name: string, path = '/'): Promise<void> {
  await page.goto(path)
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click()
  await page.getByRole('button', { name }).click()
}

export { expect }
