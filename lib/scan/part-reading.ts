import type { Azure } from '@/lib/azure'
import { loadCatalog } from '@/lib/catalog'
import { findLedScan, loadFactsBySource, newWorker, partStates, savePartRead, saveWorkDone, type ClaimedScan, type Database } from '@/lib/db'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import { repeatEvery } from '@/lib/repeat-every'
import { CategoryLists } from './category-lists'
import { SubscriptionReader, type CollectDeps } from './collect-subscription'
import { Listing } from './listing'
import { effectivePolicy } from './effective-policy'
import { ProgressCounter } from './progress'
import { planReading, type FullReads, type Reading } from './reading'

const reportEveryMs = 1_000
/** So often what other workers were told of categories is looked up, at most. */
const listsEveryMs = 2_000

/** How one process reads parts of a scan: all of them, or those that it takes from a queue. */
export class PartReading {
  private listsAt = performance.now()

  constructor(readonly deps: CollectDeps, readonly reading: Reading, readonly listing: Listing, private readonly saveOwn: () => Promise<void>) {}

  /** Reads a subscription's evidence to the end. */
  async read(subscriptionId: string): Promise<void> {
    const { db, seq } = this.deps
    const reader = new SubscriptionReader(subscriptionId, this.deps, this.reading.of(subscriptionId))
    await reader.read(this.listing)
    // What it took is counted before anyone can take the scan for finished.
    await this.count()
    await savePartRead(db, seq, subscriptionId, reader.carriesOver)
  }

  /** Takes over the category lists that other workers have got meanwhile, so that fewer are asked for twice. */
  async takeOverLists(): Promise<void> {
    if (performance.now() - this.listsAt < listsEveryMs) return
    this.listsAt = performance.now()
    const { db, estateId, seq, categories } = this.deps
    categories.remember(await loadFactsBySource(db, estateId, 'log-categories', seq))
  }

  /** Stores what this process has done for the scan. */
  async count(): Promise<void> {
    await this.saveOwn()
  }

  /** True while more parts at once would read nothing faster. */
  isBusy(): boolean {
    return this.deps.azure.isBusy()
  }
}

export interface PartReadingInput {
  db: Database
  azure: Azure
  estateId: number
  scan: Pick<ClaimedScan, 'seq' | 'mode' | 'startedAt'>
  policy: FullReads
  catalog: LogCatalog
  progress: ProgressCounter
  signal: AbortSignal
}

export async function openPartReading({ db, azure, estateId, scan, policy, catalog, progress, signal }: PartReadingInput, listing: Listing, saveOwn: () => Promise<void>): Promise<PartReading> {
  const now = () => new Date().toISOString()
  const reading = await planReading(db, estateId, scan, policy)
  const categories = new CategoryLists((resource) => azure.readLogCategories(resource), now)
  categories.askFirst(await loadFactsBySource(db, estateId, 'log-categories', 1))
  // A scan that was interrupted goes on: what it has read is not read again.
  categories.remember(await loadFactsBySource(db, estateId, 'log-categories', reading.incremental ? 1 : scan.seq))
  const deps: CollectDeps = {
    db, azure, categories, now, signal, estateId, seq: scan.seq, catalog,
    onPlanned: (reads) => (progress.readsPlanned += reads),
    onDone: (reads) => (progress.readsDone += reads),
  }
  return new PartReading(deps, reading, listing, saveOwn)
}

export interface JoinScanOptions {
  db: Database
  azure: Azure
  estateId: number
  scanId: string
  policyPath: string | null
  /** Ends the helper's reading, and is aborted when the scan has ended or shall end. */
  stop: AbortController
}

export interface JoinedScan {
  seq: number
  reading: PartReading
  /** When its last report was stored, by the clock of `performance.now()`. */
  reportedAt(): number
  leave(): Promise<void>
}

/** Helps with a scan that another process leads; null when it does not run (any more). */
export async function joinScan({ db, azure, estateId, scanId, policyPath, stop }: JoinScanOptions): Promise<JoinedScan | null> {
  const scan = await findLedScan(db, scanId)
  if (scan === null) return null
  const progress = new ProgressCounter(azure.counts)
  // A number for this way to Azure: whoever leaves and comes back counts from nothing again.
  const worker = newWorker()
  let reportedAt = performance.now()
  const report = async (closed = false) => {
    const answer = await saveWorkDone(db, scan.seq, worker, progress.own(), closed)
    reportedAt = performance.now()
    if (answer.stop) stop.abort(new Error('The scan has ended.'))
  }
  const listing = new Listing(() => partStates(db, scan.seq))
  const policy = await effectivePolicy(db, estateId, policyPath)
  const reading = await openPartReading({ db, azure, estateId, scan, policy, catalog: loadCatalog(), progress, signal: stop.signal }, listing, report)
  const stopReporting = repeatEvery(reportEveryMs, 'what was done could not be saved', report)
  const leave = async () => {
    await stopReporting()
    await report(true)
  }
  return { seq: scan.seq, reading, reportedAt: () => reportedAt, leave }
}
