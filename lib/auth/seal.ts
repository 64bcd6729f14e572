import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { JWTPayload } from 'jose'

/** What sealed data is for; each purpose has a key of its own, so that one cannot pass for another. */
export type SealPurpose = 'sign-in attempt' | 'session cookie' | 'token cache' | 'notification channel'

/**
 * Encrypts and authenticates a payload (JWE, A256GCM) for `lifetimeSeconds`; null: without an end. Of several secrets the first seals.
 */
export async function seal(secrets: readonly string[], purpose: SealPurpose, payload: JWTPayload, lifetimeSeconds: number | null): Promise<string> {
  const [current] = secrets
  if (!current) throw new Error('sealing needs a secret')
  const token = new EncryptJWT(payload).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
  if (lifetimeSeconds !== null) token.setExpirationTime(new Date(Date.now() + lifetimeSeconds * 1000))
  return token.encrypt(deriveKey(current, purpose))
}

/** The payload if any of the secrets opens it and it has not expired; null for anything else, tampered or foreign. */
export async function unseal(secrets: readonly string[], purpose: SealPurpose, sealed: string): Promise<JWTPayload | null> {
  for (const secret of secrets) {
    try {
      const { payload } = await jwtDecrypt(sealed, deriveKey(secret, purpose), {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      })
      return payload
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
    }
  }
  return null
}

function deriveKey(secret: string, purpose: SealPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `keypoint ${purpose}`, 32))
}
