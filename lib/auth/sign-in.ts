import { CryptoProvider, PromptValue, ResponseMode, type AuthenticationResult, type ICachePlugin } from '@azure/msal-node'
import { z } from 'zod'
import { attemptSeconds } from './cookies'
import { entraClient } from './entra-client'
import { toAppRoles, type AppRole } from './person'
import { safeReturnTo } from './return-to'
import { seal, unseal } from './seal'
import { SignInRefused, toRedirectProblem, toTokenProblem } from './sign-in-problem'
import type { SignInSettings } from './sign-in-settings'

const scanSchema = z.object({
  mode: z.enum(['full', 'incremental']),
  scope: z.object({ subscriptions: z.array(z.string()).optional(), managementGroup: z.string().optional() }),
})

/** What to scan with a person's own rights. */
export type DelegatedScan = z.infer<typeof scanSchema>

const attemptSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  /** Scopes asked for besides the identity itself. */
  scopes: z.array(z.string()),
  /** For delegated access: the session that asked, and the scan to start once it is given. */
  delegation: z.object({ sessionId: z.string(), objectId: z.string(), scan: scanSchema }).nullable(),
})

/** What a browser is on its way to Entra for; kept sealed in its cookie, so that nothing of it can be made up or changed. */
export type SignInAttempt = z.infer<typeof attemptSchema>

/** Who came back from Entra. */
export interface SignedIn {
  tenantId: string
  objectId: string
  name: string
  username: string
  roles: AppRole[]
}

/** Where to send the browser, and the value of the cookie that it must bring back. */
export interface SignInStart {
  url: string
  cookie: string
}

/**
 * Begins the authorization code flow with PKCE, state and nonce.
 * @throws SignInRefused `authority-unreachable` when the authority's metadata cannot be read.
 */
export async function beginSignIn(
  settings: SignInSettings,
  request: Pick<SignInAttempt, 'returnTo' | 'scopes' | 'delegation'> & { loginHint?: string; chooseAccount?: boolean },
): Promise<SignInStart> {
  const provider = new CryptoProvider()
  const { verifier, challenge } = await provider.generatePkceCodes()
  const attempt: SignInAttempt = {
    state: provider.createNewGuid(),
    nonce: provider.createNewGuid(),
    verifier,
    returnTo: safeReturnTo(request.returnTo),
    scopes: request.scopes,
    delegation: request.delegation,
  }
  const url = await withRefusals(() =>
    entraClient(settings).getAuthCodeUrl({
      scopes: attempt.scopes,
      redirectUri: settings.redirectUri,
      responseMode: ResponseMode.QUERY,
      state: attempt.state,
      nonce: attempt.nonce,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      ...(request.loginHint ? { loginHint: request.loginHint } : {}),
      ...(request.chooseAccount ? { prompt: PromptValue.SELECT_ACCOUNT } : {}),
    }),
  )
  return { url, cookie: await seal(settings.secrets, 'sign-in attempt', { attempt }, attemptSeconds) }
}

/**
 * Ends the flow: the answer must belong to the attempt in this browser's cookie, and the identity to this tenant and app.
 * @param cachePlugin where delegated tokens are kept; without it they are dropped.
 * @throws SignInRefused in every other case.
 */
export async function completeSignIn(
  settings: SignInSettings,
  answer: URLSearchParams,
  attempt: SignInAttempt | null,
  cachePlugin?: ICachePlugin,
): Promise<SignedIn> {
  if (attempt === null) throw new SignInRefused({ code: 'attempt-missing', correlationId: null })
  if (answer.get('state') !== attempt.state) throw new SignInRefused({ code: 'state-mismatch', correlationId: null })
  const code = answer.get('code')
  if (code === null) throw new SignInRefused(toRedirectProblem(answer))
  const result = await withRefusals(() =>
    entraClient(settings, cachePlugin).acquireTokenByCode({
      code,
      scopes: attempt.scopes,
      redirectUri: settings.redirectUri,
      codeVerifier: attempt.verifier,
      nonce: attempt.nonce,
    }),
  )
  return toSignedIn(settings, result, attempt.nonce)
}

/** The attempt in the cookie's value; null when there is none, or it expired or was tampered with. */
export async function openAttempt(settings: SignInSettings, cookie: string | null): Promise<SignInAttempt | null> {
  if (cookie === null) return null
  const payload = await unseal(settings.secrets, 'sign-in attempt', cookie)
  return payload === null ? null : attemptSchema.parse(payload.attempt)
}

const claimsSchema = z.object({
  aud: z.string(),
  exp: z.number(),
  nonce: z.string(),
  tid: z.string(),
  oid: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  roles: z.array(z.string()).optional(),
})

/**
 * The identity token comes straight from the token endpoint over TLS, which stands in for its signature
 * (https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation, 6); its claims are checked here.
 */
function toSignedIn(settings: SignInSettings, result: AuthenticationResult, nonce: string): SignedIn {
  const parsed = claimsSchema.safeParse(result.idTokenClaims)
  if (!parsed.success) throw new SignInRefused({ code: 'token-invalid', correlationId: result.correlationId }, { cause: parsed.error })
  const claims = parsed.data
  if (claims.tid.toLowerCase() !== settings.tenantId.toLowerCase()) throw new SignInRefused({ code: 'wrong-tenant', correlationId: result.correlationId })
  if (claims.aud !== settings.clientId || claims.nonce !== nonce || claims.exp * 1000 < Date.now()) {
    throw new SignInRefused({ code: 'token-invalid', correlationId: result.correlationId })
  }
  const username = claims.preferred_username ?? claims.oid
  return { tenantId: claims.tid.toLowerCase(), objectId: claims.oid, name: claims.name ?? username, username, roles: toAppRoles(claims.roles ?? []) }
}

async function withRefusals<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const problem = toTokenProblem(error)
    if (problem === null) throw error
    throw new SignInRefused(problem, { cause: error })
  }
}
