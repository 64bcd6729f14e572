import { enabledChannels, sealedChannels, type Queryable } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { unsealChannel } from './channel-secrets'
import type { NotifySettings } from './settings'

/** Why this process cannot tell every channel as a worker would, in a sentence; null when it can. */
export async function missingToTell(db: Queryable, estateId: number, settings: NotifySettings): Promise<string | null> {
  const channels = await enabledChannels(db, estateId)
  if (channels.length === 0) return null
  if (!settings.isPublicUrl) return 'KEYPOINT_URL is not set, so that links would lead nowhere.'
  if (settings.mail === null && channels.some(({ kind }) => kind === 'email')) return 'No mail server is configured: set KEYPOINT_SMTP_URL and KEYPOINT_MAIL_FROM.'
  const enabled = new Set(channels.map(({ id }) => id))
  try {
    for (const { id, sealed } of await sealedChannels(db, estateId)) if (enabled.has(id)) await unsealChannel(settings.secrets, sealed)
    return null
  } catch (error) {
    if (error instanceof KeypointError) return error.message
    throw error
  }
}
