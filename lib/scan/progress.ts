import type { RequestCounts, ScanProgress, ScanStage } from '@/lib/domain/scan'

/** Counts of a running scan; `snapshot` is what is stored and shown. */
export class ProgressCounter {
  stage: ScanStage = 'discover'
  subscriptionsTotal: number | null = null
  subscriptionsDone = 0
  resourcesFound = 0
  readsPlanned = 0
  readsDone = 0

  /** @param before requests of an interrupted attempt at the same scan. */
  constructor(private readonly requests: Readonly<RequestCounts>, private readonly before: Readonly<RequestCounts>) {}

  requestsSoFar(): RequestCounts {
    const { requests, before } = this
    const circuitsOpened = (before.circuitsOpened ?? 0) + (requests.circuitsOpened ?? 0)
    return {
      total: before.total + requests.total, throttled: before.throttled + requests.throttled, retried: before.retried + requests.retried,
      ...(circuitsOpened > 0 && { circuitsOpened }),
    }
  }

  snapshot(): ScanProgress {
    return {
      stage: this.stage,
      subscriptionsTotal: this.subscriptionsTotal,
      subscriptionsDone: this.subscriptionsDone,
      resourcesFound: this.resourcesFound,
      readsPlanned: this.readsPlanned,
      readsDone: this.readsDone,
      requests: this.requestsSoFar(),
    }
  }
}
