import { expect, test } from '@playwright/test'
import { startEmbedded } from '../lib/db/embedded'
import { freePort } from '../lib/free-port'
import { startKeypoint } from './keypoint-process'

const tenant = { KEYPOINT_DEMO_TENANT: 'generated:10:1' }

test('the web app ends with a process that is killed, and gives its port back', async () => {
  const keypoint = await startKeypoint(tenant)
  process.kill(keypoint.pid, 'SIGKILL')
  await expect.poll(() => fetch(`${keypoint.url}/api/health`).then(({ status }) => status, () => 'nobody answers')).toBe('nobody answers')
  // The database outlives it for whoever comes next.
  await (await startEmbedded(keypoint.dataDir)).stop()
  await keypoint.stop()
})

test('forms work behind a proxy that hides the public host, and not from other sites', async () => {
  const port = await freePort()
  const keypoint = await startKeypoint({
    ...tenant, PORT: String(port), KEYPOINT_URL: 'https://keypoint.example.com', KEYPOINT_SESSION_SECRET: 'a session secret of the tests that is long enough',
  })
  const address = `http://localhost:${port}/`
  const action = /\$ACTION_ID_[0-9a-f]+/.exec(await (await fetch(address)).text())?.[0] ?? ''
  const sendFrom = async (origin: string) => {
    const body = new FormData()
    body.set(action, '')
    body.set('theme', 'dark')
    const answer = await fetch(address, { method: 'POST', headers: { origin }, body })
    return { status: answer.status, theme: /data-theme="(\w+)"/.exec(await answer.text())?.[1] }
  }
  expect(await sendFrom('https://evil.example')).toEqual({ status: 500, theme: undefined })
  expect(await sendFrom('https://keypoint.example.com')).toEqual({ status: 200, theme: 'dark' })
  await keypoint.stop()
})
