import { databaseTypes, synapseAuditTypes, type Azure } from '@/lib/azure'
import {
  childIds, forgetBelow, forgetBelowRefused, forgetFailedReads, forgetOneBelow, forgetReads, forgetRefusedBeside, kindsRead, notePartMissed, partTried, saveChanges, saveFacts, savePartTried, sourcesRead,
  unreadResources, type Database, type LastRead, type Queryable, type ReadKey, type ReadTarget, type SightTry,
} from '@/lib/db'
import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type Collected } from '@/lib/domain/collected'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CategoryLists } from './category-lists'
import { destinationSources } from './destinations'
import type { Listing } from './listing'
import { changedSince, readToldChanges, type ToldChanges } from './told-changes'
import { WorkQueue } from './work-queue'

/** Reads in flight per subscription: enough to spend ARM's 25 a second at a second of latency, few enough to be fair. */
const readsAtOnce = 32
/** Databases of one server that are read at once: in series, a server with thousands of them would outlast all else. */
const databasesAtOnce = 8
const factsPerWrite = 200

/** The sources that a subscription is asked for, one request each. */
export const ownSources = ['diagnostic-settings', 'sql-auditing', 'database-parameters', 'defender-plans', 'security-contacts'] as const

export interface CollectDeps {
  db: Database
  estateId: number
  seq: number
  azure: Azure
  catalog: LogCatalog
  categories: CategoryLists
  now: () => string
  onPlanned: (reads: number) => void
  onDone: (reads: number) => void
  signal: AbortSignal
}

export interface ReadingMode {
  /** The last scan of the subscription: what happened since then is asked of the activity log. Null: never scanned, or too long ago. */
  before: LastRead | null
  /** True: only what has changed since then is read, where the activity log answers. */
  incremental: boolean
}

/**
 * Reads one subscription's evidence. What is still to be read is asked of the database, so that memory does not grow with the subscription, any worker can
 * read it, and one that was killed is followed where it was.
 */
export class SubscriptionReader {
  private readonly queue = new WorkQueue(readsAtOnce)
  private buffer: Fact[] = []
  /** Reads of this scan or a later one are not repeated. */
  private since: number
  /** What the activity log told; null: it was not asked, or did not answer. */
  private told: ToldChanges | null = null
  /** Reads that were refused before and are made again to see whether they still are. */
  private tried: ReadKey[] = []
  /** What is read again to see whether it is refused by now. */
  private sight: SightTry[] = []

  constructor(private readonly subscriptionId: string, private readonly deps: CollectDeps, private readonly how: ReadingMode) {
    this.since = deps.seq
  }

  /** True when what had been read before is kept, but for what has changed since. */
  get carriesOver(): boolean {
    return this.since < this.deps.seq
  }

  /** Reads whatever is unread, as far as it is listed by now and until all of it is. */
  async read(listing: Listing): Promise<void> {
    const { db, estateId, seq } = this.deps
    await this.readChanges()
    await this.readScope()
    await this.readUnread(listing)
    // What one read of a resource group, or below a scope, tells of access holds for the others.
    const gained = await forgetRefusedBeside(db, estateId, seq, this.subscriptionId, this.tried)
    const lost = await forgetBelowRefused(db, estateId, seq, this.subscriptionId, this.sight, ownSources)
    if (gained + lost > 0) {
      await this.readScope()
      await this.readUnread(listing)
    }
    if (this.carriesOver) await this.readMissingLists()
  }

  /** Reads what is still to be read of the resources. Out of sight, all of it will be unknown, and nothing is read. */
  private async readUnread(listing: Listing): Promise<void> {
    const { db, estateId, signal } = this.deps
    const plan = { estateId, subscriptionId: this.subscriptionId, since: this.since }
    for (let state = await listing.stateOf(this.subscriptionId); state !== 'unread'; state = await listing.stateOf(this.subscriptionId)) {
      await this.readEach(unreadResources(db, { ...plan, source: 'diagnostic-settings' }), (target) => this.take(target))
      // What is not stored would be planned again.
      await this.settle()
      if (state === 'complete') break
      await listing.wait(signal)
    }
    await this.settle()
    if ((await listing.stateOf(this.subscriptionId)) === 'unread') return
    await this.readEach(unreadResources(db, { ...plan, source: 'sql-auditing', types: ['microsoft.sql/servers'] }), (server) => this.plan(() => this.readSqlAuditing(server)))
    await this.readEach(unreadResources(db, { ...plan, source: 'sql-auditing', types: synapseAuditTypes }), ({ id }) => this.plan(async () => this.keep(id, 'sql-auditing', await this.deps.azure.readSqlAuditing(id))))
    await this.readEach(unreadResources(db, { ...plan, source: 'database-parameters', types: databaseTypes }), (server) => this.plan(async () => this.keep(server.id, 'database-parameters', await this.deps.azure.readDatabaseParameters(server))))
    await this.settle()
  }

  /** The lists of types whose resources are carried over, and of which none is stored: another release may have told kinds apart otherwise. */
  private async readMissingLists(): Promise<void> {
    const { db, estateId, categories } = this.deps
    const kinds = await kindsRead(db, { estateId, subscriptionId: this.subscriptionId, source: 'diagnostic-settings', since: this.since })
    for (const one of kinds) if (!categories.wasAsked(one)) this.plan(async () => void (await categories.of(one)))
    await this.settle()
  }

  private async readEach(pages: AsyncIterable<ReadTarget[]>, read: (target: ReadTarget) => void): Promise<void> {
    for await (const targets of pages) {
      for (const target of targets) read(target)
      // The next are looked up before these are done: one slow answer would keep the whole subscription waiting.
      await this.queue.room(readsAtOnce)
    }
  }

  /** Asks the activity log what was written since the last scan. Where it does not answer, everything is read. */
  private async readChanges(): Promise<void> {
    const { db, estateId, seq, azure } = this.deps
    const { before, incremental } = this.how
    if (before === null) return
    this.deps.onPlanned(1)
    const read = await readToldChanges(db, azure, this.subscriptionId, before)
    this.deps.onDone(1)
    if (!read.ok) return
    const { changes, left, granted, revoked } = (this.told = read.value)
    await saveChanges(db, estateId, changes)
    if (!incremental) return
    await forgetReads(db, estateId, seq, changes)
    await forgetBelow(db, estateId, seq, left)
    await this.chooseSight(revoked)
    this.tried = await db.$transaction((tx) => this.chooseTries(tx, granted))
    this.since = 1
  }

  /** Of each source one read below each scope where access may have been taken is made again, and one resource's settings of the subscription: its log does not tell of what is above it. */
  private async chooseSight(revoked: readonly ResourceKey[]): Promise<void> {
    const { db, estateId, seq } = this.deps
    const subscription = toResourceKey(`/subscriptions/${this.subscriptionId}`)
    this.sight = [...await forgetOneBelow(db, estateId, seq, [subscription], ['diagnostic-settings']), ...await forgetOneBelow(db, estateId, seq, revoked, ownSources)]
    // Destinations are read after all subscriptions, and are few.
    await forgetBelow(db, estateId, seq, revoked, destinationSources)
  }

  /** What was refused before and is tried again: by each attempt at the scan what the first one chose, and what access was granted to since. */
  private async chooseTries(tx: Queryable, granted: readonly ResourceKey[]): Promise<ReadKey[]> {
    const { estateId, seq, catalog } = this.deps
    const before = await partTried(tx, seq, this.subscriptionId)
    const chosen = await forgetFailedReads(tx, estateId, seq, this.subscriptionId, { granted, logging: catalog.types().map(({ type }) => type), chosen: before !== null })
    const tried = [...(before ?? []), ...chosen]
    await savePartTried(tx, seq, this.subscriptionId, tried)
    return tried
  }

  /** Stores facts and, with them, which incremental scans have missed as far as the log has told. */
  private async store(facts: readonly Fact[]): Promise<void> {
    const { db, estateId, seq } = this.deps
    const { before, incremental } = this.how
    if (before === null || incremental) {
      await saveFacts(db, estateId, seq, facts)
      return
    }
    await db.$transaction(async (tx) => {
      const carriedOver = changedSince(before, facts, await saveFacts(tx, estateId, seq, facts))
      await notePartMissed(tx, seq, this.subscriptionId, carriedOver.filter((one) => this.told?.tells(one) !== true))
    })
  }

  /** What the subscription itself is asked, where it was not read since. */
  private async readScope(): Promise<void> {
    const { db, estateId, azure } = this.deps
    const { subscriptionId } = this
    const id = `/subscriptions/${subscriptionId}`
    const read = await sourcesRead(db, estateId, toResourceKey(id), this.since)
    if (!read.has('diagnostic-settings')) this.plan(() => this.readSettings(id))
    if (!read.has('defender-plans')) this.plan(async () => this.keep(id, 'defender-plans', await azure.readDefenderPlans(subscriptionId)))
    if (!read.has('security-contacts')) this.plan(async () => this.keep(id, 'security-contacts', await azure.readSecurityContacts(subscriptionId)))
  }

  private take(target: ReadTarget): void {
    const { catalog, categories } = this.deps
    const mayEmit = catalog.mayEmitLogs(target.type)
    const known = categories.known(target)
    if (!mayEmit && known !== undefined && !logsAnything(known)) return
    this.plan(async () => {
      const live = await categories.of(target)
      // Of a type that the catalogue does not know, the live category list tells whether it logs at all.
      if (mayEmit || logsAnything(live)) await this.readSettings(target.id)
    })
  }

  private plan(task: () => Promise<void>): void {
    this.deps.onPlanned(1)
    this.queue.add(async () => {
      this.deps.signal.throwIfAborted()
      await task()
      this.deps.onDone(1)
    })
  }

  private async readSettings(id: string): Promise<void> {
    await this.keep(id, 'diagnostic-settings', await this.deps.azure.readDiagnosticSettings(id))
  }

  /** The audit of a server and of each of its databases, which may have one of its own; the server's last, so that it stands for all. */
  private async readSqlAuditing(server: ReadTarget): Promise<void> {
    const { azure, db, estateId, signal } = this.deps
    const read = await azure.readSqlAuditing(server.id)
    const queue = new WorkQueue(databasesAtOnce)
    for (const id of await childIds(db, estateId, server.id, 'microsoft.sql/servers/databases')) {
      queue.add(async () => {
        signal.throwIfAborted()
        await this.keep(id, 'sql-auditing', await azure.readSqlAuditing(id))
      })
    }
    await queue.idle()
    await this.keep(server.id, 'sql-auditing', read)
  }

  private async keep<S extends FactSource>(subject: string, source: S, read: Collected<FactValues[S]>): Promise<void> {
    this.buffer.push({ subject: toResourceKey(subject), source, subscriptionId: this.subscriptionId, read, readAt: this.deps.now() })
    if (this.buffer.length >= factsPerWrite) await this.flush()
  }

  private async settle(): Promise<void> {
    await this.queue.idle()
    await this.flush()
  }

  private async flush(): Promise<void> {
    const facts = this.buffer
    this.buffer = []
    const { db, estateId, seq, categories } = this.deps
    // First the lists: a scan that goes on after this would not ask for those of resources whose settings are stored.
    await categories.flush((lists) => saveFacts(db, estateId, seq, lists))
    if (facts.length > 0) await this.store(facts)
  }
}

/** A list with categories, or one that could not be read: then only the settings themselves can tell. */
function logsAnything(live: Collected<FactValues['log-categories']>): boolean {
  return live.ok ? live.value.categories.length > 0 : isFailure(live)
}
