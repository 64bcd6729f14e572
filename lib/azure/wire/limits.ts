import type { BatchMode } from './batch-switch'

/** A token bucket: `burst` at once, `perSecond` afterwards. */
export interface RateLimit {
  burst: number
  perSecond: number
}

/** How long what is out of order is left alone. */
export interface BreakerLimits {
  /** The first rest; each try that fails doubles the next. */
  firstRestMs: number
  /** Failed tries after which nobody waits any more. */
  tries: number
  /** Between two tries from then on; absent: as long as the last rest would have been. */
  givenUpRestMs?: number
}

/** When a subscription counts as out of order. */
export interface CircuitLimits extends BreakerLimits {
  /** So many failures in a row of one kind of request, at so many different resources, make it rest; after `tries` rests it is asked without any. */
  failures: number
  resources: number
  /** What has not worked for so long after the last rest is not asked for any more, though the subscription answers. */
  hopelessAfterMs: number
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
  /** Between two rounds of questions that failed to the end. */
  restMs: number
  circuit: CircuitLimits
  /** For the network as a whole. Its first try is made at once, so that the first rest is twice `firstRestMs`. */
  network: BreakerLimits
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
  restMs: 15_000,
  // More failures than one read makes to its end; a subscription that does not answer is given up after 3 minutes and 45 seconds, the network after 7 and 45.
  circuit: { failures: 12, resources: 4, firstRestMs: 15_000, tries: 4, hopelessAfterMs: 600_000 },
  network: { firstRestMs: 7_500, tries: 6, givenUpRestMs: 30_000 },
  batches: 'measured',
}

/**
 * What other clouds do otherwise. China counts by the hour, 12,000 reads of a subscription: whoever has used them up waits for the next hour.
 * @see https://docs.azure.cn/azure-resource-manager/management/request-limits-and-throttling
 */
export const limitsOfClouds: Readonly<Partial<Record<string, Partial<Limits>>>> = { AzureChinaCloud: { longestPauseMs: 3_900_000 } }
