import { test as base } from '@playwright/test'
import { answering } from './answering-page'
import { startKeypoint, type KeypointProcess } from './keypoint-process'

interface WorkerFixtures {
  /** Size and seed of the demo, as in KEYPOINT_DEMO_TENANT. */
  demoTenant: string
  /** The app on its demo tenant, scanned once; each worker has its own. */
  demo: KeypointProcess
}

/** The test of pages: `page.goto('/')` opens the demo. */
export const test = base.extend<object, WorkerFixtures>({
  demoTenant: ['generated:300:1', { scope: 'worker', option: true }],
  demo: [
    async ({ demoTenant }, use) => {
      const keypoint = await startKeypoint({ KEYPOINT_DEMO_TENANT: demoTenant })
      await use(keypoint)
      await keypoint.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ demo }, use) => {
    await use(demo.url)
  },
  page: async ({ page }, use) => {
    await use(answering(page))
  },
})

export { expect } from '@playwright/test'
