import { setTimeout as pause } from 'node:timers/promises'
import { partStates } from '@/lib/db'
import type { ReadFailure } from '@/lib/domain/collected'
import { loadDestinationInventory } from './destination-inventory'
import type { DestinationReading, NamedBy } from './destination-reading'
import type { Discovered } from './discover'
import type { ScanEstateInput } from './scan-estate'
import { loadSharedFacts, type StoredInput } from './stored-context'
import type { Survey } from './survey'

const lookEveryMs = 1_000

export interface WorkAheadInput {
  input: ScanEstateInput
  found: Discovered
  /** Subscriptions whose inventory could not be read. */
  unreadable: ReadonlyMap<string, ReadFailure>
  destinations: DestinationReading
  named: NamedBy
  survey: Survey
  /** Aborted when all parts are read. */
  ended: AbortSignal
}

/**
 * While the largest subscriptions wait for their buckets, does of the others what would else be done when all are read: reads the destinations that they name,
 * and surveys them. Begins when all is listed, and what is asked for all subscriptions at once is stored.
 */
export async function workAhead({ input, found, unreadable, destinations, named, survey, ended }: WorkAheadInput): Promise<void> {
  const { db, estate, claimed } = input
  // Of a scan of some subscriptions the destinations in the others are listed last.
  if (found.scanned.length < found.visible.length) return
  const stored: StoredInput = {
    db, estateId: estate.estateId, tenantId: estate.tenantId, cloud: estate.cloud, policy: input.policy, catalog: input.catalog, readSeq: claimed.seq, scannedAt: claimed.startedAt,
    visibleSubscriptions: new Set(found.visible.map((s) => s.subscriptionId).filter((id) => !unreadable.has(id))),
    destinationInventory: await loadDestinationInventory(db, estate.estateId),
  }
  const end = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve(), { once: true }))
  const parts = found.scanned.filter(({ subscriptionId }) => !unreadable.has(subscriptionId))
  while (!ended.aborted) {
    const states = await partStates(db, claimed.seq)
    const read = parts.filter(({ subscriptionId }) => states.get(subscriptionId)?.read)
    const fresh = read.filter(({ subscriptionId }) => !survey.has(subscriptionId))
    const left = parts.length - read.length
    // Each round costs a look at what is known of destinations: with half as many parts as are left there are few.
    if (left > 0 && fresh.length * 2 >= left) {
      await destinations.read(named, stored.destinationInventory, new Set())
      await survey.add(stored, await loadSharedFacts(stored), fresh, () => !ended.aborted)
    }
    await Promise.race([pause(lookEveryMs, undefined, { ref: false }), end])
  }
}
