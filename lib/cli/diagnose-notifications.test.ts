import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '@/lib/config'
import { disableChannel, ensureEstate, setSecretExpiry } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import type { ChannelKind } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { keepChannel } from '@/lib/notify'
import { diagnoseNotifications } from './diagnose-notifications'

const tenantId = '7c8c2db0-7b46-5fa0-a13f-266c870707dd'
const secret = 'a session secret of thirty-two bytes or more'
let test: TestDatabase
let viewer: Viewer

beforeAll(async () => {
  test = await createTestDatabase()
  viewer = { estateId: (await ensureEstate(test.database, { tenantId, isDemo: false, cloud: 'AzureCloud', displayName: null })).estateId, subscriptions: 'all' }
})
afterAll(() => test.drop())

const diagnose = (over: Record<string, string> = {}) => diagnoseNotifications(loadConfig({
  DATABASE_URL: test.url, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: '11111111-2222-4333-8444-555555555555', AZURE_CLIENT_SECRET: 's', KEYPOINT_SESSION_SECRET: secret, ...over,
}))
const channel = async (name: string, kind: ChannelKind) => (await keepChannel(test.database, viewer, {
  name, kind, recipients: kind === 'email' ? ['ada@example.com'] : [], topics: ['changes'], minSeverity: 'low', keyPoints: [], alwaysSend: false, digest: null,
  url: kind === 'email' ? null : 'https://hooks.example.com/',
}, 'ada', [secret])).channel

it('says what of the channels and the credentials needs a person', async () => {
  expect(await diagnose()).toMatchObject([{ check: 'credential', status: 'ok', message: expect.stringContaining('not known when it expires') }])
  await setSecretExpiry(test.database, viewer, 'scanning', new Date(Date.now() + 5 * 86_400_000), 'ada')
  const { id } = await channel('SIEM', 'webhook')
  expect(await diagnose()).toMatchObject([{ check: 'credential', status: 'warning' }, { check: 'notifications', status: 'ok', message: '1 channel.' }])
  await channel('On duty', 'email')
  expect((await diagnose()).slice(1)).toMatchObject([{ check: 'notifications to On duty', remedy: expect.stringContaining('KEYPOINT_SMTP_URL') }])
  expect((await diagnose({ KEYPOINT_SESSION_SECRET: 'another secret of thirty-two bytes or more' })).slice(1)).toMatchObject([{}, { check: 'notifications to SIEM', remedy: expect.stringContaining('KEYPOINT_SESSION_SECRET') }])
  await disableChannel(test.database, id, 'Answered with 410.')
  expect((await diagnose()).at(-1)).toMatchObject({ message: expect.stringContaining('Answered with 410.') })
})
