import { ConfidentialClientApplication, type ICachePlugin } from '@azure/msal-node'
import { proxyFor } from '@/lib/config'
import { proxiedNetwork } from './proxied-network'
import type { SignInSettings } from './sign-in-settings'

/**
 * The sign-in app registration as an MSAL client. The authority's host counts as known, so MSAL asks
 * login.microsoftonline.com for nothing and a private authority is trusted as configured. Each call makes a client of
 * its own: without a cache plugin no person's tokens outlive it.
 */
export function entraClient(settings: SignInSettings, cachePlugin?: ICachePlugin): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: {
      clientId: settings.clientId,
      clientSecret: settings.clientSecret,
      authority: settings.authority,
      knownAuthorities: [new URL(settings.authorityHost).host],
    },
    cache: cachePlugin ? { cachePlugin } : {},
    // MSAL's messages can hold names of people; what goes wrong is thrown as well.
    system: {
      ...(proxyFor(new URL(settings.authorityHost)) !== null && { networkClient: proxiedNetwork }),
      loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false },
    },
  })
}
