import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import {
  AzureCliCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity'
import { KeypointError } from '../errors'
import { probeAuthority } from './authority-probe'
import { toSignInError } from './sign-in-error'
import type { ForgetfulCredential } from './wire/bearer'

export interface CredentialOptions {
  kind: 'environment' | 'managed-identity' | 'azure-cli'
  tenantId: string
  clientId?: string
  clientSecret?: string
  /** PEM file with the certificate and its private key. */
  certificatePath?: string
  federatedTokenFile?: string
  /** Base URL of the sign-in authority. */
  authorityHost: string
  /** True: the host is trusted as configured, and no instance discovery is asked of login.microsoftonline.com. */
  authorityIsPrivate: boolean
}

/**
 * The scanning identity. A failed sign-in rejects with a KeypointError that says what to do: `not-configured`, or `unavailable`
 * when the authority cannot be reached.
 * @throws KeypointError `not-configured` when the options do not make an identity.
 */
export function createCredential(options: CredentialOptions): ForgetfulCredential {
  let inner = build(options)
  return {
    async getToken(scopes: string | string[], tokenOptions?: GetTokenOptions): Promise<AccessToken | null> {
      try {
        return await inner.getToken(scopes, tokenOptions)
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') throw error
        throw toSignInError(await reasonOf(error, options), options)
      }
    },
    // The libraries keep tokens to themselves: a new credential is the way to a new token.
    forget() {
      inner = build(options)
    },
  }
}

async function reasonOf(error: unknown, { authorityHost, tenantId }: CredentialOptions): Promise<unknown> {
  const unresolved = error instanceof Error && error.message.includes('endpoints_resolution_error')
  return unresolved ? ((await probeAuthority(authorityHost, tenantId)) ?? error) : error
}

function build(options: CredentialOptions): TokenCredential {
  const { kind, tenantId, clientId, authorityHost, authorityIsPrivate } = options
  if (kind === 'managed-identity') return new ManagedIdentityCredential({ ...(clientId !== undefined && { clientId }), httpClient: pastTheProxy() })
  if (kind === 'azure-cli') return new AzureCliCredential(tenantId === '' ? {} : { tenantId })
  if (tenantId === '') throw missing('AZURE_TENANT_ID')
  if (clientId === undefined) throw missing('AZURE_CLIENT_ID')
  const common = { authorityHost, disableInstanceDiscovery: authorityIsPrivate }
  if (options.clientSecret !== undefined) return new ClientSecretCredential(tenantId, clientId, options.clientSecret, common)
  if (options.certificatePath !== undefined) {
    return new ClientCertificateCredential(tenantId, clientId, options.certificatePath, { ...common, sendCertificateChain: true })
  }
  if (options.federatedTokenFile !== undefined) {
    return new WorkloadIdentityCredential({ ...common, tenantId, clientId, tokenFilePath: options.federatedTokenFile })
  }
  throw missing('AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE')
}

/** What gives a managed identity its tokens is the machine itself: no proxy leads there, though the SDK would ask one. */
function pastTheProxy(): HttpClient {
  const client = createDefaultHttpClient()
  return {
    sendRequest: (request) => {
      request.agent = undefined
      return client.sendRequest(request)
    },
  }
}

function missing(name: string): KeypointError {
  return new KeypointError('not-configured', `The scanning identity lacks ${name}.`, `Set ${name}, or choose another KEYPOINT_IDENTITY.`)
}
