import { channelAtWork, disableChannel, findWaitingDelivery, getEstate, noteOutcome, recordAttempt, type ChannelAtWork, type Database, type WaitingDelivery } from '@/lib/db'
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

/**
 * Makes one attempt to deliver a waiting message and records what came of it.
 * @returns `retry` when it should be tried again; `done` when it was sent, failed for good, or needs no sending any more.
 */
export async function deliver({ db, settings, attemptsMax }: DeliverOptions, deliveryId: string): Promise<'done' | 'retry'> {
  const delivery = await findWaitingDelivery(db, deliveryId)
  if (delivery === null) return 'done'
  const channel = await channelAtWork(db, delivery.channelId)
  const outcome = await attempt(db, settings, channel, delivery)
  const isLast = outcome.status === 'retry' && outcome.notConfigured !== true && delivery.attempts + 1 >= attemptsMax
  const status = outcome.status === 'retry' ? (isLast ? 'failed' : 'waiting') : outcome.status
  const sentence = isLast ? `${outcome.sentence} (given up after ${delivery.attempts + 1} attempts)` : outcome.sentence
  if (outcome.notConfigured === true) await noteOutcome(db, deliveryId, sentence)
  else await recordAttempt(db, deliveryId, status, sentence, outcome.recipientsLeft)
  if (outcome.gone === true) await disableChannel(db, channel.id, `Its address is gone for good: ${outcome.sentence}`)
  if (status !== 'sent') log('warn', 'a message was not delivered', { deliveryId, channel: channel.name, status, outcome: sentence })
  return status === 'waiting' ? 'retry' : 'done'
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
