import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import {
  AzureCliCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from '@azure/identity'
import { proxyFor } from '../config/proxy'
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
 * for what passes: an authority that cannot be reached, is out of order or throttles.
 * @throws KeypointError `not-configured` when the options do not make an identity.
 */
export function createCredential(options: CredentialOptions): ForgetfulCredential {
  let inner = build(options)
  let gaveTokens = false
  return {
    async getToken(scopes: string | string[], tokenOptions?: GetTokenOptions): Promise<AccessToken | null> {
      try {
        const token = await inner.getToken(scopes, tokenOptions)
        gaveTokens ||= token !== null
        return token
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') throw error
        throw toSignInError(await reasonOf(error, options), { ...options, gaveTokens })
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
  // What gives a managed identity its tokens is the machine itself, which no proxy leads to.
  if (kind === 'managed-identity') return new ManagedIdentityCredential({ ...(clientId !== undefined && { clientId }), httpClient: directTo(() => true) })
  if (kind === 'azure-cli') return new AzureCliCredential(tenantId === '' ? {} : { tenantId })
  if (tenantId === '') throw missing('AZURE_TENANT_ID')
  if (clientId === undefined) throw missing('AZURE_CLIENT_ID')
  const common = { authorityHost, disableInstanceDiscovery: authorityIsPrivate, httpClient: directTo((url) => proxyFor(url) === null) }
  if (options.clientSecret !== undefined) return new ClientSecretCredential(tenantId, clientId, options.clientSecret, common)
  if (options.certificatePath !== undefined) {
    return new ClientCertificateCredential(tenantId, clientId, options.certificatePath, { ...common, sendCertificateChain: true })
  }
  if (options.federatedTokenFile !== undefined) {
    return new WorkloadIdentityCredential({ ...common, tenantId, clientId, tokenFilePath: options.federatedTokenFile })
  }
  throw missing('AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE')
}

/** The SDK's client without its proxy where that leads nowhere: the SDK reads NO_PROXY otherwise than all else here does, and knows no host of its own. */
function directTo(isDirect: (url: URL) => boolean): HttpClient {
  const client = createDefaultHttpClient()
  return {
    sendRequest: (request) => {
      if (isDirect(new URL(request.url))) request.agent = undefined
      return client.sendRequest(request)
    },
  }
}

function missing(name: string): KeypointError {
  return new KeypointError('not-configured', `The scanning identity lacks ${name}.`, `Set ${name}, or choose another KEYPOINT_IDENTITY.`)
}
