import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import type { EntraOptions } from './entra-options'
import { entraText } from './entra-text'
import { respondToInteraction, readForm } from './interaction-page'
import { providerConfiguration } from './provider-configuration'

/** What the next request to an endpoint is answered with instead of the truth. */
export interface InjectedError {
  endpoint: 'authorize' | 'token'
  error: string
  description: string
}

export interface EntraServer {
  /** `https://localhost:PORT`, for AZURE_AUTHORITY_HOST. */
  authorityHost: string
  inject(fault: InjectedError): void
  /** Paths asked for so far, without queries. */
  requests: string[]
  close(): Promise<void>
}

/**
 * A real OpenID Connect provider at Entra's paths: `/{tenant}/v2.0/.well-known/openid-configuration` and
 * `/{tenant}/oauth2/v2.0/authorize|token|logout`, with Entra's claims. Scopes that name another resource
 * (`https://management.azure.com/.default`) need consent and give a token for that resource.
 */
export async function startEntra(options: EntraOptions): Promise<EntraServer> {
  const faults: InjectedError[] = []
  const requests: string[] = []
  const server = createServer(options.certificate)
  const authorityHost = `https://localhost:${await listen(server)}`
  const tenantPath = `/${options.tenantId}`
  const provider = new Provider(`${authorityHost}${tenantPath}/v2.0`, providerConfiguration(options, tenantPath))
  provider.use((ctx, next) => finishTokenAnswer(ctx as KoaContextWithOIDC, next, options))
  const oidc = provider.callback()

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', authorityHost)
    requests.push(url.pathname)
    if (!url.pathname.startsWith(`${tenantPath}/`)) {
      return sendJson(response, 400, { error: 'invalid_tenant', error_description: entraText('AADSTS90002', 'Tenant not found.') })
    }
    const fault = takeFault(faults, url.pathname.slice(tenantPath.length))
    if (fault) return sendFault(fault, url, response)
    if (url.pathname.startsWith(`${tenantPath}/login/`)) return await respondToInteraction(provider, options.users, request, response)
    await toProviderRequest(request, url, tenantPath, options.clientId)
    await oidc(request, response)
  }

  server.on('request', (request, response) => {
    respond(request, response).catch((error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error)))
  })

  return {
    authorityHost,
    inject: (fault) => faults.push(fault),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * Entra's paths to the provider's own. Entra keeps `offline_access` without a consent prompt and comes back from a sign-out
 * without knowing the app; the provider wants one dropped and the other named.
 */
async function toProviderRequest(request: IncomingMessage & { originalUrl?: string; body?: unknown }, url: URL, tenantPath: string, clientId: string): Promise<void> {
  const path = url.pathname.slice(tenantPath.length)
  if (path === '/oauth2/v2.0/logout') url.searchParams.set('client_id', clientId)
  if (path === '/oauth2/v2.0/token') {
    const form = await readForm(request)
    const scope = form.get('scope')
    if (scope !== null) form.set('scope', scope.split(' ').filter((one) => one !== 'offline_access').join(' '))
    request.body = Object.fromEntries(form)
  }
  request.url = `${path === '/v2.0/.well-known/openid-configuration' ? '/.well-known/openid-configuration' : path}${url.search}`
  request.originalUrl = `${tenantPath}${request.url}`
}

/** Adds `client_info`, from which MSAL learns the account, and tells of Azure tokens. */
async function finishTokenAnswer(ctx: KoaContextWithOIDC, next: () => Promise<void>, options: EntraOptions): Promise<void> {
  await next()
  if (ctx.oidc?.route !== 'token' || ctx.status !== 200) return
  const body: Record<string, unknown> = Object(ctx.body)
  const accessToken = ctx.oidc.entities.AccessToken
  const user = options.users.find((one) => one.objectId === accessToken?.accountId)
  if (!accessToken || !user) return
  const info = { uid: user.objectId, utid: user.tenantId ?? options.tenantId }
  ctx.body = { ...body, client_info: Buffer.from(JSON.stringify(info)).toString('base64url') }
  const audience = accessToken.aud
  if (typeof audience === 'string' && typeof body.access_token === 'string') {
    options.onAzureToken?.({ token: body.access_token, user, audience, lifetimeSeconds: accessToken.expiration })
  }
}

function takeFault(faults: InjectedError[], path: string): InjectedError | undefined {
  const at = faults.findIndex((fault) => path === `/oauth2/v2.0/${fault.endpoint}`)
  return at < 0 ? undefined : faults.splice(at, 1)[0]
}

function sendFault(fault: InjectedError, url: URL, response: ServerResponse): void {
  const body = { error: fault.error, error_description: fault.description }
  if (fault.endpoint === 'token') return sendJson(response, 400, body)
  const back = new URL(url.searchParams.get('redirect_uri') ?? '/')
  back.search = new URLSearchParams({ ...body, state: url.searchParams.get('state') ?? '' }).toString()
  response.writeHead(302, { location: back.href }).end()
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, 'localhost', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the sign-in server has no port'))
      else resolve(address.port)
    })
  })
}
