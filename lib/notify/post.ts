import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { unescape } from 'node:querystring'
import { Agent, buildConnector, ProxyAgent, request, type Dispatcher } from 'undici'
import { proxyFor } from '@/lib/config'
import { log } from '@/lib/log'
import { RefusedAddressError, type AddressGuard } from './address-guard'
import { checkBehindProxy } from './behind-proxy'
import { RefusedUrlError } from './refused-url-error'

const usualTimeoutMs = 15_000
const redirectsMax = 3
/** So much of an answer is read, in characters. */
export const answerMax = 4_000

export interface PostOptions {
  url: string
  headers: Record<string, string>
  body: string
  guard: AddressGuard
  /** How host names resolve. */
  lookup?: typeof systemLookup
  /** How long it may take in all; 15 seconds unless told otherwise. */
  timeoutMs?: number
}

export interface PostAnswer {
  status: number
  /** The beginning of the body. */
  text: string
  /** What the header Retry-After says; null: there is none. */
  retryAfter: string | null
}

/**
 * Posts JSON to an address that a person entered. Every connection, that of a redirect too, is checked by the address it really leads to, so that neither a
 * name nor a redirect reaches what is not public; of what a proxy connects to, what can be known here. Follows 307 and 308 alone: others would turn the message into a request for a page.
 * @throws RefusedAddressError, RefusedUrlError, or the network's error.
 */
export async function post(options: PostOptions): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(options.timeoutMs ?? usualTimeoutMs)
  let url = new URL(options.url)
  for (let redirects = 0; ; redirects += 1) {
    const answer = await postOnce(url, options, signal)
    const to = answer.location
    if ((answer.status !== 307 && answer.status !== 308) || to === null) return answer
    if (redirects === redirectsMax) throw new RefusedUrlError(`${url.host} redirects more than ${redirectsMax} times.`)
    const next = URL.canParse(to, url) ? new URL(to, url) : null
    if (next === null || (url.protocol === 'https:' && next.protocol !== 'https:')) throw new RefusedUrlError(`${url.host} redirects to what is no https address.`)
    url = next
  }
}

type OneAnswer = PostAnswer & { location: string | null }

async function postOnce(url: URL, options: PostOptions, signal: AbortSignal): Promise<OneAnswer> {
  const dispatcher = await openWay(url, options)
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher, method: 'POST', signal, body: options.body,
      headers: { ...options.headers, ...basicAuthorization(url), 'content-type': 'application/json', 'user-agent': 'Keypoint' },
    })
    // Whatever becomes of the body: the message arrived, and must not be sent again.
    return { status: statusCode, text: await readStart(body), location: single(headers.location), retryAfter: single(headers['retry-after']) }
  } finally {
    await dispatcher.destroy()
  }
}

/** Connections to what has passed the checks: through the proxy of the environment, or directly. */
async function openWay(url: URL, { guard, lookup = systemLookup }: PostOptions): Promise<Dispatcher> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new RefusedUrlError(`${url.protocol} is not a protocol for webhooks.`)
  const check = (address: string) => {
    if (!guard.permits(address)) throw new RefusedAddressError(url.hostname, address)
    if (url.protocol === 'http:' && !guard.isAllowed(address)) throw new RefusedUrlError(`${url.host} is reached without encryption; write https, or name its network in KEYPOINT_WEBHOOK_NETWORKS.`)
  }
  const proxy = proxyFor(url)
  if (proxy !== null) {
    await checkBehindProxy(url, lookup, check)
    return new ProxyAgent(proxy)
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Of an address in the URL itself no name is looked up.
  if (isIP(host) !== 0) check(host)
  return new Agent({ connect: checkedConnector(lookup, check) })
}

/** Resolves a name and checks every address that it has: what was checked is what is connected to. */
function checkedConnector(lookup: typeof systemLookup, check: (address: string) => void): buildConnector.connector {
  const connect = buildConnector({ lookup: checkedLookup(lookup, check) })
  return (target, callback) => connect(target, (...[error, socket]) => {
    if (error !== null) {
      callback(error, null)
      return
    }
    try {
      // Nothing has been written by then, should a connection ever come about in another way.
      check(socket.remoteAddress ?? '')
      callback(null, socket)
    } catch (refused) {
      socket.destroy()
      callback(asError(refused), null)
    }
  })
}

function checkedLookup(lookup: typeof systemLookup, check: (address: string) => void): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, [])
        return
      }
      try {
        for (const { address } of addresses) check(address)
      } catch (refused) {
        callback(asError(refused), [])
        return
      }
      const [first] = addresses
      if (options.all === true || first === undefined) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** What a URL holds of user and password goes where HTTP wants it. */
function basicAuthorization({ username, password }: URL): { authorization?: string } {
  if (username === '' && password === '') return {}
  return { authorization: `Basic ${Buffer.from(`${unescape(username)}:${unescape(password)}`).toString('base64')}` }
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null
}

/** As much of the body as came, at most `answerMax`: whoever answers without end, or breaks off, is not listened to. */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<string> {
  let text = ''
  body.setEncoding('utf8')
  try {
    for await (const chunk of body) {
      text += String(chunk)
      if (text.length >= answerMax) break
    }
  } catch (error) {
    log('debug', 'the body of an answer broke off', { error: String(error) })
  }
  return text.slice(0, answerMax)
}
