import { armError, type Answer } from './answer'

/** A bucket holds `burst` requests and gets `perSecond` back. */
export interface BucketSize {
  burst: number
  perSecond: number
}

export interface Limits {
  /** For each principal and subscription. */
  subscriptionReads: BucketSize
  /** For each principal, calls outside a subscription. */
  tenantReads: BucketSize
  /** POSTs at tenant level other than Resource Graph's. */
  tenantWrites: BucketSize
  /** Queries of one principal in a window of `seconds`. */
  resourceGraph: { requests: number; seconds: number }
  /** Limits that providers have of their own, in each subscription, by action in lower case: `microsoft.securityinsights/onboardingstates`. Their periods are not documented. */
  actions: Record<string, { requests: number; seconds: number }>
}

export const armLimits: Limits = {
  subscriptionReads: { burst: 250, perSecond: 25 },
  tenantReads: { burst: 250, perSecond: 25 },
  tenantWrites: { burst: 200, perSecond: 10 },
  resourceGraph: { requests: 15, seconds: 5 },
  actions: {},
}

interface Bucket {
  tokens: number
  at: number
  blockedUntil: number
}

interface Window {
  used: number
  endsAt: number
}

export type Charge = { allowed: true; remaining: number } | { allowed: false; retryAfterSeconds: number }

/** ARM's token buckets. A refusal starts a wait; a request sent before its end is refused and starts a new one. */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>()
  readonly #windows = new Map<string, Window>()

  constructor(
    readonly limits: Limits | null,
    readonly now: () => number,
  ) {}

  charge(scope: string, size: BucketSize): Charge {
    const now = this.now()
    const bucket = this.#buckets.get(scope) ?? { tokens: size.burst, at: now, blockedUntil: 0 }
    this.#buckets.set(scope, bucket)
    bucket.tokens = Math.min(size.burst, bucket.tokens + ((now - bucket.at) / 1000) * size.perSecond)
    bucket.at = now
    if (now >= bucket.blockedUntil && bucket.tokens >= 1) {
      bucket.tokens -= 1
      return { allowed: true, remaining: Math.floor(bucket.tokens) }
    }
    const retryAfterSeconds = Math.max(1, Math.ceil((size.burst / 10 - bucket.tokens) / size.perSecond))
    bucket.blockedUntil = now + retryAfterSeconds * 1000
    return { allowed: false, retryAfterSeconds }
  }

  /** Charges one Resource Graph query, or whatever else is counted by windows; `resetsAfterSeconds` is the time left in the principal's window. */
  chargeQuery(
    principal: string,
    size: Limits['resourceGraph'],
  ): { allowed: boolean; remaining: number; resetsAfterSeconds: number } {
    const now = this.now()
    let window = this.#windows.get(principal)
    if (!window || now >= window.endsAt) {
      window = { used: 0, endsAt: now + size.seconds * 1000 }
      this.#windows.set(principal, window)
    }
    const allowed = window.used < size.requests
    if (allowed) window.used++
    return {
      allowed,
      remaining: size.requests - window.used,
      resetsAfterSeconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
    }
  }
}

export function subscriptionThrottled(subscriptionId: string, method: string, path: string, seconds: number): Answer {
  const operation = `${method}${path.toUpperCase().replaceAll(/\/(SUBSCRIPTIONS|RESOURCEGROUPS)\/[^/]+/g, '/$1')}`
  const message =
    `Number of requests for subscription '${subscriptionId}' and operation '${operation}' exceeded the backend storage limit. ` +
    `Please try again after '${seconds}' seconds.`
  return armError(429, 'SubscriptionRequestsThrottled', message, { 'retry-after': String(seconds) })
}

export function tenantThrottled(tenantId: string, seconds: number): Answer {
  const message = `Number of requests for tenant '${tenantId}' exceeded the backend storage limit. Please try again after '${seconds}' seconds.`
  return armError(429, 'TenantRequestsThrottled', message, { 'retry-after': String(seconds) })
}

/** A provider that refuses by itself. */
export function providerThrottled(action: string, seconds: number): Answer {
  const refusal = armError(429, 'TooManyRequests', `Too many requests for ${action}.`, { 'retry-after': String(seconds) })
  return { ...refusal, headers: { ...refusal.headers, 'x-ms-failure-cause': 'service' } }
}
