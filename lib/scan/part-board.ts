import type { ClaimedScan } from '@/lib/db'
import type { PartReading } from './part-reading'
import { WorkQueue } from './work-queue'

/** Subscriptions that are read at once: enough to use Azure's limits of each, few enough that the largest are never kept waiting. */
export const subscriptionsAtOnce = 48

/** Where the parts of a scan are given out for reading, in the order in which they should be begun. */
export interface PartBoard {
  /** `again`: the part had been read, and something was added to it. */
  offer(subscriptionId: string, again: boolean): Promise<void>
  /** Resolves when every part that was offered is read; rejects with the first error that fails the scan. */
  finished(): Promise<void>
  /** Nothing more is given out, whatever the end. */
  close(): Promise<void>
}

export type OpenPartBoard = (scan: Pick<ClaimedScan, 'scanId' | 'seq' | 'attempt'>, reading: PartReading) => PartBoard

/** All parts are read by this process. */
export const ownPartBoard: OpenPartBoard = (_, reading) => {
  const queue = new WorkQueue(subscriptionsAtOnce)
  return {
    offer: async (subscriptionId) => queue.add(() => reading.read(subscriptionId)),
    finished: () => queue.idle(),
    close: async () => undefined,
  }
}
