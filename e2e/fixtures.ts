import { test as base } from '@playwright/test'
import { startKeypoint, type KeypointProcess } from './keypoint-process'

interface WorkerFixtures {
  /** The app on a demo tenant of 300 resources, scanned once; each worker has its own. */
  demo: KeypointProcess
}

/** The test of pages: `page.goto('/')` opens the demo. */
export const test = base.extend<object, WorkerFixtures>({
  demo: [
    async ({}, use) => {
      const keypoint = await startKeypoint({ KEYPOINT_DEMO_TENANT: 'generated:300:1' })
      await use(keypoint)
      await keypoint.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ demo }, use) => {
    await use(demo.url)
  },
})

export { expect } from '@playwright/test'
