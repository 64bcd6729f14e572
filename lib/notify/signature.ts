import { createHmac } from 'node:crypto'

/**
 * The headers that let a receiver prove a webhook's origin and age, as https://www.standardwebhooks.com has them: an HMAC-SHA256 over id, time and body. The id
 * is the same in each attempt to deliver one message, so that a receiver that remembers it acts once.
 * @param secret `whsec_` and the key in base64.
 */
export function signatureHeaders(secret: string, id: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
