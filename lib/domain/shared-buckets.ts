/** A token bucket: `burst` at once, `perSecond` afterwards. */
export interface BucketSize {
  burst: number
  perSecond: number
}

/** Tokens taken together, some of them ahead of their time. */
export interface Lease {
  /** Milliseconds until the first may be used; negative: it could have been used so long ago. */
  firstInMs: number
  /** Milliseconds from one to the next. */
  spacingMs: number
  /** True: nobody else has taken any lately. */
  alone: boolean
}

/**
 * Azure's limits for one principal, shared by all processes that sign in as it. Times are durations, so that the clocks of machines may differ.
 * Everything rejects with a KeypointError `unavailable` while the store is out of reach.
 */
export interface SharedBuckets {
  /** Takes `count` tokens. `unused` of an earlier lease are given back first. */
  lease(bucket: string, size: BucketSize, count: number, unused: number): Promise<Lease>
  /** Nobody may take any for so long; `slower`: Azure refused a request, so that the bucket refills more slowly afterwards. */
  pause(bucket: string, size: BucketSize, ms: number, slower: boolean): Promise<void>
  /** Azure says that no more than so many are left. */
  leave(bucket: string, size: BucketSize, tokens: number): Promise<void>
  /** Calls the listener for every pause, whichever process began it; for those that last already, with the first question. */
  onPause(listener: (bucket: string, ms: number) => void): void
}
