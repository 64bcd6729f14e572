import { createDelivery, getChannel, saveChannel, type Queryable, type WaitingMessage } from '@/lib/db'
import type { ChannelInput, ChannelRow, ChannelSecrets } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { newSigningSecret, sealChannel } from './channel-secrets'
import { linksOf } from './links'
import { titleOf } from './outline'
import type { NotifySettings } from './settings'

export interface ChannelForm extends ChannelInput {
  /** Absent for a new one. */
  id?: string
  /** Of a webhook; null leaves a known one as it is. */
  url: string | null
}

/**
 * Saves a channel with its address encrypted. A plain webhook gets a new signing secret with each address.
 * @returns the signing secret when it is new: it cannot be read again.
 * @throws KeypointError as `saveChannel` of lib/db.
 */
export async function keepChannel(
  db: Queryable, viewer: Viewer, { url, ...channel }: ChannelForm, by: string, secrets: readonly string[],
): Promise<{ channel: ChannelRow; signingSecret: string | null }> {
  if (channel.kind === 'email') {
    return { channel: await saveChannel(db, viewer, { ...channel, address: { target: channel.recipients.join(', '), sealed: null } }, by), signingSecret: null }
  }
  if (url === null) return { channel: await saveChannel(db, viewer, channel, by), signingSecret: null }
  const kept: ChannelSecrets = { url, signingSecret: channel.kind === 'webhook' ? newSigningSecret() : null }
  const address = { target: new URL(url).host, sealed: await sealChannel(secrets, kept) }
  return { channel: await saveChannel(db, viewer, { ...channel, address }, by), signingSecret: kept.signingSecret }
}

/** Stores a test message to one channel, whatever it is told of otherwise. Throws KeypointError `not-found`. */
export async function createTest(db: Queryable, viewer: Viewer, channelId: string, by: string, baseUrl: NotifySettings['baseUrl']): Promise<WaitingMessage> {
  const channel = await getChannel(db, viewer, channelId)
  const notice = { event: 'test', sentBy: by, url: linksOf(baseUrl).channels } as const
  return createDelivery(db, { estateId: viewer.estateId, channelId: channel.id, title: titleOf(notice), notices: [notice], status: 'waiting' })
}
