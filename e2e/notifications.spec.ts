import { createHmac } from 'node:crypto'
import { startMailServer } from '../lib/notify/testing/mail-server'
import { startReceiver, type Receiver } from '../lib/notify/testing/receiver'
import { expect, test as base } from '@playwright/test'
import { answering } from './answering-page'
import { accessibilityProblems } from './axe'
import { startKeypoint, type KeypointProcess } from './keypoint-process'
import { signIn, test as signedIn } from './sign-in-fixtures'

interface Notified {
  keypoint: KeypointProcess
  receiver: Receiver
  mailServer: Awaited<ReturnType<typeof startMailServer>>
}

interface WorkerFixtures {
  demoTenant: string
  /** The demo, which may post to a receiver on loopback and send mail by a server there. */
  notified: Notified
}

const test = base.extend<object, WorkerFixtures>({
  demoTenant: ['generated:40:1', { scope: 'worker', option: true }],
  notified: [async ({ demoTenant }, use) => {
    const [receiver, mailServer] = await Promise.all([startReceiver(), startMailServer()])
    const keypoint = await startKeypoint({
      KEYPOINT_DEMO_TENANT: demoTenant, KEYPOINT_WEBHOOK_NETWORKS: '127.0.0.1', KEYPOINT_SMTP_URL: mailServer.url, KEYPOINT_MAIL_FROM: 'Keypoint <keypoint@example.com>',
    })
    await use({ keypoint, receiver, mailServer })
    await keypoint.stop()
    await Promise.all([receiver.stop(), mailServer.stop()])
  }, { scope: 'worker', timeout: 240_000 }],
  baseURL: async ({ notified }, use) => {
    await use(notified.keypoint.url)
  },
  page: async ({ page }, use) => {
    await use(answering(page))
  },
})

test('a webhook is made, tested with a signature, switched off and removed, and its secrets are shown once', async ({ page, notified: { receiver } }) => {
  await page.goto('/settings/notifications')
  await expect(page.getByText('No channel yet')).toBeVisible()
  await page.getByRole('link', { name: 'New channel' }).click()
  await page.getByLabel('Name').fill('Security team')
  await page.getByLabel('Address').fill(`${receiver.url}?token=hunter22`)
  for (const box of await page.getByRole('group', { name: 'What it is told' }).getByRole('checkbox').all()) await box.uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Choose at least one.')).toBeVisible()
  await expect(page.getByLabel('Name')).toHaveValue('Security team')
  await page.getByRole('group', { name: 'What it is told' }).getByRole('checkbox').first().check()
  await page.getByLabel('Gaps from a severity on').selectOption('High and above')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Saved: Security team.' })).toBeFocused()
  const secret = (await page.getByRole('group', { name: 'signing secret' }).innerText()).trim()
  expect(secret).toMatch(/^whsec_[\w+/]+=*$/)
  await page.getByRole('link', { name: 'Back to the notifications' }).click()

  await expect(page.getByText('High and above, all key points')).toBeVisible()
  await page.getByRole('button', { name: 'Send a test to Security team' }).click()
  await expect(page.getByText('Delivered. Accepted with 200.')).toBeVisible()
  const [received] = receiver.received
  const signed = `${received?.headers['webhook-id']}.${received?.headers['webhook-timestamp']}.${received?.body}`
  expect(received?.headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(signed).digest('base64')}`)
  expect(JSON.parse(received?.body ?? '')).toMatchObject({ event: 'test', sentBy: 'Demo visitor', tenant: { demo: true } })
  await expect(page.getByRole('row', { name: /A test of this channel.*Security team.*Delivered/ })).toBeVisible()

  expect(await accessibilityProblems(page)).toEqual([])

  receiver.answers.push({ status: 403, body: 'not allowed' })
  await page.getByRole('button', { name: 'Send a test to Security team' }).click()
  await expect(page.getByText('Not delivered. Answered with 403: not allowed')).toBeVisible()

  await page.getByRole('link', { name: 'Edit Security team' }).click()
  await expect(page.getByLabel('Address')).toHaveValue('')
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.content()).not.toMatch(/hunter22|whsec_/)
  await page.getByLabel('The secret in use stays valid').selectOption('until somebody ends it')
  await page.getByRole('button', { name: 'Make a new signing secret' }).click()
  await expect(page.getByRole('heading', { name: 'The new signing secret' })).toBeFocused()
  const fresh = (await page.getByRole('group', { name: 'signing secret' }).innerText()).trim()
  expect(fresh).not.toBe(secret)
  await page.getByRole('link', { name: 'Back to the notifications' }).click()
  await expect(page.getByText('With an older secret too, until somebody ends it')).toBeVisible()
  await page.getByRole('button', { name: 'Send a test to Security team' }).click()
  await expect(page.getByText('Delivered. Accepted with 200.')).toBeVisible()
  const [last] = receiver.received.slice(-1)
  const signedBy = (key: string) => `v1,${createHmac('sha256', Buffer.from(key.slice(6), 'base64')).update(`${last?.headers['webhook-id']}.${last?.headers['webhook-timestamp']}.${last?.body}`).digest('base64')}`
  expect(last?.headers['webhook-signature']).toBe(`${signedBy(fresh)} ${signedBy(secret)}`)
  await page.getByRole('link', { name: 'Edit Security team' }).click()
  await page.getByRole('button', { name: /^End the older secret/ }).click()
  await page.getByRole('dialog', { name: 'End the older secret of Security team?' }).getByRole('button', { name: 'End the older secret' }).click()
  await expect(page.getByLabel('The secret in use stays valid')).toBeVisible()
  await page.getByLabel('Name').fill('Security people')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { name: 'Security people' })).toBeVisible()
  expect(await page.content()).not.toMatch(/hunter22|whsec_/)
  await page.getByRole('button', { name: 'Switch off Security people' }).click()
  await expect(page.getByRole('button', { name: 'Switch on Security people' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove Security people' }).click()
  await page.getByRole('dialog', { name: 'Remove Security people?' }).getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('No channel yet')).toBeVisible()
})

test('a mail goes through a mail server, and a scan that changed nothing is told where that was asked for', async ({ page, notified: { mailServer } }) => {
  await page.goto('/settings/notifications/new?kind=email')
  await page.getByLabel('Name').fill('On duty')
  await page.getByLabel('Recipients').fill('ada@example.com\nno address')
  await page.getByLabel('Also send when a scan changed nothing').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('is no e-mail address')).toBeVisible()
  await page.getByLabel('Recipients').fill('ada@example.com')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Send a test to On duty' }).click()
  await expect(page.getByText('Delivered. Accepted by the mail server for 1 of 1.')).toBeVisible()
  await expect.poll(() => mailServer.mails.map(({ headers }) => headers.get('subject'))).toEqual(['[Keypoint] Demo tenant: A test of this channel'])

  await page.goto('/scans')
  await page.getByRole('button', { name: 'Run scan' }).first().click()
  await expect.poll(() => mailServer.mails.length, { timeout: 120_000 }).toBe(2)
  const mail = mailServer.mails[1]
  expect(mail?.headers.get('subject')).toBe('[Keypoint] Demo tenant: No change')
  const link = /http:\/\/localhost:\d+\/scans\/compare\S+/.exec(mail?.text ?? '')?.[0] ?? ''
  await page.goto(link)
  await expect(page.getByText('All subscriptions that were known are compared')).toBeVisible()
  await expect(page.getByText('Nothing changed')).toBeVisible()
  await page.getByRole('link', { name: 'Compare what both scans judged' }).click()
  await expect(page.getByText('All subscriptions that were known are compared')).toHaveCount(0)
})

signedIn('people without the role Keypoint.Admin look only, and an Admin enters when a secret expires', async ({ page }) => {
  await signIn(page, 'Otto Operator', '/settings/notifications')
  await expect(page.getByText('Making one needs the role Keypoint.Admin')).toBeVisible()
  await expect(page.getByText('It is not known when it expires.')).toBeVisible()
  // Where that is known from, or why not, may name files of the server.
  await expect(page.getByText('A secret does not tell when it expires')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'New channel' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Save/ })).toHaveCount(0)
  for (const path of ['/settings/notifications/new', '/settings/notifications/00000000-0000-4000-8000-000000000000']) {
    await page.goto(path)
    await expect(page).toHaveURL(/\/no-access\?role=Keypoint\.Admin/)
  }
  await page.context().clearCookies()
  await signIn(page, 'Ada Admin', '/settings/notifications')
  await expect(page.getByText('A secret does not tell when it expires')).toBeVisible()
  await page.getByLabel('Expires on').fill('2031-03-31')
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByText('It expires on 31 Mar 2031. Entered by ada@contoso.example.')).toBeVisible()
})
