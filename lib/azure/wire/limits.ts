import type { BatchMode } from './batch-switch'

/** A token bucket: `burst` at once, `perSecond` afterwards. */
export interface RateLimit {
  burst: number
  perSecond: number
}

/** When a subscription counts as out of order. */
export interface CircuitLimits {
  /** So many failures in a row, of so many different requests, stop it. */
  failures: number
  requests: number
  /** The first pause; each try that fails doubles the next. */
  firstRestMs: number
  /** Failed tries after which it is given up. */
  tries: number
}

export interface Limits {
  /** Reads of one subscription by one principal. */
  subscriptionReads: RateLimit
  tenantReads: RateLimit
  tenantWrites: RateLimit
  resourceGraph: RateLimit
  /** Requests in flight over all lanes: at first, and at most when there is more to ask than room. */
  concurrency: number
  concurrencyMost: number
  /** Attempts for one request, the first included. */
  attempts: number
  attemptTimeoutMs: number
  /** A lane that must rest longer than this fails its reads as throttled at once. */
  longestPauseMs: number
  circuit: CircuitLimits
  /** Whether reads of settings may go in batches. */
  batches: BatchMode
}

/**
 * Azure's documented limits (token buckets since 2024; Resource Graph 15 queries in 5 seconds). The bursts are ten below the
 * documented 250: our bucket begins to refill when the first request is sent, Azure's when it arrives.
 */
export const defaultLimits: Limits = {
  subscriptionReads: { burst: 240, perSecond: 25 },
  tenantReads: { burst: 240, perSecond: 25 },
  tenantWrites: { burst: 190, perSecond: 10 },
  resourceGraph: { burst: 15, perSecond: 3 },
  concurrency: 64,
  concurrencyMost: 256,
  attempts: 5,
  attemptTimeoutMs: 60_000,
  longestPauseMs: 600_000,
  // More failures than one read makes to its end; given up after 3 minutes and 45 seconds.
  circuit: { failures: 12, requests: 4, firstRestMs: 15_000, tries: 4 },
  batches: 'measured',
}
