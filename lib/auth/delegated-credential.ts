import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth'
import type { ICachePlugin } from '@azure/msal-node'
import { passingSignInTrouble } from '@/lib/azure/sign-in-error'
import type { Config } from '@/lib/config'
import { findSession, saveTokenCache, type Database } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { entraClient } from './entra-client'
import { toTokenProblem } from './sign-in-problem'
import { signInSettings, type SignInSettings } from './sign-in-settings'
import { sealedTokenCache } from './token-cache'

const startAgain = 'Sign in and start the scan again.'

/**
 * Azure tokens of a signed-in person, from the tokens that the session keeps sealed in the database; refreshed silently.
 * Any process with the database and the session secret can use it. `getToken` throws KeypointError `forbidden` once the
 * person signed out, the session ended or Entra wants the person again, and `unavailable` when Entra cannot be
 * reached, is out of order or throttles.
 */
export function delegatedCredential({ db, config, sessionId }: { db: Database; config: Config; sessionId: string }): TokenCredential {
  const settings = signInSettings(config)
  return {
    getToken: (scopes, options) => acquireToken(db, settings, sessionId, typeof scopes === 'string' ? [scopes] : scopes, options),
  }
}

/** The credential, with the person that it stands for; null: the session has ended, so that it gives no token. */
export async function delegatedAccess(of: { db: Database; config: Config; sessionId: string }): Promise<{ credential: TokenCredential; objectId: string | null }> {
  return { credential: delegatedCredential(of), objectId: (await findSession(of.db, of.sessionId))?.objectId ?? null }
}

/** True when a scan can start with the person's rights at once: a token is there or can be refreshed. */
export async function hasDelegatedToken(db: Database, settings: SignInSettings, sessionId: string): Promise<boolean> {
  try {
    await acquireToken(db, settings, sessionId, [settings.armScope])
    return true
  } catch (error) {
    if (error instanceof KeypointError && error.code === 'forbidden') return false
    throw error
  }
}

/** The session's token cache for MSAL, in the database. */
function sessionTokenCache(db: Database, settings: SignInSettings, sessionId: string): ICachePlugin {
  return sealedTokenCache(settings.secrets, {
    load: async () => (await findSession(db, sessionId))?.tokenCache ?? null,
    save: async (sealed) => {
      await saveTokenCache(db, sessionId, sealed)
    },
  })
}

async function acquireToken(db: Database, settings: SignInSettings, sessionId: string, scopes: string[], options: GetTokenOptions = {}): Promise<AccessToken> {
  const client = entraClient(settings, sessionTokenCache(db, settings, sessionId))
  const [account] = await client.getTokenCache().getAllAccounts()
  if (!account) throw new KeypointError('forbidden', 'There is no access to Azure with the rights of this person: the session has ended, or access was not given.', startAgain)
  try {
    const result = await client.acquireTokenSilent({ account, scopes, ...(options.claims ? { claims: options.claims } : {}) })
    return { token: result.accessToken, expiresOnTimestamp: (result.expiresOn ?? new Date()).getTime() }
  } catch (error) {
    const trouble = passingSignInTrouble(error)
    if (trouble !== null) {
      throw new KeypointError('unavailable', `The sign-in service gives no token at the moment (${trouble}).`, `Try again in some minutes; if it stays so, check the health of ${settings.authorityHost}.`, { cause: error })
    }
    const problem = toTokenProblem(error)
    if (problem === null) throw error
    if (problem.code === 'authority-unreachable') {
      throw new KeypointError('unavailable', `The sign-in server ${settings.authorityHost} cannot be reached.`, 'Check the network of the machine that runs Keypoint.', { cause: error })
    }
    throw new KeypointError('forbidden', `Entra gives no more access with the rights of this person (${problem.code}).`, startAgain, { cause: error })
  }
}
