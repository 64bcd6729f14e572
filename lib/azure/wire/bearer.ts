import type { AccessToken, TokenCredential } from '@azure/core-auth'
import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import type { RequestCounts } from '../../domain/scan'
import { KeypointError } from '../../errors'
import { AzureAwayError } from '../azure-away-error'
import type { Clock } from './clock'
import { ForeignHostError } from './foreign-host-error'

/** A credential that can be told to drop its cached tokens, so that the next one is fresh. */
export interface ForgetfulCredential extends TokenCredential {
  forget(): void
}

const renewBeforeMs = 5 * 60_000
/** Between two tries to get a token before the old one has expired. */
const renewEveryMs = 15_000
/** A token that was renewed after a refusal, and is refused again within this time, is refused for what is asked: so would be any other. */
const refusedAgainMs = 60_000
/** A scan that goes on waits for the sign-in service; one that begins is told soon. */
const attemptsAtFirst = 5
const firstPauseMs = 500
const longestPauseMs = 30_000

/** Gives the current token, asking for a new one shortly before it expires; concurrent callers share one question. */
class TokenSource {
  #token: AccessToken | null = null
  #pending: Promise<string> | null = null
  #ahead: Promise<unknown> | null = null
  #nextTryAt = 0
  /** Questions so far, and which of them gave the token: an answer that comes after that of a later question is an old one. */
  #asked = 0
  #answered = 0
  /** The last renewal after a refusal. */
  #renewal: { claims: string | undefined; at: number } | null = null

  constructor(
    private readonly credential: TokenCredential,
    private readonly scope: string,
    private readonly clock: Clock,
    /** How long a scan waits when its token has expired. */
    private readonly patienceMs: number,
    private readonly counts: RequestCounts,
    private readonly signal?: AbortSignal,
  ) {}

  async current(): Promise<string> {
    const token = this.#token
    const leftMs = token === null ? 0 : token.expiresOnTimestamp - this.clock.wall()
    if (token === null || leftMs <= 0) return await this.#renew(undefined)
    if (leftMs <= renewBeforeMs) this.#renewAhead()
    return token.token
  }

  /** Called after a 401: a token that somebody has renewed meanwhile will do. */
  async renewed(refused: string, claims: string | undefined): Promise<string> {
    if (this.#token !== null && this.#token.token !== refused) return await this.current()
    const lately = this.#renewal !== null && this.#renewal.claims === claims && this.clock.now() - this.#renewal.at < refusedAgainMs
    if (lately) return refused
    if (this.#pending === null && isForgetful(this.credential)) this.credential.forget()
    // What it asks for may be refused, too.
    this.#ahead = null
    const token = await this.#renew(claims)
    this.#renewal = { claims, at: this.clock.now() }
    return token
  }

  /** Whatever is in the way of a new token, the old one is good: nobody waits, and it is tried again. */
  #renewAhead(): void {
    if (this.#pending !== null || this.#ahead !== null || this.clock.now() < this.#nextTryAt) return
    this.#nextTryAt = this.clock.now() + renewEveryMs
    this.#ahead = this.#ask(undefined).catch(() => undefined).finally(() => { this.#ahead = null })
  }

  async #renew(claims: string | undefined): Promise<string> {
    this.#pending ??= this.#askPatiently(claims).finally(() => { this.#pending = null })
    return await this.#pending
  }

  async #askPatiently(claims: string | undefined): Promise<string> {
    const deadline = this.clock.now() + this.patienceMs
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#ask(claims)
      } catch (error) {
        const goesOn = this.#token === null ? attempt < attemptsAtFirst : this.clock.now() < deadline
        if (!(error instanceof KeypointError) || error.code !== 'unavailable') throw error
        if (!goesOn) throw new AzureAwayError(error.message, error.remedy, { cause: error })
        await this.clock.sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)), this.signal)
      }
    }
  }

  async #ask(claims: string | undefined): Promise<string> {
    const question = (this.#asked += 1)
    const token = await untilAborted(this.credential.getToken(this.scope, { abortSignal: this.signal, claims, enableCae: true }), this.signal)
    if (token === null) throw new KeypointError('not-configured', 'The identity gave no token for Azure.', 'Check the scanning identity with keypoint doctor.')
    if (question > this.#answered) {
      this.#answered = question
      if (this.#token !== null) this.counts.tokensRenewed = (this.counts.tokensRenewed ?? 0) + 1
      this.#token = token
    }
    return token.token
  }
}

/** Not every library that signs in stops when it is told to. */
async function untilAborted<T>(asked: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await asked
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return await Promise.race([asked, promise]).finally(() => signal.removeEventListener('abort', abort))
}

function isForgetful(credential: TokenCredential): credential is ForgetfulCredential {
  return 'forget' in credential && typeof credential.forget === 'function'
}

/** The claims that Azure demands in its challenge (conditional access, revoked sessions), decoded; undefined when it demands none. */
export function claimsOf(challenge: string | undefined): string | undefined {
  const encoded = /claims="([^"]+)"/i.exec(challenge ?? '')?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

export interface BearerOptions {
  endpoint: string
  scope: string
  credential: TokenCredential
  clock: Clock
  /** How long a scan waits for a new token when the old one has expired. */
  patienceMs: number
  counts: RequestCounts
  signal?: AbortSignal
}

/** Adds the token, for the ARM endpoint alone, and renews it once when it is refused. */
export function bearerPolicy({ endpoint, scope, credential, clock, patienceMs, counts, signal }: BearerOptions): PipelinePolicy {
  const origin = new URL(endpoint).origin
  const tokens = new TokenSource(credential, scope, clock, patienceMs, counts, signal)
  return {
    name: 'keypointBearerPolicy',
    sendRequest: async (request, next) => {
      if (new URL(request.url).origin !== origin) throw new ForeignHostError(request.url)
      const token = await tokens.current()
      request.headers.set('authorization', `Bearer ${token}`)
      const response = await next(request)
      if (response.status !== 401) return response
      const renewed = await tokens.renewed(token, claimsOf(response.headers.get('www-authenticate')))
      request.headers.set('authorization', `Bearer ${renewed}`)
      return await next(request)
    },
  }
}
