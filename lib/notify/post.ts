import { lookup as systemLookup } from 'node:dns'
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { log } from '@/lib/log'
import { RefusedAddressError, type AddressGuard } from './address-guard'

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
}

/** A URL that must not be posted to. Trying again changes nothing. */
export class RefusedUrlError extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'RefusedUrlError'
  }
}

/**
 * Posts JSON to an address that a person entered. Every connection, that of a redirect too, is checked by the address it really leads to, so that neither a
 * name nor a redirect reaches what is not public. Follows 307 and 308 alone: others would turn the message into a request for a page.
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

async function postOnce(url: URL, options: PostOptions, signal: AbortSignal): Promise<PostAnswer & { location: string | null }> {
  const { promise, resolve, reject } = Promise.withResolvers<PostAnswer & { location: string | null }>()
  try {
    const request = open(url, options, signal)
    // Once there is a status, whatever becomes of the body: the message arrived, and must not be sent again.
    let isAnswered = false
    request.on('error', (error) => {
      if (!isAnswered) reject(error)
    })
    request.once('response', (response) => {
      isAnswered = true
      void readStart(response).then((text) => resolve({ status: response.statusCode ?? 0, text, location: response.headers.location ?? null }))
    })
    request.end(options.body)
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)))
  }
  return promise
}

function open(url: URL, { headers, body, guard, lookup = systemLookup }: PostOptions, signal: AbortSignal): ClientRequest {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new RefusedUrlError(`${url.protocol} is not a protocol for webhooks.`)
  const check = (address: string) => {
    if (!guard.permits(address)) throw new RefusedAddressError(url.hostname, address)
    if (url.protocol === 'http:' && !guard.isAllowed(address)) throw new RefusedUrlError(`${url.host} is reached without encryption; write https, or name its network in KEYPOINT_WEBHOOK_NETWORKS.`)
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // Of an address in the URL itself no name is looked up.
  if (isIP(host) !== 0) check(host)
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST', agent: false, signal, lookup: checkedLookup(lookup, check),
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'Keypoint' },
  })
  // Nothing has been written by then, should a connection ever come about in another way.
  request.once('socket', (socket) => {
    socket.once('connect', () => {
      try {
        check(socket.remoteAddress ?? '')
      } catch (error) {
        request.destroy(error instanceof Error ? error : undefined)
      }
    })
  })
  return request
}

/** Resolves a name and checks every address that it has: what was checked is what is connected to. */
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
        callback(refused instanceof Error ? refused : new Error(String(refused)), [])
        return
      }
      const [first] = addresses
      if (options.all === true || first === undefined) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** As much of the body as came, at most `answerMax`: whoever answers without end, or breaks off, is not listened to. */
async function readStart(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  try {
    for await (const chunk of response) {
      text += String(chunk)
      if (text.length >= answerMax) break
    }
  } catch (error) {
    log('debug', 'the body of an answer broke off', { error: String(error) })
  }
  return text.slice(0, answerMax)
}
