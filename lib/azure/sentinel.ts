import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { SentinelOnboarding } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath } from './pages'
import { parseAnswer } from './shape'
import type { Wire } from './wire/wire'

const states = z.object({ value: z.array(z.unknown()) })

/** An empty list, and a subscription that never registered the provider, mean that Sentinel is not there. */
export function parseSentinelOnboarding(status: number, body: unknown): Collected<SentinelOnboarding> {
  const read = parseAnswer(status, body, states)
  if (read.ok) return collected({ onboarded: read.value.value.length > 0 })
  return read.reason === 'unsupported' || read.reason === 'not-onboarded' || read.reason === 'not-supported' ? collected({ onboarded: false }) : read
}

export async function readSentinelOnboarding(wire: Wire, workspaceId: string): Promise<Collected<SentinelOnboarding>> {
  const path = armPath(`${workspaceId}/providers/Microsoft.SecurityInsights/onboardingStates`)
  const answer = await wire.get(`${path}?api-version=${apiVersions.sentinelOnboarding}`)
  return answer.ok ? parseSentinelOnboarding(answer.value.status, answer.value.body) : answer
}
