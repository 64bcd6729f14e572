import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sendWebhook, type WebhookChannel } from './send-webhook'
import { message } from './testing/notices'
import { startReceiver, type Receiver } from './testing/receiver'
import { waitAskedMs } from './wait-asked'

let receiver: Receiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.stop())

const send = (over: Partial<WebhookChannel> = {}) =>
  sendWebhook({ kind: 'webhook', url: receiver.url, signingSecret: null, olderSecret: null, ...over }, message({ event: 'test', sentBy: 'Ada', url: '' }), ['127.0.0.1/32'])

describe('Retry-After', () => {
  const now = new Date('2026-11-26T12:00:00.000Z')

  it.each([
    ['120', 120_000], [' 0 ', 0], ['999999999999999999999', 21_600_000], ['Thu, 26 Nov 2026 12:05:00 GMT', 300_000], ['Thursday, 26-Nov-26 12:05:00 GMT', 300_000],
    ['Wed, 25 Nov 2026 12:05:00 GMT', 0], ['Thu, 26 Nov 2099 12:05:00 GMT', 21_600_000], ['soon', null], ['', null], [null, null],
  ])('%s is %s ms', (header, ms) => expect(waitAskedMs(header, now)).toBe(ms))

  it.each([[429, true], [503, true], [500, false], [408, false]])('counts with %s: %s', async (status, counts) => {
    receiver.answers.push({ status, headers: { 'retry-after': '600' } })
    expect(await send()).toEqual({ status: 'retry', sentence: `Answered with ${status}`, ...(counts && { waitMs: 600_000 }) })
  })

  it('makes no refusal pass', async () => {
    receiver.answers.push({ status: 403, headers: { 'retry-after': '600' } })
    expect(await send()).toEqual({ status: 'failed', sentence: 'Answered with 403' })
  })
})

describe('signing', () => {
  const [fresh, older] = ['fresh', 'older'].map((word) => `whsec_${Buffer.from(word.padEnd(32, '.')).toString('base64')}`) as [string, string]

  it.each([
    ['until somebody ends it', null, 2],
    ['for some time', new Date(Date.now() + 3_600_000).toISOString(), 2],
    ['no longer', new Date(Date.now() - 1_000).toISOString(), 1],
  ])('is done with the older secret %s', async (_name, until, signatures) => {
    await send({ signingSecret: fresh, olderSecret: { secret: older, until } })
    const [{ headers, body }] = receiver.received as [Receiver['received'][number]]
    const expected = [fresh, older].slice(0, signatures).map((secret) => {
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
      return `v1,${createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`
    })
    expect(headers['webhook-signature']).toBe(expected.join(' '))
  })
})
