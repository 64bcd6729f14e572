/** A token bucket: `burst` at once, `perSecond` afterwards. */
export interface RateLimit {
  burst: number
  perSecond: number
}

export interface Limits {
  /** Reads of one subscription by one principal. */
  subscriptionReads: RateLimit
  tenantReads: RateLimit
  resourceGraph: RateLimit
  /** Most requests in flight over all lanes. */
  concurrency: number
  /** Attempts for one request, the first included. */
  attempts: number
  attemptTimeoutMs: number
  /** A lane that must rest longer than this fails its reads as throttled at once. */
  longestPauseMs: number
}

/**
 * Azure's documented limits (token buckets since 2024; Resource Graph 15 queries in 5 seconds). The bursts are ten below the
 * documented 250: our bucket begins to refill when the first request is sent, Azure's when it arrives.
 */
export const defaultLimits: Limits = {
  subscriptionReads: { burst: 240, perSecond: 25 },
  tenantReads: { burst: 240, perSecond: 25 },
  resourceGraph: { burst: 15, perSecond: 3 },
  concurrency: 64,
  attempts: 5,
  attemptTimeoutMs: 60_000,
  longestPauseMs: 600_000,
}
