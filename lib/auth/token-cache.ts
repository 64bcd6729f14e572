import type { ICachePlugin } from '@azure/msal-node'
import { sessionAbsoluteSeconds } from './cookies'
import { seal, unseal } from './seal'

/** Where one session's sealed token cache is kept. */
export interface TokenCacheStore {
  load(): Promise<string | null>
  save(sealed: string): Promise<void>
}

/** MSAL's token cache of one session, sealed before it leaves this process. */
export function sealedTokenCache(secrets: readonly string[], store: TokenCacheStore): ICachePlugin {
  return {
    beforeCacheAccess: async (context) => {
      const sealed = await store.load()
      const payload = sealed === null ? null : await unseal(secrets, 'token cache', sealed)
      if (typeof payload?.cache === 'string') context.tokenCache.deserialize(payload.cache)
    },
    afterCacheAccess: async (context) => {
      if (context.cacheHasChanged) await store.save(await seal(secrets, 'token cache', { cache: context.tokenCache.serialize() }, sessionAbsoluteSeconds))
    },
  }
}

/** A store in memory, for tokens that are kept only once it is known whose they are. */
export function memoryStore(): TokenCacheStore & { sealed: string | null } {
  const store: TokenCacheStore & { sealed: string | null } = {
    sealed: null,
    load: async () => store.sealed,
    save: async (sealed) => {
      store.sealed = sealed
    },
  }
  return store
}
