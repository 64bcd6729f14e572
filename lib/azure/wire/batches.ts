import { randomUUID } from 'node:crypto'
import { createPipelineRequest, RestError, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline'
import { parseBatch } from './batch-answer'
import { BatchSwitch, type BatchMode } from './batch-switch'
import type { Clock } from './clock'
import { parseBody } from './parse-body'
import { LaneClosedError } from './request-lane'
import { retryAfterMs } from './retry-after'
import { settingsAction, type Route } from './route'

const path = '/batch?api-version=2020-06-01'
const readsMost = 20
/** How long the first read waits for others to share its batch. */
const gatherMs = 20
/** Batches begun in a second at most: the envelope may be charged as a write to the tenant, of which there are ten. */
const startEveryMs = 110
const pollsMost = 10
const pollMs = 1_000
const pollMostMs = 30_000

export type Send = (request: PipelineRequest) => Promise<PipelineResponse>

interface Waiting {
  name: string
  request: PipelineRequest
  next: Send
  /** Null: it is to be read singly. */
  resolve(answer: PipelineResponse | null): void
  reject(error: unknown): void
}

/**
 * Sends reads of settings together to ARM's batch endpoint. Each is answered by its own status and headers, which the pipeline judges as it would those of a
 * single read; whatever does not add up is read singly.
 */
export class Batches {
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #nextAt = 0
  readonly #switch: BatchSwitch

  /** @param send paces a request and sends it by `next`. */
  constructor(mode: BatchMode, private readonly clock: Clock, private readonly send: (request: PipelineRequest, next: Send) => Promise<PipelineResponse>, private readonly signal?: AbortSignal) {
    this.#switch = new BatchSwitch(mode)
  }

  /** True for a read that is to be given to `read`. `crowded`: it would wait for a connection, with all in use. */
  takes({ method }: PipelineRequest, { kind, action }: Route, crowded: boolean): boolean {
    if (method !== 'GET' || kind !== 'subscription' || action !== settingsAction || !this.#switch.takes(crowded)) return false
    return this.#waiting.length > 0 || this.clock.now() >= this.#nextAt
  }

  /** A single read that had waited for a connection took so long. */
  noteSingle(ms: number): void {
    this.#switch.single(ms)
  }

  /** The answer from a batch; null: read it singly. */
  read(request: PipelineRequest, next: Send): Promise<PipelineResponse | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ name: randomUUID(), request, next, resolve, reject })
      if (this.#waiting.length >= readsMost) this.#begin()
      else this.#timer ??= setTimeout(() => this.#begin(), gatherMs)
    })
  }

  #begin(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const reads = this.#waiting
    this.#waiting = []
    this.#nextAt = this.clock.now() + startEveryMs
    void this.#answer(reads)
  }

  async #answer(reads: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#ask(reads)
      if (answers === null) this.#switch.surprise()
      for (const [index, { resolve }] of reads.entries()) resolve(answers?.[index] ?? null)
    } catch (error) {
      // No answer to the whole says nothing of any read.
      const unanswered = error instanceof RestError || error instanceof LaneClosedError
      if (unanswered) this.#switch.surprise()
      for (const { resolve, reject } of reads) {
        if (unanswered) resolve(null)
        else reject(error)
      }
    }
  }

  async #ask(reads: readonly Waiting[]): Promise<PipelineResponse[] | null> {
    const [first] = reads
    if (first === undefined) return []
    const startedAt = this.clock.now()
    const { origin } = new URL(first.request.url)
    const body = JSON.stringify({ requests: reads.map(({ name, request }) => ({ httpMethod: 'GET', name, url: request.url.slice(origin.length) })) })
    let response = await this.send(requestLike(first.request, `${origin}${path}`, body), first.next)
    for (let polls = 0; response.status === 202 && polls < pollsMost; polls += 1) {
      const location = response.headers.get('location')
      if (location === undefined || !URL.canParse(location) || new URL(location).origin !== origin) return null
      await this.clock.sleep(Math.min(retryAfterMs(response.headers, null, this.clock.wall()) ?? pollMs, pollMostMs), this.signal)
      response = await this.send(requestLike(first.request, location), first.next)
    }
    if (response.status !== 200) return null
    this.#switch.batch(this.clock.now() - startedAt, reads.length)
    return parseBatch(parseBody(response.bodyAsText), reads)
  }
}

/** A request with the token and the time limit of another. */
function requestLike({ headers, timeout, allowInsecureConnection }: PipelineRequest, url: string, body?: string): PipelineRequest {
  const request = createPipelineRequest({ url, method: body === undefined ? 'GET' : 'POST', body, timeout, allowInsecureConnection })
  for (const name of ['authorization', 'user-agent']) {
    const value = headers.get(name)
    if (value !== undefined) request.headers.set(name, value)
  }
  request.headers.set('accept', 'application/json')
  request.headers.set('x-ms-client-request-id', randomUUID())
  if (body !== undefined) request.headers.set('content-type', 'application/json')
  return request
}
