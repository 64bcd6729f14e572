import type { ChannelSecrets } from '@/lib/domain/notification'
import { AddressGuard, RefusedAddressError } from './address-guard'
import type { Message } from './message'
import type { Outcome } from './outcome'
import { plainText } from './plain-text'
import { post, RefusedUrlError, type PostAnswer, type PostOptions } from './post'
import { signatureHeaders } from './signature'
import { slackBody } from './slack-body'
import { teamsBody } from './teams-body'
import { webhookBody } from './webhook-body'
import { withoutAddress } from './without-address'

const bodies = { webhook: webhookBody, slack: slackBody, teams: teamsBody }

export interface WebhookChannel extends ChannelSecrets {
  kind: keyof typeof bodies
}

/** Posts a message, and says what came of it; errors of the network and of the receiver are outcomes. */
export async function sendWebhook(channel: WebhookChannel, message: Message, networks: readonly string[], lookup?: PostOptions['lookup']): Promise<Outcome> {
  const [notice] = message.notices
  if (notice === undefined) throw new Error('a message without a notice')
  const body = bodies[channel.kind](message, notice)
  const headers = channel.signingSecret === null ? {} : signatureHeaders(channel.signingSecret, message.id, body, new Date())
  try {
    return outcomeOf(channel.url, await post({ url: channel.url, headers, body, guard: new AddressGuard(networks), lookup }))
  } catch (error) {
    if (error instanceof RefusedAddressError || error instanceof RefusedUrlError) return { status: 'failed', sentence: error.message }
    return { status: 'retry', sentence: networkSentence(error, new URL(channel.url).host) }
  }
}

/** Time-outs, conflicts, too many requests and faults of the server pass; everything else stays as it is until somebody changes it. */
const passing: readonly number[] = [408, 409, 425, 429]

function outcomeOf(url: string, { status, text }: PostAnswer): Outcome {
  if (status >= 200 && status < 300) return { status: 'sent', sentence: `Accepted with ${status}.` }
  const said = plainText(withoutAddress(text, url), 200)
  const sentence = `Answered with ${status}${said === '' ? '' : `: ${said}`}`
  if (status === 410) return { status: 'failed', sentence, gone: true }
  if (status >= 300 && status < 400) return { status: 'failed', sentence: `${sentence} (a redirect that is not followed; enter the address that it leads to)` }
  return { status: status >= 500 || passing.includes(status) ? 'retry' : 'failed', sentence }
}

function networkSentence(error: unknown, host: string): string {
  if (!(error instanceof Error)) return `${host}: ${String(error)}`
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `${host} did not answer in time.`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message
  return `${host} could not be reached (${plainText(code, 100)}).`
}
