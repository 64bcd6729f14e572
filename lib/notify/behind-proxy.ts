import type { lookup as systemLookup } from 'node:dns'
import { isIP } from 'node:net'
import { RefusedUrlError } from './refused-url-error'

/** Where names are not resolved here, a resolver may not answer at all. */
const patienceMs = 3_000

/** Names that stand for something inside (https://www.iana.org/assignments/special-use-domain-names, and what is in use besides). */
const inner = /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)$/

/** Resolves wherever public names do. */
const publicName = 'login.microsoftonline.com'

/**
 * Checks what can be known of a host that a proxy connects to: an address in the URL, what the name resolves to here, and, where it does not resolve here, the name
 * itself. What the proxy makes of the name only the proxy knows.
 * @param check throws for an address that must not be reached.
 * @throws RefusedUrlError; an Error where it must resolve here and no resolver says now whether it does, which may pass.
 */
export async function checkBehindProxy(url: URL, lookup: typeof systemLookup, check: (address: string) => void): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0) {
    check(host)
    return
  }
  const addresses = await addressesOf(host, lookup)
  for (const address of addresses ?? []) check(address)
  if (addresses !== null && addresses.length > 0) return
  const refusal = whyNotUnresolved(url, host)
  // A machine that resolves public names hears of each whether it exists; on one that resolves none, all are without an answer.
  if (addresses === null && (refusal !== null || (await resolves(publicName, lookup)))) throw new Error('no resolver says at the moment which addresses the name has')
  if (refusal !== null) throw new RefusedUrlError(refusal)
}

/** Why a URL is not reached where its name does not resolve here; null: it is. */
function whyNotUnresolved(url: URL, host: string): string | null {
  if (url.protocol === 'http:') return `${url.host} is reached without encryption, and its name does not resolve here to show that its network is allowed; write https.`
  return !host.includes('.') || inner.test(host) ? `${host} is no public name, and does not resolve here to show that its network is allowed.` : null
}

async function resolves(host: string, lookup: typeof systemLookup): Promise<boolean> {
  const addresses = await addressesOf(host, lookup)
  return addresses !== null && addresses.length > 0
}

/** Empty where the name does not exist here; null where no answer came, or none that says so (SERVFAIL). */
async function addressesOf(host: string, lookup: typeof systemLookup): Promise<string[] | null> {
  const { promise, resolve } = Promise.withResolvers<string[] | null>()
  const timer = setTimeout(() => resolve(null), patienceMs)
  lookup(host, { all: true }, (error, found) => {
    if (error === null) resolve(found.map(({ address }) => address))
    else resolve(error.code === 'ENOTFOUND' ? [] : null)
  })
  return promise.finally(() => clearTimeout(timer))
}
