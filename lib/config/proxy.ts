import { KeypointError } from '../errors'

type Environment = Readonly<Record<string, string | undefined>>

const names = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY'] as const

/** The proxy of the environment: the first that is set of HTTPS_PROXY, ALL_PROXY and HTTP_PROXY, in capitals or not; null: none. */
export function proxySetting(env: Environment = process.env): { name: string; url: string } | null {
  for (const name of names.flatMap((one) => [one, one.toLowerCase()])) {
    const url = env[name]?.trim()
    if (url !== undefined && url !== '') return { name, url }
  }
  return null
}

/**
 * The proxy on the way to a URL; null: it is reached without one, for want of a proxy or by NO_PROXY.
 * @throws KeypointError `not-configured` when the environment names what is no HTTP proxy: the demo starts with it too.
 */
export function proxyFor(url: URL, env: Environment = process.env): string | null {
  const proxy = proxySetting(env)
  if (proxy === null || isBypassed(url, env.NO_PROXY || env.no_proxy || '')) return null
  if (!isProxyUrl(proxy.url)) throw new KeypointError('not-configured', `${proxy.name} is no address of an HTTP proxy.`, `Write it like ${proxyExample}, and start again.`)
  return proxy.url
}

export const proxyExample = 'http://proxy.example.com:8080'

export function isProxyUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

/** NO_PROXY names hosts, each for all below it too, with a port where it holds for that alone; `*` means every host. */
function isBypassed({ hostname, protocol, port }: URL, list: string): boolean {
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return list.toLowerCase().split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true
    const [, host = '', onPort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, '')) ?? []
    return host !== '' && (onPort === undefined || onPort === ownPort) && (hostname === host || hostname.endsWith(`.${host}`))
  })
}
