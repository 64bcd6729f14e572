import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { seal, unseal } from '@/lib/auth/seal'
import type { ChannelSecrets } from '@/lib/domain/notification'
import { KeypointError } from '@/lib/errors'

const purpose = 'notification channel'

const shape = z.object({ url: z.string(), signingSecret: z.string().nullable() })

/** Encrypts what must not be readable in the database. It has no end: the first of the session secrets seals, all of them unseal. */
export async function sealChannel(secrets: readonly string[], channel: ChannelSecrets): Promise<string> {
  return seal(secrets, purpose, { ...channel }, null)
}

/** @throws KeypointError `not-configured` when none of the session secrets is the one that sealed it. */
export async function unsealChannel(secrets: readonly string[], sealed: string): Promise<ChannelSecrets> {
  const payload = await unseal(secrets, purpose, sealed)
  if (payload === null) {
    throw new KeypointError('not-configured', 'The address of this channel cannot be decrypted: it was sealed with another session secret.',
      'Give all processes the same KEYPOINT_SESSION_SECRET, or enter the address again.')
  }
  return shape.parse(payload)
}

/** A signing secret in the form of the Standard Webhooks specification. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}
