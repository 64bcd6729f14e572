import type { ReadFailure } from './collected'
import type { Subscription } from './estate'

/** What a scan judges besides stored facts and resources: kept, so that the same can be judged again under another policy. */
export interface JudgingBasis {
  /** When the scan began, ISO 8601 UTC. */
  scannedAt: string
  /** What is judged. `lost`: out of sight as a whole, so that every fact of it is this failure. */
  subscriptions: readonly { subscription: Subscription; lost?: ReadFailure }[]
  /** All in sight with a complete inventory, also outside the scan's scope: an absent id there is deleted. */
  surveyed: readonly Subscription[]
  /** False for a scan of some subscriptions: the settings of the tenant and of management groups are left alone. */
  tenantWide: boolean
}
