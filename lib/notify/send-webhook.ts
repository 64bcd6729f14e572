import { proxyFor } from '@/lib/config'
import type { ChannelSecrets } from '@/lib/domain/notification'
import { KeypointError } from '@/lib/errors'
import { AddressGuard, RefusedAddressError } from './address-guard'
import type { Message } from './message'
import type { Outcome } from './outcome'
import { plainText } from './plain-text'
import { post, type PostAnswer, type PostOptions } from './post'
import { RefusedUrlError } from './refused-url-error'
import { signatureHeaders, signingSecretsAt } from './signature'
import { slackBody } from './slack-body'
import { teamsBody } from './teams-body'
import { webhookBody } from './webhook-body'
import { waitAskedMs } from './wait-asked'
import { withoutAddress } from './without-address'

const bodies = { webhook: webhookBody, slack: slackBody, teams: teamsBody }

export interface WebhookChannel extends ChannelSecrets {
  kind: keyof typeof bodies
}

/**
 * Posts a message, and says what came of it; errors of the network and of the receiver are outcomes.
 * @throws KeypointError `not-configured` where the environment names a proxy that cannot be asked.
 */
export async function sendWebhook(channel: WebhookChannel, message: Message, networks: readonly string[], lookup?: PostOptions['lookup']): Promise<Outcome> {
  const [notice] = message.notices
  if (notice === undefined) throw new Error('a message without a notice')
  const body = bodies[channel.kind](message, notice)
  const now = new Date()
  const secrets = signingSecretsAt(channel, now)
  const headers = secrets.length === 0 ? {} : signatureHeaders(secrets, message.id, body, now)
  try {
    return outcomeOf(channel.url, await post({ url: channel.url, headers, body, guard: new AddressGuard(networks), lookup }))
  } catch (error) {
    if (error instanceof KeypointError) throw error
    if (error instanceof RefusedAddressError || error instanceof RefusedUrlError) return { status: 'failed', sentence: error.message }
    return { status: 'retry', sentence: networkSentence(error, new URL(channel.url)) }
  }
}

/** Time-outs, conflicts, too many requests and faults of the server pass; everything else stays as it is until somebody changes it. */
const passing: readonly number[] = [408, 409, 425, 429]

function outcomeOf(url: string, { status, text, retryAfter }: PostAnswer): Outcome {
  if (status >= 200 && status < 300) return { status: 'sent', sentence: `Accepted with ${status}.` }
  const said = plainText(withoutAddress(text, url), 200)
  const sentence = `Answered with ${status}${said === '' ? '' : `: ${said}`}`
  if (status === 410) return { status: 'failed', sentence, gone: true }
  if (status >= 300 && status < 400) return { status: 'failed', sentence: `${sentence} (a redirect that is not followed; enter the address that it leads to)` }
  if (status < 500 && !passing.includes(status)) return { status: 'failed', sentence }
  const waitMs = status === 429 || status === 503 ? waitAskedMs(retryAfter, new Date()) : null
  return { status: 'retry', sentence, ...(waitMs !== null && { waitMs }) }
}

function networkSentence(error: unknown, url: URL): string {
  const proxy = proxyFor(url)
  const whom = proxy === null ? url.host : `${url.host}, by way of the proxy ${new URL(proxy).host},`
  if (!(error instanceof Error)) return `${whom} could not be reached (${plainText(String(error), 100)}).`
  if (error.name === 'TimeoutError') return `${whom} did not answer in time.`
  // undici calls by one name what the proxy refuses; its message has the status.
  const code = 'code' in error && typeof error.code === 'string' && error.code !== 'UND_ERR_ABORTED' ? error.code : error.message
  const remedy = /CERT|SIGNATURE|ISSUER/.test(code) ? ' A private authority is trusted by way of NODE_EXTRA_CA_CERTS.' : ''
  return `${whom} could not be reached (${plainText(code, 100)}).${remedy}`
}
