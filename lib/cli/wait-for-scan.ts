import { setTimeout as pause } from 'node:timers/promises'
import { getScanProgress, type Database } from '@/lib/db'
import { ProgressPrinter } from './progress-line'

/** Waits until a queued scan has ended or the signal aborts, showing its progress on stderr. */
export async function waitForScan(db: Database, estateId: number, scanId: string, signal: AbortSignal): Promise<void> {
  const printer = new ProgressPrinter()
  while (!signal.aborted) {
    const scan = await getScanProgress(db, { estateId, subscriptions: 'all' }, scanId)
    if (scan.finishedAt !== null) break
    if (scan.progress !== null) printer.show(scan.progress)
    await pause(500)
  }
  printer.end()
}
