import type { PipelineResponse } from '@azure/core-rest-pipeline'
import type { Clock } from './clock'
import { Strikes } from './strikes'

/** What a provider has left of a limit of its own; the last names several, `Microsoft.Compute/LowCostGet3Min;3999,Microsoft.Compute/LowCostGet30Min;31999`. */
const remainingHeaders = [
  'x-ms-ratelimit-remaining-subscription-resource-requests',
  'x-ms-ratelimit-remaining-subscription-resource-entities-read',
  'x-ms-ratelimit-remaining-tenant-resource-requests',
  'x-ms-ratelimit-remaining-tenant-resource-entities-read',
  'x-ms-ratelimit-remaining-resource',
] as const

/** Between two requests of an action that has nothing left, since no header tells when it has: at first and after a 429, and at least where each is answered all the same. */
const spentMs = 5_000
const spentLeastMs = 100

interface Spent {
  /** When the next request may be sent. */
  nextAt: number
  everyMs: number
  /** True: one was sent to find out. */
  isTried: boolean
}

/** The least that an answer shows to be left of a provider's own limits; null: it shows none. */
export function remainingOfProvider({ headers }: Pick<PipelineResponse, 'headers'>): number | null {
  const shown = remainingHeaders.flatMap((name) => headers.get(name)?.split(',') ?? []).flatMap((part) => /^(?:.*;)?\s*(\d+)\s*$/.exec(part)?.[1] ?? [])
  return shown.length === 0 ? null : Math.min(...shown.map(Number))
}

/**
 * True for a 429 that has to do with a single action alone and not with what else is asked of the subscription: it names it.
 * @param byProvider also where it comes from the provider and not from ARM.
 */
export function isOfAction(refusal: PipelineResponse, byProvider: boolean): boolean {
  if (/for action '/i.test(refusal.bodyAsText ?? '')) return true
  return byProvider && (refusal.headers.get('x-ms-failure-cause')?.toLowerCase() === 'service' || remainingOfProvider(refusal) !== null)
}

/** Rests by name: of actions that have limits of their own, and of whatever else is heard to rest. */
export class ActionLimits {
  readonly #rests = new Map<string, number>()
  readonly #strikes = new Map<string, Strikes>()
  readonly #spent = new Map<string, Spent>()

  /** @param longestPauseMs no rest is longer for its repetition alone. */
  constructor(private readonly clock: Clock, private readonly longestPauseMs: number) {}

  /** True: nothing has ever rested. */
  get isIdle(): boolean {
    return this.#rests.size === 0 && this.#spent.size === 0
  }

  restMs(name: string): number {
    return Math.max(0, Math.max(this.#rests.get(name) ?? 0, this.#spent.get(name)?.nextAt ?? 0) - this.clock.now())
  }

  rest(name: string, ms: number): void {
    this.#rests.set(name, Math.max(this.#rests.get(name) ?? 0, this.clock.now() + ms))
  }

  /** True while it rests because of a 429. */
  isThrottled(name: string): boolean {
    return (this.#rests.get(name) ?? 0) > this.clock.now()
  }

  /** A request that rested goes: of what has nothing left no other goes with it. */
  takeTurn(name: string): void {
    const spent = this.#spent.get(name)
    if (spent !== undefined) this.#spent.set(name, { ...spent, nextAt: this.clock.now() + spent.everyMs, isTried: true })
  }

  /** Azure throttled the action. Returns for how long it rests, which grows where it is throttled again and again. */
  throttled(name: string, waitMs: number | null): number {
    const strikes = this.#strikes.get(name) ?? new Strikes(this.clock, this.longestPauseMs)
    this.#strikes.set(name, strikes)
    const ms = strikes.struck(waitMs, (this.#rests.get(name) ?? 0) <= this.clock.now()) ?? 0
    this.rest(name, ms)
    return ms
  }

  /** How an action fares that was ever throttled. */
  strikesOf(name: string): Strikes | undefined {
    return this.#strikes.get(name)
  }

  answered(name: string): void {
    this.#strikes.get(name)?.succeeded()
  }

  /**
   * @param count what an answer shows to be left of the action's limits; null: nothing.
   * @param refused true for a 429.
   */
  remaining(name: string, count: number | null, refused: boolean): void {
    if (count !== 0) {
      this.#spent.delete(name)
      return
    }
    const before = this.#spent.get(name)
    // What answers with nothing left fills up as fast as it is asked, or shows another thing than was thought.
    const everyMs = before === undefined || refused ? spentMs : before.isTried ? Math.max(spentLeastMs, before.everyMs / 2) : before.everyMs
    this.#spent.set(name, { nextAt: this.clock.now() + everyMs, everyMs, isTried: false })
  }
}
