import { saveTokenCache, type Database } from '@/lib/db'
import { completeSignIn, type SignInAttempt } from './sign-in'
import { SignInRefused } from './sign-in-problem'
import type { SignInSettings } from './sign-in-settings'
import { memoryStore, sealedTokenCache } from './token-cache'

/**
 * Takes the tokens that a person gave for reading Azure and keeps them, sealed, with the session that asked.
 * @throws SignInRefused also when another person gave them, or the session ended meanwhile.
 */
export async function finishDelegation(db: Database, settings: SignInSettings, answer: URLSearchParams, attempt: SignInAttempt): Promise<void> {
  if (attempt.delegation === null) throw new SignInRefused({ code: 'attempt-missing', correlationId: null })
  const store = memoryStore()
  const giver = await completeSignIn(settings, answer, attempt, sealedTokenCache(settings.secrets, store))
  if (giver.objectId !== attempt.delegation.objectId) throw new SignInRefused({ code: 'other-person', correlationId: null })
  const kept = await saveTokenCache(db, attempt.delegation.sessionId, store.sealed)
  if (!kept) throw new SignInRefused({ code: 'attempt-missing', correlationId: null })
}
