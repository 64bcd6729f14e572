import type { WorkDone } from '@/lib/db'
import { sumOfRequests, type RequestCounts, type ScanProgress, type ScanStage } from '@/lib/domain/scan'

/** Counts of a running scan: this process's own and, where it leads, those of all; `snapshot` is what is stored and shown. */
export class ProgressCounter {
  stage: ScanStage = 'discover'
  subscriptionsTotal: number | null = null
  subscriptionsDone = 0
  resourcesFound = 0
  readsPlanned = 0
  readsDone = 0
  /** What other workers have done, and earlier attempts at the same scan. */
  others: WorkDone = { requests: { total: 0, throttled: 0, retried: 0 }, readsPlanned: 0, readsDone: 0 }

  constructor(private readonly requests: Readonly<RequestCounts>) {}

  own(): WorkDone {
    return { requests: { ...this.requests }, readsPlanned: this.readsPlanned, readsDone: this.readsDone }
  }

  requestsSoFar(): RequestCounts {
    return sumOfRequests(this.requests, this.others.requests)
  }

  snapshot(): ScanProgress {
    return {
      stage: this.stage,
      subscriptionsTotal: this.subscriptionsTotal,
      subscriptionsDone: this.subscriptionsDone,
      resourcesFound: this.resourcesFound,
      readsPlanned: this.readsPlanned + this.others.readsPlanned,
      readsDone: this.readsDone + this.others.readsDone,
      requests: this.requestsSoFar(),
    }
  }
}
