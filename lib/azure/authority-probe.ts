import { proxiedFetch } from './proxied-fetch'

const probeTimeoutMs = 10_000

/**
 * MSAL keeps to itself why it cannot resolve an authority's endpoints, be it an unknown tenant, a certificate or the network.
 * Asks the authority for the same document, and gives the reason as an error; null when the document is there after all.
 */
export async function probeAuthority(authorityHost: string, tenantId: string): Promise<Error | null> {
  const url = `${authorityHost}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`
  try {
    const response = await proxiedFetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) })
    return response.ok ? null : new Error(`HTTP status ${response.status}: ${await response.text()}`)
  } catch (error) {
    return error instanceof Error ? error : new Error('The authority gave no answer.')
  }
}
