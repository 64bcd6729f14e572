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
import type { Strikes } from './strikes'

const firstPauseMs = 500
const longestPauseMs = 30_000
/** What Azure asks to wait is spread by so much of it, beside a pause of our own. */
const spread = 0.1
/** A query that is too heavy for Resource Graph fails again and again with 500: ask once more, then let the caller ask for less. */
const heavyAttempts = 2
/** The chance that a request is given up which Azure throttles no more often than the others of its limit. */
const givenUpWrongly = 1e-6

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
 * Tries a request again after 429, 408, 5xx, resets, time-outs and bodies that are no JSON; the last answer stands when the attempts are used up. The more of the
 * others Azure throttles, too, the more often a 429 is tried again, and as Resource Graph always throttles whoever asks: what was asked only comes later, by the
 * longest pause at most.
 */
export function retryPolicy({ limits, clock, counts, circuits, pace, signal, random }: RetryOptions): PipelinePolicy {
  // All that was in flight is asked to wait for the same time, and must not come back in one millisecond, nor spend its attempts at once where that is none at all.
  const pause = async (attempt: number, response: PipelineResponse | null): Promise<void> => {
    const asked = response === null ? null : retryAfterMs(response.headers, response.bodyAsText, clock.wall())
    const own = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2)
    await clock.sleep(Math.min(asked ?? 0, limits.longestPauseMs) * (1 + random() * spread) + own, signal)
  }
  return {
    name: 'keypointRetryPolicy',
    sendRequest: async (request, next) => {
      request.timeout = limits.attemptTimeoutMs
      let throttled: Throttled | null = null
      for (let attempt = 1; ; ) {
        const sentAt = clock.now()
        let response: PipelineResponse | null = null
        try {
          response = await next(request)
          if (response.status === 429) {
            const route = routeOf(request.url)
            const strikes = pace.strikesOf(route)
            throttled = throttledAgain(throttled, strikes, sentAt)
            const most = route.kind === 'graph' ? null : timesThrottled(throttled, strikes, limits.attempts)
            const isOver = most === null ? Math.max(strikes.refusedMs, clock.now() - throttled.since) >= limits.longestPauseMs : throttled.times >= most
            if (isOver) return response
            counts.retried += 1
            // The lane waits, for all of its requests together.
            continue
          }
          if (attempt >= attemptsFor(response, limits, request.url) || !circuits.mayRetry(request.url)) return response
        } catch (error) {
          signal?.throwIfAborted()
          if (!(error instanceof RestError) || !circuits.mayRetry(request.url)) throw error
          if (attempt >= limits.attempts) {
            if (!(await circuits.isNetworkAway(error, next))) throw error
            counts.retried += 1
            // It waits for the network, with all others.
            continue
          }
        }
        counts.retried += 1
        await pause(attempt, response)
        attempt += 1
      }
    },
  }
}

type Counted = Pick<Strikes, 'refusals' | 'answers'>

/** The 429s of one request. */
interface Throttled {
  /** When it was first sent, by the clock. */
  since: number
  times: number
  /** What its limit had counted before the first. */
  others: Counted
}

function throttledAgain(before: Throttled | null, { refusals, answers }: Counted, sentAt: number): Throttled {
  return before === null ? { since: sentAt, times: 1, others: { refusals: refusals - 1, answers } } : { ...before, times: before.times + 1 }
}

/** How often a request may be throttled: until that would be a rare chance, given how the others of its limit fared since the first time. Null: none was answered. */
function timesThrottled({ times, others }: Throttled, { refusals, answers }: Counted, least: number): number | null {
  const answered = answers - others.answers
  if (answered === 0) return null
  const refused = Math.max(0, refusals - others.refusals - times) + 1
  return Math.max(least, Math.ceil(Math.log(givenUpWrongly) / Math.log(refused / (refused + answered))))
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
