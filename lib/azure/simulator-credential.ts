import type { AccessToken } from '@azure/core-auth'
import { z } from 'zod'
import { KeypointError } from '../errors'
import type { ForgetfulCredential } from './wire/bearer'

const answer = z.object({ access_token: z.string(), expires_in: z.coerce.number() })
const renewBeforeMs = 60_000

/** Signs in to the simulator as its demo client. `@azure/identity` cannot: it insists on HTTPS. */
export function createSimulatorCredential(url: string, tenantId: string): ForgetfulCredential {
  let cached: AccessToken | null = null
  return {
    async getToken(scopes, options) {
      if (cached !== null && cached.expiresOnTimestamp - Date.now() > renewBeforeMs) return cached
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : null
      const response = await ask(url, tenantId, [scopes].flat().join(' '), signal)
      if (!response.ok) throw new KeypointError('unavailable', `The simulator at ${url} gave no token (${response.status}).`, 'Start it again.')
      const token = answer.parse(await response.json())
      cached = { token: token.access_token, expiresOnTimestamp: Date.now() + token.expires_in * 1000 }
      return cached
    },
    forget() {
      cached = null
    },
  }
}

async function ask(url: string, tenantId: string, scope: string, signal: AbortSignal | null): Promise<Response> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'keypoint-demo', client_secret: 'keypoint-demo', scope })
  try {
    return await fetch(`${url}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body, signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw new KeypointError('unavailable', `The simulator at ${url} does not answer.`, 'Start it again.', { cause: error })
  }
}
