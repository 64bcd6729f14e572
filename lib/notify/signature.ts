import { createHmac } from 'node:crypto'
import type { ChannelSecrets } from '@/lib/domain/notification'

/** The secrets that a channel signs with: the newest first, then the one before it while it is valid. None where the receiver verifies nothing. */
export function signingSecretsAt({ signingSecret, olderSecret }: ChannelSecrets, now: Date): string[] {
  if (signingSecret === null) return []
  const isOlderValid = olderSecret !== null && (olderSecret.until === null || Date.parse(olderSecret.until) > now.getTime())
  return isOlderValid ? [signingSecret, olderSecret.secret] : [signingSecret]
}

/**
 * The headers that let a receiver prove a webhook's origin and age, as https://www.standardwebhooks.com has them: an HMAC-SHA256 over id, time and body with each
 * secret, parted by spaces. The id is the same in each attempt to deliver one message, so that a receiver that remembers it acts once.
 * @param secrets each `whsec_` and the key in base64.
 */
export function signatureHeaders(secrets: readonly string[], id: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
