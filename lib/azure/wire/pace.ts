import { RestError, type PipelinePolicy, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline'
import type { RequestCounts } from '../../domain/scan'
import type { SharedBuckets } from '../../domain/shared-buckets'
import { ActionLimits, isOfAction, remainingOfProvider } from './action-limits'
import { Batches, type Send } from './batches'
import type { Circuits } from './circuit'
import type { Clock } from './clock'
import { Lane } from './lane'
import type { Limits, RateLimit } from './limits'
import { LaneClosedError, type RequestLane } from './request-lane'
import { quotaResetMs, retryAfterMs } from './retry-after'
import { routeOf, settingsAction, type Route } from './route'
import { SharedLane } from './shared-lane'
import { Slots } from './slots'

const remainingHeaders: Record<Route['kind'], readonly string[]> = {
  subscription: ['x-ms-ratelimit-remaining-subscription-reads', 'x-ms-ratelimit-remaining-subscription-global-reads'],
  tenant: ['x-ms-ratelimit-remaining-tenant-reads'],
  writes: ['x-ms-ratelimit-remaining-tenant-writes'],
  graph: ['x-ms-user-quota-remaining', 'x-ms-ratelimit-remaining-tenant-resource-requests'],
}

/** Keeps every request within Azure's limits: a lane for each, rests for single actions, a cap on all together. */
export class Pace {
  #lanes = new Map<string, RequestLane>()
  #shared = new Map<string, SharedLane>()
  /** Of actions by themselves, and of lanes that are not made yet. */
  readonly #actions: ActionLimits
  readonly slots: Slots
  readonly #batches: Batches

  constructor(
    private readonly limits: Limits,
    private readonly clock: Clock,
    private readonly counts: RequestCounts,
    private readonly circuits: Circuits,
    private readonly signal?: AbortSignal,
    /** Where several processes share the limits; `host` tells apart what is asked of different services. */
    private readonly sharing?: { buckets: SharedBuckets; host: string },
  ) {
    this.#actions = new ActionLimits(clock, limits.longestPauseMs)
    this.slots = new Slots(limits.concurrency, Math.max(limits.concurrency, limits.concurrencyMost))
    this.#batches = new Batches(limits.batches, clock, (request, next) => {
      if (request.method === 'POST') this.counts.batches = (this.counts.batches ?? 0) + 1
      return this.#single(request, next, routeOf(request.url))
    }, signal)
    sharing?.buckets.onPause((bucket, ms) => this.#hear(bucket, ms))
  }

  /** How the limit fares that a request is charged to: that of its action where this was throttled by itself. */
  strikesOf(route: Route): RequestLane['strikes'] {
    return (this.#actions.isIdle ? undefined : this.#actions.strikesOf(this.#actionKey(route))) ?? this.#laneOf(route).strikes
  }

  get policy(): PipelinePolicy {
    return {
      name: 'keypointPacePolicy',
      sendRequest: async (request, next) => {
        const route = routeOf(request.url)
        return (this.#batches.takes(request, route, this.slots.crowded) ? await this.#batched(request, next, route) : null) ?? await this.#single(request, next, route)
      },
    }
  }

  /** As a part of a batch, which is charged like a single read and needs no connection of its own; null: the batch did not tell. */
  async #batched(request: PipelineRequest, next: Send, route: Route): Promise<PipelineResponse | null> {
    const lane = this.#laneOf(route)
    await this.#admit(route, lane, false)
    this.counts.total += 1
    try {
      const response = await this.#batches.read(request, next)
      if (response !== null) this.#heed(response, route, lane)
      return response
    } finally {
      lane.settled()
    }
  }

  async #single(request: PipelineRequest, next: Send, route: Route): Promise<PipelineResponse> {
    const lane = this.#laneOf(route)
    const crowded = await this.#admit(route, lane, true)
    const startedAt = this.clock.now()
    const response = await this.#send(request, next, route, lane)
    if (crowded && route.kind === 'subscription') this.#batches.noteSingle(this.clock.now() - startedAt)
    return response
  }

  async #send(
    request: PipelineRequest,
    next: Send,
    route: Route,
    lane: RequestLane,
  ): Promise<PipelineResponse> {
    this.counts.total += 1
    this.counts.mostAtOnce = Math.max(this.counts.mostAtOnce ?? 0, this.slots.inFlight)
    let outcome: 'good' | 'overloaded' | 'unused' = 'overloaded'
    try {
      const response = await next(request)
      if (response.status < 500) outcome = 'good'
      this.#heed(response, route, lane)
      return response
    } catch (error) {
      if (error instanceof RestError && error.code === 'ETIMEDOUT') this.counts.timedOut = (this.counts.timedOut ?? 0) + 1
      throw error
    } finally {
      // A subscription that is out of order must not take the others' room.
      if (outcome === 'overloaded' && this.circuits.inTrouble(route.lane)) outcome = 'unused'
      this.slots.release(outcome)
      lane.settled()
    }
  }

  /**
   * Waits for the action, the lane and (where wanted) a slot; a pause that began meanwhile sends it back to the start. True when it waited for a
   * slot with all in use. What is let through is to be settled.
   */
  async #admit(route: Route, lane: RequestLane, withSlot: boolean): Promise<boolean> {
    for (;;) {
      const restMs = this.#actionRestMs(route)
      const longest = Math.max(restMs, lane.pausedMs())
      if (longest > this.limits.longestPauseMs) throw new LaneClosedError(longest)
      if (restMs > 0) {
        await this.clock.sleep(restMs, this.signal)
        continue
      }
      // Before the lane is asked, so that of many who wait for the action one takes of what the lane has, and not each.
      if (!this.#actions.isIdle) this.#actions.takeTurn(this.#actionKey(route))
      await lane.acquire()
      const waited = withSlot && await this.slots.acquire()
      if (lane.pausedMs() === 0 && (this.#actions.isIdle || !this.#actions.isThrottled(this.#actionKey(route)))) return waited
      if (withSlot) this.slots.release('unused')
      lane.settled()
    }
  }

  /** Learns from an answer, and counts for how much longer it makes others wait. */
  #heed(response: PipelineResponse, route: Route, lane: RequestLane): void {
    const rests = () => lane.pausedMs() + this.#actionRestMs(route)
    const before = rests()
    this.#learn(response, route, lane)
    const longerMs = rests() - before
    if (longerMs > 0) this.counts.pausedMs = (this.counts.pausedMs ?? 0) + Math.round(longerMs)
  }

  #learn(response: PipelineResponse, route: Route, lane: RequestLane): void {
    for (const name of remainingHeaders[route.kind]) {
      const value = response.headers.get(name)
      if (value !== undefined && /^\d+$/.test(value)) lane.remaining(Number(value))
    }
    const resetMs = route.kind === 'graph' ? quotaResetMs(response.headers.get('x-ms-user-quota-resets-after')) : null
    // The action that a lane is there for paces the lane.
    const mayBeOfAction = route.action !== settingsAction && (route.kind === 'subscription' || route.kind === 'tenant')
    const remaining = mayBeOfAction ? remainingOfProvider(response) : null
    if (remaining !== null || !this.#actions.isIdle) this.#actions.remaining(this.#actionKey(route), remaining, response.status === 429)
    if (response.status !== 429) {
      lane.succeeded()
      if (!this.#actions.isIdle) this.#actions.answered(this.#actionKey(route))
      if (resetMs !== null && response.headers.get('x-ms-user-quota-remaining') === '0') lane.rest(resetMs)
      return
    }
    this.counts.throttled += 1
    const waitMs = retryAfterMs(response.headers, response.bodyAsText, this.clock.wall()) ?? resetMs
    if (isOfAction(response, mayBeOfAction)) this.#restAction(route, waitMs)
    else lane.throttled(waitMs)
  }

  #laneOf(route: Route): RequestLane {
    const known = this.#lanes.get(route.lane)
    if (known !== undefined) return known
    const limit = this.#limitOf(route)
    const lane = this.sharing === undefined ? new Lane(limit, this.clock, this.signal, this.limits.longestPauseMs) : this.#sharedLane(route.lane, limit, this.sharing)
    this.#lanes.set(route.lane, lane)
    return lane
  }

  #limitOf({ kind }: Route): RateLimit {
    return { subscription: this.limits.subscriptionReads, tenant: this.limits.tenantReads, writes: this.limits.tenantWrites, graph: this.limits.resourceGraph }[kind]
  }

  #sharedLane(name: string, limit: RateLimit, { buckets, host }: { buckets: SharedBuckets; host: string }): SharedLane {
    const bucket = `${host} ${name}`
    const lane = new SharedLane(bucket, limit, buckets, this.clock, this.signal, this.limits.longestPauseMs)
    this.#shared.set(bucket, lane)
    const restMs = this.#actions.restMs(bucket)
    if (restMs > 0) lane.heard(restMs)
    return lane
  }

  /** A pause that some process began: of a lane, which may be made only later, or of an action. */
  #hear(bucket: string, ms: number): void {
    const lane = this.#shared.get(bucket)
    if (lane === undefined) this.#actions.rest(bucket, ms)
    else lane.heard(ms)
  }

  #actionKey(route: Route): string {
    const key = `${route.lane} ${route.action}`
    return this.sharing === undefined ? key : `${this.sharing.host} ${key}`
  }

  #actionRestMs(route: Route): number {
    return this.#actions.isIdle ? 0 : this.#actions.restMs(this.#actionKey(route))
  }

  #restAction(route: Route, waitMs: number | null): void {
    const key = this.#actionKey(route)
    const restMs = this.#actions.throttled(key, waitMs)
    // Where it cannot be told, the next lease of the lane fails for the same reason.
    this.sharing?.buckets.pause(key, this.#limitOf(route), restMs, false).catch(() => undefined)
  }
}
