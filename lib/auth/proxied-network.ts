import { AuthError, ClientAuthErrorCodes, type INetworkModule, type NetworkRequestOptions, type NetworkResponse } from '@azure/msal-node'
import { proxiedFetch, type FetchOptions } from '@/lib/azure/proxied-fetch'

const usualTimeoutMs = 30_000

/** How MSAL reaches an authority behind a proxy: its own client knows of none. */
export const proxiedNetwork: INetworkModule = {
  sendGetRequestAsync: <T>(url: string, options?: NetworkRequestOptions, timeoutMs = usualTimeoutMs) => send<T>(url, { method: 'GET', headers: options?.headers }, timeoutMs),
  sendPostRequestAsync: <T>(url: string, options?: NetworkRequestOptions) => send<T>(url, { method: 'POST', headers: options?.headers, body: options?.body ?? '' }, usualTimeoutMs),
}

async function send<T>(url: string, options: FetchOptions, timeoutMs: number): Promise<NetworkResponse<T>> {
  const answer = await proxiedFetch(url, { ...options, signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
    throw new AuthError(ClientAuthErrorCodes.networkError, '', error instanceof Error ? error.message : String(error))
  })
  const body: T = await answer.json().catch(() => {
    throw new AuthError(ClientAuthErrorCodes.tokenParsingError, '', `The authority answered with ${answer.status} and no JSON.`)
  })
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body }
}
