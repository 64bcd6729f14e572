import type { Answer } from './answer'
import { ok } from './answer'
import { isJsonObject } from './json'
import { sameSecret, type TokenStore } from './tokens'

export interface SignInSettings {
  tenantId: string
  baseUrl: string
  /** Secret by client id. */
  clients: Readonly<Record<string, string>>
  tokens: TokenStore
}

/** The part of Entra ID that a scanning identity needs; undefined for paths that are not its own. */
export function answerSignIn(settings: SignInSettings, method: string, url: URL, body: string): Answer | undefined {
  const { pathname } = url
  const token = /^\/([^/]+)\/oauth2\/(?:v2\.0\/)?token$/.exec(pathname)
  if (token && method === 'POST') return tokenAnswer(settings, token[1] ?? '', new URLSearchParams(body))
  const configuration = /^\/([^/]+)\/(?:v2\.0\/)?\.well-known\/openid-configuration$/.exec(pathname)
  if (configuration) return ok(openIdConfiguration(settings, configuration[1] ?? ''))
  if (pathname === '/common/discovery/instance') return ok(instanceDiscovery(settings))
  if (/^\/[^/]+\/discovery\/v2\.0\/keys$/.test(pathname)) return ok({ keys: [] })
  return undefined
}

function tokenAnswer(settings: SignInSettings, tenant: string, form: URLSearchParams): Answer {
  const { tenantId, clients, tokens, baseUrl } = settings
  if (tenant.toLowerCase() !== tenantId.toLowerCase()) {
    return refused(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    )
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return refused(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form.get('grant_type') ?? ''}'.`,
    )
  }
  const clientId = form.get('client_id') ?? ''
  const secret = Object.hasOwn(clients, clientId) ? clients[clientId] : undefined
  if (secret === undefined) {
    return refused(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`,
    )
  }
  const problem = credentialProblem(form, clientId, secret)
  if (problem) return problem
  const audience = (form.get('scope') ?? form.get('resource') ?? baseUrl).replace(/\/?\.default$/, '')
  const accessToken = tokens.issue(clientId, audience, `https://sts.windows.net/${tenantId}/`)
  return ok(
    {
      token_type: 'Bearer',
      expires_in: tokens.lifetimeSeconds,
      ext_expires_in: tokens.lifetimeSeconds,
      access_token: accessToken,
    },
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  )
}

/** A secret is compared; of an assertion only form and issuer are looked at, since its key is known to nobody here. */
function credentialProblem(form: URLSearchParams, clientId: string, secret: string): Answer | undefined {
  const assertion = form.get('client_assertion')
  if (assertion !== null) {
    return isAssertion(assertion)
      ? undefined
      : refused(401, 'invalid_client', 700027, 'Client assertion failed signature validation.')
  }
  const given = form.get('client_secret')
  if (given === null) {
    return refused(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )
  }
  if (sameSecret(given, secret)) return undefined
  const message =
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, ' +
    `for a secret added to app '${clientId}'.`
  return refused(401, 'invalid_client', 7000215, message)
}

function isAssertion(assertion: string): boolean {
  const claims = assertion.split('.')[1]
  if (!claims) return false
  try {
    const read: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString())
    return isJsonObject(read) && typeof read.iss === 'string' && typeof read.sub === 'string'
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Entra's answer in place of a token. */
export function refused(status: number, error: string, code: number, text: string): Answer {
  const trace = '7d3a1c52-0c6b-4d7e-9f0e-3b1e5f8a2c00'
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: trace,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  }
}

function openIdConfiguration({ baseUrl, tenantId }: SignInSettings, tenant: string) {
  return {
    token_endpoint: `${baseUrl}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${baseUrl}/${tenant}/discovery/v2.0/keys`,
    issuer: `${baseUrl}/${tenantId}/v2.0`,
    authorization_endpoint: `${baseUrl}/${tenant}/oauth2/v2.0/authorize`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

function instanceDiscovery({ baseUrl, tenantId }: SignInSettings) {
  const { host } = new URL(baseUrl)
  return {
    tenant_discovery_endpoint: `${baseUrl}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}
