import { fetch as fetchThrough, ProxyAgent } from 'undici'
import { proxyFor } from '../config/proxy'

export type FetchOptions = Pick<RequestInit, 'signal' | 'method'> & { headers?: Record<string, string>; body?: string }
export type Fetched = Pick<Response, 'ok' | 'status' | 'text' | 'json'> & { headers: Iterable<[string, string]> }

/** `fetch` through the proxy of the environment, which that of Node.js does not know of unless it is told so when it starts. */
export async function proxiedFetch(url: string, options: FetchOptions): Promise<Fetched> {
  const proxy = proxyFor(new URL(url))
  if (proxy === null) return await fetch(url, options)
  const dispatcher = new ProxyAgent(proxy)
  try {
    return await fetchThrough(url, { ...options, dispatcher })
  } finally {
    // It closes once the answer is read. What fails by then, its reader is told.
    dispatcher.close().catch(() => undefined)
  }
}
