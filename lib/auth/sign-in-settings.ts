import { cloudEndpoints } from '@/lib/azure/clouds'
import { sessionSecretsOf, type Config } from '@/lib/config'
import { isGuid } from '@/lib/domain/guid'
import { KeypointError } from '@/lib/errors'

/** What signing in needs, from the configuration. URLs without trailing slash. */
export interface SignInSettings {
  tenantId: string
  clientId: string
  clientSecret: string
  /** For example `https://login.microsoftonline.com`. */
  authorityHost: string
  /** The tenant at the authority. */
  authority: string
  /** The base URL of this app, to which people come back. */
  baseUrl: string
  redirectUri: string
  /** Scope of an ARM token that acts for the person. */
  armScope: string
  /** First one seals, all unseal. */
  secrets: readonly string[]
}

/**
 * @throws KeypointError `not-configured` when nobody can sign in: the demo, or a tenant given by a domain name, to which
 * the `tid` claim could not be compared.
 */
export function signInSettings(config: Config): SignInSettings {
  if (config.signIn === null || config.tenantId === null) {
    throw new KeypointError('not-configured', 'Nobody can sign in: no sign-in app registration is configured.', 'Set AZURE_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET.')
  }
  if (!isGuid(config.tenantId)) {
    throw new KeypointError('not-configured', `AZURE_TENANT_ID is the name ${config.tenantId}, and sign-in needs the id.`, 'Set AZURE_TENANT_ID to the directory (tenant) ID from the Entra overview page.')
  }
  const { authorityHost, armScope } = cloudEndpoints(config.cloud, {
    ...(config.authorityHost ? { authorityHost: config.authorityHost } : {}),
    ...(config.resourceManagerUrl ? { armEndpoint: config.resourceManagerUrl } : {}),
  })
  return {
    tenantId: config.tenantId,
    clientId: config.signIn.clientId,
    clientSecret: config.signIn.clientSecret,
    authorityHost,
    authority: `${authorityHost}/${config.tenantId}`,
    baseUrl: config.url,
    redirectUri: `${config.url}/auth/callback`,
    armScope,
    secrets: sessionSecretsOf(config),
  }
}
