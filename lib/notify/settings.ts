import type { Config } from '@/lib/config'
import type { CredentialSettings } from './credentials'

/** What sending messages needs of the environment. */
export interface NotifySettings {
  /** The public base URL of the web app, without a slash at its end. */
  baseUrl: string
  /** False: nobody set the URL, and the base URL is a guess that holds on this machine alone. */
  isPublicUrl: boolean
  /** The session secrets, which seal channels: the first seals, all of them unseal. */
  secrets: readonly string[]
  /** Networks in CIDR form that webhooks may lead to though they are not public. */
  networks: readonly string[]
  /** Null: no mail server is configured. */
  mail: MailSettings | null
  /** What signs in, and may expire. */
  credentials: CredentialSettings
}

export interface MailSettings {
  /** `smtp://` (STARTTLS where the server offers it, always with a password) or `smtps://`, with user and password where the server asks for them. */
  smtpUrl: string
  /** The sender, `Keypoint <keypoint@example.com>`. */
  from: string
}

/** The same, as the environment says. */
export function notifySettings(config: Config, secrets: readonly string[]): NotifySettings {
  return { baseUrl: config.url, isPublicUrl: config.isPublicUrl, secrets, networks: config.webhookNetworks, mail: config.mail, credentials: credentialSettings(config) }
}

/** Which of the configured credentials can come to an end. One secret that serves for both is the scanning identity's. */
export function credentialSettings({ identity, clientId, clientSecret, clientCertificatePath, signIn }: Config): CredentialSettings {
  const hasScanningSecret = identity === 'environment' && clientSecret !== null
  const isShared = hasScanningSecret && signIn?.clientId === clientId && signIn.clientSecret === clientSecret
  return { scanning: scanningCredential(identity, hasScanningSecret, clientCertificatePath), hasSignInSecret: signIn !== null && !isShared }
}

/** In the order in which lib/azure chooses among them. */
function scanningCredential(identity: Config['identity'], hasSecret: boolean, certificatePath: string | null): CredentialSettings['scanning'] {
  switch (identity) {
    case 'none': return { kind: 'none' }
    case 'managed-identity': return { kind: 'lasting', how: 'Azure renews the credential of the managed identity by itself.' }
    case 'azure-cli': return { kind: 'lasting', how: 'Azure CLI renews its sign-in as long as its tokens allow; when they end is not known.' }
    case 'environment':
      if (hasSecret) return { kind: 'secret' }
      return certificatePath === null ? { kind: 'lasting', how: 'A federated token needs no secret of its own.' } : { kind: 'certificate', path: certificatePath }
  }
}
