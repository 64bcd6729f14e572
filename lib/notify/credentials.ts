import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { listSecretExpiry, type Queryable } from '@/lib/db'
import type { SecretOwner } from '@/lib/domain/notification'
import type { Viewer } from '@/lib/domain/viewer'

/** By what Keypoint signs in, as far as it can come to an end. */
export interface CredentialSettings {
  /** What the scanning identity proves itself with. */
  scanning: { kind: 'secret' } | { kind: 'certificate'; path: string } | { kind: 'lasting'; how: string } | { kind: 'none' }
  /** True: people sign in through an app registration with a secret of its own. */
  hasSignInSecret: boolean
}

/** When a credential ends, and how that is known. */
export interface CredentialState {
  /** `certificate`, or whose client secret it is. */
  id: 'certificate' | SecretOwner
  /** As it begins a sentence. */
  name: string
  /** ISO 8601 UTC; null: not known. */
  expiresAt: string | null
  /** Where that is known from, or why it is not; a sentence. It may name a file of the server, which is for those who administer it. */
  source: string
}

const secretNames: Record<SecretOwner, string> = { scanning: 'The client secret of the scanning identity', 'sign-in': 'The client secret of the sign-in app registration' }

/** The credentials that can come to an end. A certificate tells its end; a secret does not, so that a person has to enter it. */
export async function credentialStates(db: Queryable, viewer: Viewer, { scanning, hasSignInSecret }: CredentialSettings): Promise<CredentialState[]> {
  const entered = new Map((await listSecretExpiry(db, viewer)).map((row) => [row.secret, row]))
  const secret = (owner: SecretOwner): CredentialState => {
    const row = entered.get(owner)
    const known = row === undefined ? { expiresAt: null, source: 'A secret does not tell when it expires; an Admin can enter the date that Entra shows.' }
      : { expiresAt: row.expiresAt, source: `Entered by ${row.enteredBy}.` }
    return { id: owner, name: secretNames[owner], ...known }
  }
  return [
    ...(scanning.kind === 'certificate' ? [await certificateState(scanning.path)] : []),
    ...(scanning.kind === 'secret' ? [secret('scanning')] : []),
    ...(hasSignInSecret ? [secret('sign-in')] : []),
  ]
}

/** The first certificate of a PEM file is the one that the identity signs in with; those after it are its issuers. */
async function certificateState(path: string): Promise<CredentialState> {
  const base = { id: 'certificate', name: 'The certificate of the scanning identity' } as const
  try {
    const pem = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/.exec(await readFile(path, 'utf8'))?.[0]
    if (pem === undefined) return { ...base, expiresAt: null, source: `${path} holds no certificate in PEM form.` }
    return { ...base, expiresAt: new Date(new X509Certificate(pem).validTo).toISOString(), source: `Read from ${path}.` }
  } catch (error) {
    return { ...base, expiresAt: null, source: `${path} could not be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
