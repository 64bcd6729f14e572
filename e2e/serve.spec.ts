import { expect, test } from '@playwright/test'
import { startEmbedded } from '../lib/db/embedded'
import { startKeypoint } from './keypoint-process'

test('the web app ends with a process that is killed, and gives its port back', async () => {
  const keypoint = await startKeypoint({ KEYPOINT_DEMO_TENANT: 'generated:10:1' })
  process.kill(keypoint.pid, 'SIGKILL')
  await expect.poll(() => fetch(`${keypoint.url}/api/health`).then(({ status }) => status, () => 'nobody answers')).toBe('nobody answers')
  // The database outlives it for whoever comes next.
  await (await startEmbedded(keypoint.dataDir)).stop()
  await keypoint.stop()
})
