import { secretOwners, type SecretOwner } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'
import type { Queryable } from './client'

export interface SecretExpiryRow {
  secret: SecretOwner
  /** ISO 8601 UTC. */
  expiresAt: string
  enteredBy: string
  enteredAt: string
}

/** The expiry dates that people entered. */
export async function listSecretExpiry(db: Queryable, viewer: Viewer): Promise<SecretExpiryRow[]> {
  const rows = await db.secretExpiry.findMany({ where: { estateId: viewer.estateId }, orderBy: { secret: 'asc' } })
  return rows.flatMap(({ secret, expiresAt, enteredBy, enteredAt }) => {
    const owner = secretOwners.find((one) => one === secret)
    return owner === undefined ? [] : [{ secret: owner, expiresAt: expiresAt.toISOString(), enteredBy, enteredAt: enteredAt.toISOString() }]
  })
}

/** Keeps when a client secret expires; null forgets it. */
export async function setSecretExpiry(db: Queryable, viewer: Viewer, secret: SecretOwner, expiresAt: Date | null, by: string, now = new Date()): Promise<void> {
  const key = { estateId: viewer.estateId, secret }
  if (expiresAt === null) {
    await db.secretExpiry.deleteMany({ where: key })
    return
  }
  const data = { expiresAt, enteredBy: by, enteredAt: now }
  await db.secretExpiry.upsert({ where: { estateId_secret: key }, create: { ...key, ...data }, update: data })
}
