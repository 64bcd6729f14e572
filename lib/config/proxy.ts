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

/** The proxy on the way to a URL; null: it is reached without one, for want of a proxy or by NO_PROXY. */
export function proxyFor(url: URL, env: Environment = process.env): string | null {
  const proxy = proxySetting(env)
  return proxy === null || isBypassed(url, env.NO_PROXY || env.no_proxy || '') ? null : proxy.url
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
