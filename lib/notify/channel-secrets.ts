import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { seal, unseal } from '@/lib/auth/seal'
import { replaceSeal, sealedChannels, type Queryable } from '@/lib/db'
import type { ChannelSecrets } from '@/lib/domain/notification'
import { KeypointError } from '@/lib/errors'

const purpose = 'notification channel'

const shape = z.object({
  url: z.string(), signingSecret: z.string().nullable(), olderSecret: z.object({ secret: z.string(), until: z.string().nullable() }).nullable().default(null),
})

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

/** Seals with the first of the session secrets what an older one sealed, so that the older one can be given up. */
export async function resealChannels(db: Queryable, estateId: number, secrets: readonly string[]): Promise<void> {
  for (const { id, sealed } of await sealedChannels(db, estateId)) {
    if ((await unseal(secrets.slice(0, 1), purpose, sealed)) !== null) continue
    const payload = await unseal(secrets, purpose, sealed)
    if (payload !== null) await replaceSeal(db, id, sealed, await sealChannel(secrets, shape.parse(payload)))
  }
}

/** A signing secret in the form of the Standard Webhooks specification. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}
