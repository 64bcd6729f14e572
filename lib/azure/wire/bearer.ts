import type { AccessToken, TokenCredential } from '@azure/core-auth'
import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import { KeypointError } from '../../errors'
import type { Clock } from './clock'
import { ForeignHostError } from './foreign-host-error'

/** A credential that can be told to drop its cached tokens, so that the next one is fresh. */
export interface ForgetfulCredential extends TokenCredential {
  forget(): void
}

const renewBeforeMs = 5 * 60_000

/** Gives the current token, asking for a new one shortly before it expires; concurrent callers share one question. */
class TokenSource {
  #token: AccessToken | null = null
  #pending: Promise<AccessToken> | null = null

  constructor(
    private readonly credential: TokenCredential,
    private readonly scope: string,
    private readonly clock: Clock,
    private readonly signal?: AbortSignal,
  ) {}

  async current(): Promise<string> {
    const token = this.#token
    const leftMs = token === null ? 0 : token.expiresOnTimestamp - this.clock.now()
    if (token !== null && leftMs > renewBeforeMs) return token.token
    try {
      return await this.#renew(undefined)
    } catch (error) {
      // A moment without network must not end a scan whose token is good for minutes.
      if (token !== null && leftMs > 0 && error instanceof KeypointError && error.code === 'unavailable') return token.token
      throw error
    }
  }

  /** Called after a 401: a token that somebody has renewed meanwhile will do. */
  async renewed(refused: string, claims: string | undefined): Promise<string> {
    if (this.#token !== null && this.#token.token !== refused) return await this.current()
    if (this.#pending === null && isForgetful(this.credential)) this.credential.forget()
    return await this.#renew(claims)
  }

  async #renew(claims: string | undefined): Promise<string> {
    this.#pending ??= this.#ask(claims).finally(() => { this.#pending = null })
    return (await this.#pending).token
  }

  async #ask(claims: string | undefined): Promise<AccessToken> {
    const token = await this.credential.getToken(this.scope, { abortSignal: this.signal, claims, enableCae: true })
    if (token === null) throw new KeypointError('not-configured', 'The identity gave no token for Azure.', 'Check the scanning identity with keypoint doctor.')
    this.#token = token
    return token
  }
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
  signal?: AbortSignal
}

/** Adds the token, for the ARM endpoint alone, and renews it once when it is refused. */
export function bearerPolicy({ endpoint, scope, credential, clock, signal }: BearerOptions): PipelinePolicy {
  const origin = new URL(endpoint).origin
  const tokens = new TokenSource(credential, scope, clock, signal)
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
