import { disableChannel, findChannelAtWork, findWaitingDelivery, getEstate, noteOutcome, quietChannel, recordAttempt, type ChannelAtWork, type Database, type WaitingDelivery } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { unsealChannel } from './channel-secrets'
import type { Message } from './message'
import type { Outcome } from './outcome'
import { sendMail } from './send-mail'
import { sendWebhook } from './send-webhook'
import type { NotifySettings } from './settings'

export interface DeliverOptions {
  db: Database
  settings: NotifySettings
  /** After so many attempts a message is given up. */
  attemptsMax: number
}

/** `done`: it was sent, failed for good, or needs no sending any more. Else it is to be tried again, with `at` not before that. */
export type Delivered = 'done' | { retry: true; at: Date | null }

/** Makes one attempt to deliver a waiting message, unless its receiver asked to be left alone, and records what came of it. */
export async function deliver({ db, settings, attemptsMax }: DeliverOptions, deliveryId: string): Promise<Delivered> {
  const delivery = await findWaitingDelivery(db, deliveryId)
  const channel = delivery === null ? null : await findChannelAtWork(db, delivery.channelId)
  if (delivery === null || channel === null) return 'done'
  if (channel.quietUntil !== null) {
    await noteOutcome(db, deliveryId, quietSentence(channel.quietUntil))
    return { retry: true, at: new Date(channel.quietUntil) }
  }
  const outcome = await attempt(db, settings, channel, delivery)
  const { status, sentence, at } = judge(outcome, delivery.attempts + 1, attemptsMax)
  if (outcome.notConfigured === true) await noteOutcome(db, deliveryId, sentence)
  else await recordAttempt(db, deliveryId, status, sentence, outcome.recipientsLeft)
  if (at !== null) await quietChannel(db, channel.id, at)
  if (outcome.gone === true) await disableChannel(db, channel.id, `Its address is gone for good: ${outcome.sentence}`)
  if (status !== 'sent') log('warn', 'a message was not delivered', { deliveryId, channel: channel.name, status, outcome: sentence })
  return status === 'waiting' ? { retry: true, at } : 'done'
}

/** Where the delivery stands after its attempt of that number, in a sentence, and until when the receiver is left alone. */
function judge({ status, sentence, notConfigured, waitMs }: Outcome, attempts: number, attemptsMax: number): { status: 'waiting' | 'sent' | 'failed'; sentence: string; at: Date | null } {
  const at = waitMs === undefined ? null : new Date(Date.now() + waitMs)
  if (status !== 'retry') return { status, sentence, at }
  if (notConfigured !== true && attempts >= attemptsMax) return { status: 'failed', sentence: `${sentence} (given up after ${attempts} attempts)`, at }
  return { status: 'waiting', sentence: at === null ? sentence : `${sentence} ${quietSentence(at.toISOString())}`, at }
}

function quietSentence(until: string): string {
  return `The receiver asked to be left alone until ${until.slice(0, 16).replace('T', ' ')} UTC.`
}

async function attempt(db: Database, settings: NotifySettings, channel: ChannelAtWork, delivery: WaitingDelivery): Promise<Outcome> {
  // A test is how one finds out whether a channel can be switched on again.
  if (!channel.enabled && delivery.notices.some(({ event }) => event !== 'test')) return { status: 'failed', sentence: 'The channel was switched off meanwhile.' }
  const { tenantId, displayName, isDemo } = await getEstate(db, channel.estateId)
  const tenant = { id: tenantId, name: displayName ?? tenantId, demo: isDemo }
  const message: Message = { id: delivery.id, at: delivery.createdAt.toISOString(), tenant, notices: delivery.notices }
  try {
    if (channel.kind === 'email') {
      if (settings.mail === null) return { status: 'retry', notConfigured: true, sentence: 'No mail server is configured: set KEYPOINT_SMTP_URL and KEYPOINT_MAIL_FROM for each worker.' }
      // Whoever was taken from the channel meanwhile gets no mail of it.
      const recipients = delivery.recipientsLeft.length === 0 ? channel.recipients : channel.recipients.filter((one) => delivery.recipientsLeft.includes(one))
      if (recipients.length === 0) return { status: 'failed', sentence: 'Its other recipients were removed from the channel meanwhile.' }
      return await sendMail(settings.mail, recipients, message, settings.baseUrl)
    }
    if (channel.sealed === null) throw new Error('a webhook without an address')
    const secrets = await unsealChannel(settings.secrets, channel.sealed)
    return await sendWebhook({ ...secrets, kind: channel.kind }, message, settings.networks)
  } catch (error) {
    if (error instanceof KeypointError) return { status: 'retry', notConfigured: error.code === 'not-configured', sentence: `${error.message} ${error.remedy}` }
    log('error', 'a message could not be sent', { deliveryId: delivery.id, error: error instanceof Error ? error.stack : String(error) })
    return { status: 'retry', sentence: 'Keypoint could not send it; the log of the worker has more.' }
  }
}
