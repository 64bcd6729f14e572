import type { lookup as systemLookup } from 'node:dns'
import { isIP } from 'node:net'
import { RefusedUrlError } from './refused-url-error'

/** Where names are not resolved here, a resolver may not answer at all. */
const patienceMs = 3_000

/** Names that stand for something inside (https://www.iana.org/assignments/special-use-domain-names, and what is in use besides). */
const inner = /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)$/

/**
 * Checks what can be known of a host that a proxy connects to: an address in the URL, what the name resolves to here, and, where it does not resolve here, the name
 * itself. What the proxy makes of the name only the proxy knows.
 * @param check throws for an address that must not be reached.
 */
export async function checkBehindProxy(url: URL, lookup: typeof systemLookup, check: (address: string) => void): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0) {
    check(host)
    return
  }
  const addresses = await addressesOf(host, lookup)
  for (const address of addresses) check(address)
  if (addresses.length > 0) return
  if (url.protocol === 'http:') throw new RefusedUrlError(`${url.host} is reached without encryption, and its name does not resolve here to show that its network is allowed; write https.`)
  if (!host.includes('.') || inner.test(host)) throw new RefusedUrlError(`${host} is no public name, and does not resolve here to show that its network is allowed.`)
}

/** Empty where the name does not resolve here. */
async function addressesOf(host: string, lookup: typeof systemLookup): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string[]>()
  const timer = setTimeout(() => resolve([]), patienceMs)
  lookup(host, { all: true }, (error, found) => resolve(error === null ? found.map(({ address }) => address) : []))
  return promise.finally(() => clearTimeout(timer))
}
