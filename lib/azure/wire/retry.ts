import { RestError, type PipelinePolicy, type PipelineResponse } from '@azure/core-rest-pipeline'
import type { RequestCounts } from '../../domain/scan'
import { readAzureError } from '../errors'
import type { Circuits } from './circuit'
import type { Clock } from './clock'
import type { Limits } from './limits'
import type { Pace } from './pace'
import { bodyOf, isMalformed } from './parse-body'
import { retryAfterMs } from './retry-after'
import { routeOf } from './route'

const firstPauseMs = 500
const longestPauseMs = 30_000
/** A query that is too heavy for Resource Graph fails again and again with 500: ask once more, then let the caller ask for less. */
const heavyAttempts = 2

export interface RetryOptions {
  limits: Limits
  clock: Clock
  counts: RequestCounts
  circuits: Circuits
  pace: Pick<Pace, 'strikesOf'>
  signal?: AbortSignal
  /** 0 to below 1. */
  random(): number
}

/**
 * Tries a request again after 429, 408, 5xx, resets, time-outs and bodies that are no JSON; the last answer stands when the attempts are used up. Where Azure throttles
 * whoever asks, as Resource Graph always does, a 429 is no attempt: what was asked only comes later, by the longest pause at most.
 */
export function retryPolicy({ limits, clock, counts, circuits, pace, signal, random }: RetryOptions): PipelinePolicy {
  const pause = async (attempt: number, response: PipelineResponse | null): Promise<void> => {
    const asked = response === null ? null : retryAfterMs(response.headers, response.bodyAsText, clock.wall())
    const own = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2)
    await clock.sleep(Math.min(asked ?? own, limits.longestPauseMs), signal)
  }
  return {
    name: 'keypointRetryPolicy',
    sendRequest: async (request, next) => {
      request.timeout = limits.attemptTimeoutMs
      let throttledAt: number | null = null
      for (let attempt = 1; ; ) {
        const sentAt = clock.now()
        let response: PipelineResponse | null = null
        try {
          response = await next(request)
          if (response.status === 429) {
            throttledAt ??= sentAt
            const route = routeOf(request.url)
            const { answeredAt, refusedMs } = pace.strikesOf(route)
            const isItsOwn = route.kind !== 'graph' && answeredAt > throttledAt
            if (isItsOwn ? attempt >= limits.attempts : Math.max(refusedMs, clock.now() - throttledAt) >= limits.longestPauseMs) return response
            if (isItsOwn) attempt += 1
            counts.retried += 1
            // The lane waits, for all of its requests together.
            continue
          }
          if (attempt >= attemptsFor(response, limits, request.url) || !circuits.mayRetry(request.url)) return response
        } catch (error) {
          signal?.throwIfAborted()
          if (attempt >= limits.attempts || !(error instanceof RestError) || !circuits.mayRetry(request.url)) throw error
        }
        counts.retried += 1
        await pause(attempt, response)
        attempt += 1
      }
    },
  }
}

function attemptsFor(response: PipelineResponse, limits: Limits, url: string): number {
  const { status } = response
  if (status === 408) return limits.attempts
  if (status >= 500) return status === 500 && routeOf(url).kind === 'graph' ? Math.min(heavyAttempts, limits.attempts) : limits.attempts
  if (status === 409) return isPassingConflict(response) ? limits.attempts : 1
  return isMalformed(response) ? limits.attempts : 1
}

function isPassingConflict(response: PipelineResponse): boolean {
  const { code } = readAzureError(bodyOf(response))
  return code === 'Conflict' || code === 'AnotherOperationInProgress'
}
