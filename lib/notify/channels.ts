import { createDelivery, findChannelAtWork, getChannel, replaceSecrets, saveChannel, type Queryable, type WaitingMessage } from '@/lib/db'
import type { ChannelInput, ChannelRow, ChannelSecrets } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { newSigningSecret, sealChannel, unsealChannel } from './channel-secrets'
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
  const kept: ChannelSecrets = { url, signingSecret: channel.kind === 'webhook' ? newSigningSecret() : null, olderSecret: null }
  const address = { target: new URL(url).host, sealed: await sealChannel(secrets, kept) }
  return { channel: await saveChannel(db, viewer, { ...channel, address }, by), signingSecret: kept.signingSecret }
}

/**
 * Gives a webhook a new signing secret; messages are signed with the one before it too while that is valid.
 * @param hours how long that is; 0: until `endOlderSecret`.
 * @returns the new secret: it cannot be read again.
 * @throws KeypointError `not-found`; `conflict` while an older one is valid, or where the channel is not signed; `not-configured` as `unsealChannel`.
 */
export async function renewSigningSecret(db: Queryable, viewer: Viewer, id: string, hours: number, secrets: readonly string[], now = new Date()): Promise<string> {
  const { sealed, kept, channel } = await openSecrets(db, viewer, id, secrets)
  if (channel.olderSecret !== null) throw new KeypointError('conflict', 'An older signing secret is still valid.', 'End it first: a message is signed with two at most.')
  const until = hours === 0 ? null : new Date(now.getTime() + hours * 3_600_000).toISOString()
  const signingSecret = newSigningSecret()
  await replaceSecrets(db, id, sealed, await sealChannel(secrets, { ...kept, signingSecret, olderSecret: { secret: kept.signingSecret, until } }), { until })
  return signingSecret
}

/** Signs with the newest secret alone from now on. Throws as `renewSigningSecret`, but for an older one that is valid. */
export async function endOlderSecret(db: Queryable, viewer: Viewer, id: string, secrets: readonly string[]): Promise<void> {
  const { sealed, kept } = await openSecrets(db, viewer, id, secrets)
  await replaceSecrets(db, id, sealed, await sealChannel(secrets, { ...kept, olderSecret: null }), null)
}

async function openSecrets(db: Queryable, viewer: Viewer, id: string, secrets: readonly string[]) {
  await getChannel(db, viewer, id)
  const channel = await findChannelAtWork(db, id)
  const kept = channel === null || channel.sealed === null ? null : await unsealChannel(secrets, channel.sealed)
  if (channel === null || channel.sealed === null || kept === null || kept.signingSecret === null) {
    throw new KeypointError('conflict', 'Messages to this channel are not signed.', 'A plain webhook is.')
  }
  return { channel, sealed: channel.sealed, kept: { ...kept, signingSecret: kept.signingSecret } }
}

/** Stores a test message to one channel, whatever it is told of otherwise. Throws KeypointError `not-found`. */
export async function createTest(db: Queryable, viewer: Viewer, channelId: string, by: string, baseUrl: NotifySettings['baseUrl']): Promise<WaitingMessage> {
  const channel = await getChannel(db, viewer, channelId)
  const notice = { event: 'test', sentBy: by, url: linksOf(baseUrl).channels } as const
  return createDelivery(db, { estateId: viewer.estateId, channelId: channel.id, title: titleOf(notice), notices: [notice], status: 'waiting' })
}
