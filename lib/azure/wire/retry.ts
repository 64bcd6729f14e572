import { RestError, type PipelinePolicy, type PipelineResponse } from '@azure/core-rest-pipeline'
import type { RequestCounts } from '../../domain/scan'
import { readAzureError } from '../errors'
import type { Circuits } from './circuit'
import type { Clock } from './clock'
import type { Limits } from './limits'
import { parseBody } from './parse-body'
import { retryAfterMs } from './retry-after'
import { routeOf } from './route'

const firstPauseMs = 500
const longestPauseMs = 30_000
/** A query that is too heavy for Resource Graph fails again and again with 500: ask once more, then let the caller ask for less. */
const heavyAttempts = 2
/** A proxy's page in place of JSON, or half an answer, is seldom a matter of moments. */
const malformedAttempts = 2

export interface RetryOptions {
  limits: Limits
  clock: Clock
  counts: RequestCounts
  circuits: Circuits
  signal?: AbortSignal
  /** 0 to below 1. */
  random(): number
}

/** Tries a request again after 429, 408, 5xx, resets and time-outs; the last answer stands when the attempts are used up. */
export function retryPolicy({ limits, clock, counts, circuits, signal, random }: RetryOptions): PipelinePolicy {
  const pause = async (attempt: number, response: PipelineResponse | null): Promise<void> => {
    // The lane itself waits after a 429, for all of its requests together.
    if (response?.status === 429) return
    const asked = response === null ? null : retryAfterMs(response.headers, response.bodyAsText, clock.wall())
    const own = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2)
    await clock.sleep(Math.min(asked ?? own, limits.longestPauseMs), signal)
  }
  return {
    name: 'keypointRetryPolicy',
    sendRequest: async (request, next) => {
      request.timeout = limits.attemptTimeoutMs
      for (let attempt = 1; ; attempt += 1) {
        let response: PipelineResponse | null = null
        try {
          response = await next(request)
          if (attempt >= attemptsFor(response, limits, request.url) || (response.status !== 429 && !circuits.mayRetry(request.url))) return response
        } catch (error) {
          signal?.throwIfAborted()
          if (attempt >= limits.attempts || !(error instanceof RestError) || !circuits.mayRetry(request.url)) throw error
        }
        counts.retried += 1
        await pause(attempt, response)
      }
    },
  }
}

function attemptsFor(response: PipelineResponse, limits: Limits, url: string): number {
  const { status } = response
  if (status === 429 || status === 408) return limits.attempts
  if (status >= 500) return status === 500 && routeOf(url).kind === 'graph' ? Math.min(heavyAttempts, limits.attempts) : limits.attempts
  if (status === 409) return isPassingConflict(response) ? limits.attempts : 1
  return status === 200 && !looksLikeJson(response) ? Math.min(malformedAttempts, limits.attempts) : 1
}

function isPassingConflict(response: PipelineResponse): boolean {
  const { code } = readAzureError(parseBody(response.bodyAsText))
  return code === 'Conflict' || code === 'AnotherOperationInProgress'
}

/** Cheaper than parsing: an HTML page, an empty body and nearly every cut body fail it. */
function looksLikeJson(response: PipelineResponse): boolean {
  const body = response.bodyAsText?.trim() ?? ''
  return (body.startsWith('{') && body.endsWith('}')) || (body.startsWith('[') && body.endsWith(']'))
}
