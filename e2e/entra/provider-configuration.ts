import { interactionPolicy, type Configuration } from 'oidc-provider'
import type { EntraOptions } from './entra-options'

/** oidc-provider set up to look like one Entra tenant with one app registration. */
export function providerConfiguration(options: EntraOptions, tenantPath: string): Configuration {
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  return {
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${options.appUrl}/auth/callback`],
        post_logout_redirect_uris: [`${options.appUrl}/sign-in`],
      },
    ],
    routes: { authorization: '/oauth2/v2.0/authorize', token: '/oauth2/v2.0/token', end_session: '/oauth2/v2.0/logout', jwks: '/discovery/v2.0/keys' },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    scopes: ['openid', 'profile', 'offline_access'],
    claims: { openid: ['sub', 'oid', 'tid', 'ver', 'roles'], profile: ['name', 'preferred_username'] },
    extraParams: ['client_info', 'x-client-SKU', 'x-client-VER', 'x-client-OS', 'x-client-CPU'],
    ttl: { AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 3600, AuthorizationCode: 600, IdToken: 3600, RefreshToken: 86_400, Grant: 86_400, Interaction: 3600, Session: 86_400 },
    issueRefreshToken: () => true,
    interactions: { policy, url: (_ctx, interaction) => `${tenantPath}/login/${interaction.uid}` },
    findAccount: (_ctx, objectId) => {
      const user = options.users.find((one) => one.objectId === objectId)
      if (!user) return undefined
      return {
        accountId: objectId,
        claims: () => ({
          sub: objectId,
          oid: objectId,
          tid: user.tenantId ?? options.tenantId,
          ver: '2.0',
          name: user.name,
          preferred_username: user.username,
          ...(user.roles.length > 0 ? { roles: user.roles } : {}),
        }),
      }
    },
    // Signing in needs no consent, as where an administrator granted it for the tenant; Azure always asks the person.
    loadExistingGrant: async (ctx) => {
      const { Grant } = ctx.oidc.provider
      const clientId = ctx.oidc.client?.clientId ?? ''
      const id = ctx.oidc.result?.consent?.grantId ?? ctx.oidc.session?.grantIdFor(clientId)
      const grant = (id ? await Grant.find(id) : undefined) ?? new Grant({ clientId, accountId: ctx.oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid profile offline_access')
      await grant.save()
      return grant
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `<!doctype html><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? resourceIn(String(ctx.oidc.params?.scope ?? '')) ?? [],
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: `${resource}/.default ${resource}/user_impersonation`,
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: options.azureTokenSeconds ?? 3600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}

/** The resource that a scope such as `https://management.azure.com/.default` belongs to. */
function resourceIn(scopes: string): string | undefined {
  return /(?:^|\s)(https?:\S+?)\/(?:\.default|user_impersonation)(?:\s|$)/.exec(scopes)?.[1]
}
