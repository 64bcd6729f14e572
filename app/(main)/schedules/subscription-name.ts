export interface SubscriptionName {
  /** Lower case. */
  subscriptionId: string
  displayName: string
}

/** The name of one that Azure said was deleted, for people. */
export function asDeleted({ subscriptionId, displayName }: SubscriptionName): SubscriptionName {
  return { subscriptionId, displayName: `${displayName} (deleted in Azure)` }
}
