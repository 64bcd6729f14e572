import { subscriptionIdOf, type ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'

/** Facts of one reading, as they are kept one by one. */
export interface Collector {
  readonly facts: Fact[]
  keep<S extends FactSource>(subject: ResourceKey, source: S, read: Collected<FactValues[S]>): void
}

/** @param readAt when they were all read, ISO 8601. */
export function collector(readAt: string): Collector {
  const facts: Fact[] = []
  return { facts, keep: (subject, source, read) => void facts.push({ subject, source, subscriptionId: subscriptionIdOf(subject), read, readAt }) }
}
