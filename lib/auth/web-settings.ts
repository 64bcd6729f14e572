import { cloudEndpoints } from '@/lib/azure/clouds'
import { loadWebConfig, type Config } from '@/lib/config'

let loaded: Config | undefined

/** The web process's configuration, read once. */
export function webConfig(): Config {
  loaded ??= loadWebConfig()
  return loaded
}

/** The origin of the sign-in authority, to which a sign-out form may lead; null in the demo. */
export function signInOrigin(): string | null {
  const config = webConfig()
  if (config.demo) return null
  return new URL(config.authorityHost ?? cloudEndpoints(config.cloud).authorityHost).origin
}
