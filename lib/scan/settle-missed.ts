import type { Azure } from '@/lib/azure'
import { partsMissed, saveMissed, settlePartMissed, type Database } from '@/lib/db'
import type { MissedCounts } from '@/lib/domain/scan'
import type { Reading } from './reading'
import { readToldChanges } from './told-changes'

/**
 * When all is read: asks the activity logs of the subscriptions where something has changed that had been carried over once more, since it may have changed while they were
 * read, and puts together what no log tells of. There are few of them.
 */
export async function settleMissed(db: Database, azure: Azure, seq: number, reading: Reading, signal: AbortSignal): Promise<MissedCounts> {
  for (const [subscriptionId, noted] of await partsMissed(db, seq)) {
    signal.throwIfAborted()
    const last = reading.of(subscriptionId).before
    const told = last === null ? null : await readToldChanges(db, azure, subscriptionId, last)
    await settlePartMissed(db, seq, subscriptionId, told?.ok === true ? noted.filter((one) => told.value.tells(one)) : null)
  }
  return saveMissed(db, seq)
}
