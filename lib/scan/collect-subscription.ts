import { databaseTypes, type Azure } from '@/lib/azure'
import {
  childIds, closeInventory, failedReads, forgetBelow, forgetFailedReads, forgetReads, forgetRefusedBeside, resourcesOfTypes, saveChanges, saveFacts, saveInventoryPage, sourcesRead, unreadResources,
  type Database, type MissedChange, type ReadKey, type ReadTarget, type SavedFacts,
} from '@/lib/db'
import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type Collected } from '@/lib/domain/collected'
import type { Resource, Subscription } from '@/lib/domain/estate'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import { KeySet } from '@/lib/domain/key-set'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CategoryLists } from './category-lists'
import { sentinelSolution } from './destinations'
import { changeOf, changesEvidence, grantedScopeOf, isDeletion } from './changes'
import { isMachine } from './machines'
import { isFlowLog, isNetwork, isQueryLogger } from './networks'
import type { FailedReads } from './part-status'
import { parentTypes, subResourcesOf } from './sub-resources'
import { WorkQueue } from './work-queue'

/** Reads in flight per subscription: enough to spend ARM's 25 a second at a second of latency, few enough to be fair. */
const readsAtOnce = 16
const factsPerWrite = 200
/**
 * Reads of a subscription that wait in memory while its inventory arrives: its burst, and ten seconds of its rate. What exceeds them is planned from the database
 * afterwards.
 */
const waitingMost = 500

/** The sources that a subscription is asked for, one request each. */
const ownSources = ['diagnostic-settings', 'sql-auditing', 'database-parameters', 'defender-plans', 'security-contacts'] as const

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
  /** True: reading begins with the first page of the inventory; false: when it is complete. */
  eager: boolean
  /** The last scan of the subscription: what happened since then is asked of the activity log. Null: never scanned, or too long ago. */
  before: { startedAt: Date; seq: number } | null
  /** True: only what has changed since then is read, where the activity log answers. */
  incremental: boolean
}

/** How long an event may take to show in the activity log, and clocks may differ. */
const overlapMs = 3_600_000
const missedMost = 1_000

/**
 * Collects one subscription's evidence. Resources and facts go to the database as they arrive, and what is still to be read is asked of the database, so that
 * memory does not grow with the subscription and a scan that was killed goes on where it was.
 */
export class SubscriptionCollector {
  /** Resources of the inventory, without those made from them. */
  resources = 0
  /** Machines, networks, what logs name resolution and solutions of Sentinel: what is known of these is read for all subscriptions at once. */
  readonly noted: Pick<Resource, 'id' | 'type'>[] = []
  private readonly listed = new KeySet()
  private readonly queue = new WorkQueue(readsAtOnce)
  private waiting = 0
  private buffer: Fact[] = []

  /** Reads of this scan or a later one are not repeated. */
  private since: number
  /** What the activity log told, as `source subject`; null: it was not asked, or did not answer. */
  private told: Set<string> | null = null
  private readonly changed: MissedChange[] = []
  private readonly written = new Set<ResourceKey>()
  /** Reads that were refused before and are made again to see whether they still are. */
  private tried: ReadKey[] = []

  constructor(readonly subscription: Subscription, private readonly deps: CollectDeps, private readonly how: ReadingMode) {
    this.since = deps.seq
  }

  /** True when what had been read before is kept, but for what has changed since. */
  get carriesOver(): boolean {
    return this.since < this.deps.seq
  }

  /** Takes a page of the inventory: stores it and, where eager, starts reading what it calls for. */
  async add(page: readonly Resource[]): Promise<void> {
    const { db, estateId, seq } = this.deps
    const fresh = page.filter((resource) => this.listed.add(toResourceKey(resource.id)))
    this.resources += fresh.length
    for (const { id, type } of fresh) if (isNoted(id, type)) this.noted.push({ id, type })
    const { written } = await saveInventoryPage(db, estateId, seq, fresh)
    await this.noteWritten(written)
    if (this.how.eager) for (const resource of fresh) if (this.waiting < waitingMost) this.take(resource)
  }

  /** Adds the sub-resources, ends the inventory, reads whatever is unread and writes what is left. */
  async finish(complete: boolean): Promise<void> {
    const { db, estateId, seq } = this.deps
    const { subscriptionId } = this.subscription
    // Out of sight: what is stored of it is of an earlier scan, and all of it will be unknown.
    if (!complete) return this.settle()
    await this.addSubResources()
    await closeInventory(db, estateId, seq, subscriptionId, this.listed)
    await this.readChanges()
    await this.readScope()
    await this.readUnread()
    // What one read of a resource group tells of access holds for the others.
    if (await forgetRefusedBeside(db, estateId, seq, subscriptionId, this.tried) > 0) await this.readUnread()
  }

  /** Reads what is still to be read of the resources. */
  private async readUnread(): Promise<void> {
    const { db, estateId } = this.deps
    const { subscriptionId } = this.subscription
    await this.settle()
    for await (const targets of unreadResources(db, { estateId, subscriptionId, source: 'diagnostic-settings', since: this.since })) {
      for (const target of targets) this.take(target)
      await this.queue.idle()
    }
    await this.settle()
    for await (const servers of unreadResources(db, { estateId, subscriptionId, source: 'sql-auditing', since: this.since, types: ['microsoft.sql/servers'] })) {
      for (const server of servers) this.plan(() => this.readSqlAuditing(server))
      await this.queue.idle()
    }
    for await (const servers of unreadResources(db, { estateId, subscriptionId, source: 'database-parameters', since: this.since, types: databaseTypes })) {
      for (const server of servers) this.plan(async () => this.keep(server.id, 'database-parameters', await this.deps.azure.readDatabaseParameters(server)))
      await this.queue.idle()
    }
    await this.settle()
  }

  /** Reads that failed and stand so now, also those that an interrupted attempt at this scan made. */
  async failures(): Promise<FailedReads[]> {
    return failedReads(this.deps.db, this.deps.estateId, this.deps.seq, this.subscription.subscriptionId, ownSources)
  }

  /** A new or changed database may need an audit of its own, which is read with its server's. */
  private async noteWritten(keys: readonly ResourceKey[]): Promise<void> {
    const { db, estateId, seq } = this.deps
    if (this.how.before !== null) for (const key of keys) this.written.add(key)
    const servers = new Set(keys.flatMap((key) => serverOf(key) ?? []))
    await forgetReads(db, estateId, seq, [...servers].map((subject) => ({ subject, source: 'sql-auditing' })))
  }

  /** Asks the activity log what was written since the last scan. Where it does not answer, everything is read. */
  private async readChanges(): Promise<void> {
    const { db, estateId, seq, azure, now } = this.deps
    const { before, incremental } = this.how
    if (before === null) return
    const from = new Date(before.startedAt.getTime() - overlapMs).toISOString()
    this.deps.onPlanned(1)
    const read = await azure.readActivityLog(this.subscription.subscriptionId, from, now(), changesEvidence)
    this.deps.onDone(1)
    if (!read.ok) return
    const changes = read.value.flatMap((event) => changeOf(event) ?? [])
    this.told = new Set(changes.map(({ source, subject }) => `${source} ${subject}`))
    await saveChanges(db, estateId, changes)
    if (!incremental) return
    await forgetReads(db, estateId, seq, changes)
    await forgetBelow(db, estateId, seq, read.value.filter(({ operation }) => isDeletion(operation)).map(({ resourceId }) => toResourceKey(resourceId)))
    this.tried = await forgetFailedReads(db, estateId, seq, this.subscription.subscriptionId, read.value.flatMap((event) => grantedScopeOf(event) ?? []))
    this.since = 1
  }

  /** What was read otherwise than it had been carried over; whether the activity log told of it is seen at the end. */
  private noteChanged(facts: readonly Fact[], { changed }: SavedFacts): void {
    const { before } = this.how
    if (before === null || this.how.incremental) return
    const answered = new Set(facts.filter(({ read }) => read.ok).map(({ source, subject }) => `${source} ${subject}`))
    for (const { subject, source, readSeq } of changed) {
      const carriedOver = readSeq > 0 && readSeq < before.seq
      if (carriedOver && answered.has(`${source} ${subject}`) && this.changed.length < missedMost) this.changed.push({ subject, source })
    }
  }

  /** What was found changed though neither the activity log nor the inventory told: the first of it. Empty where the log did not answer. */
  get missed(): MissedChange[] {
    const { told } = this
    if (told === null) return []
    return this.changed.filter(({ subject, source }) => {
      const key = toResourceKey(subject)
      return !told.has(`${source} ${subject}`) && !told.has(`${source} ${serverOf(key) ?? ''}`) && !this.written.has(key)
    })
  }

  /** What the subscription itself is asked, where it was not read since. */
  private async readScope(): Promise<void> {
    const { db, estateId, azure } = this.deps
    const { subscriptionId } = this.subscription
    const id = `/subscriptions/${subscriptionId}`
    const read = await sourcesRead(db, estateId, toResourceKey(id), this.since)
    if (!read.has('diagnostic-settings')) this.plan(() => this.readSettings(id))
    if (!read.has('defender-plans')) this.plan(async () => this.keep(id, 'defender-plans', await azure.readDefenderPlans(subscriptionId)))
    if (!read.has('security-contacts')) this.plan(async () => this.keep(id, 'security-contacts', await azure.readSecurityContacts(subscriptionId)))
  }

  private async addSubResources(): Promise<void> {
    const { db, estateId, seq } = this.deps
    for await (const parents of resourcesOfTypes(db, estateId, this.subscription.subscriptionId, parentTypes)) {
      // A parent that this inventory did not list is gone, and its parts with it.
      const derived = parents.filter(({ id }) => this.listed.has(toResourceKey(id))).flatMap((parent) => subResourcesOf(parent, this.listed))
      for (const { id } of derived) this.listed.add(toResourceKey(id))
      await this.noteWritten((await saveInventoryPage(db, estateId, seq, derived)).written)
    }
  }

  private take(target: ReadTarget): void {
    const { catalog, categories } = this.deps
    const mayEmit = catalog.mayEmitLogs(target.type)
    const known = categories.known(target)
    if (!mayEmit && known !== undefined && !logsAnything(known)) return
    this.waiting += 1
    this.plan(async () => {
      this.waiting -= 1
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
    const { azure, db, estateId } = this.deps
    const read = await azure.readSqlAuditing(server.id)
    for (const id of await childIds(db, estateId, server.id, 'microsoft.sql/servers/databases')) {
      await this.keep(id, 'sql-auditing', await azure.readSqlAuditing(id))
    }
    await this.keep(server.id, 'sql-auditing', read)
  }

  private async keep<S extends FactSource>(subject: string, source: S, read: Collected<FactValues[S]>): Promise<void> {
    this.buffer.push({ subject: toResourceKey(subject), source, subscriptionId: this.subscription.subscriptionId, read, readAt: this.deps.now() })
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
    if (facts.length > 0) this.noteChanged(facts, await saveFacts(db, estateId, seq, facts))
  }
}

/** The SQL server that a database lies on; null for every other key. */
function serverOf(key: ResourceKey): ResourceKey | null {
  const id = /^(.*\/microsoft\.sql\/servers\/[^/]+)\/databases\/[^/]+$/.exec(key)?.[1]
  return id === undefined ? null : toResourceKey(id)
}

/** True for what is known from tables that are read for all subscriptions at once. */
function isNoted(id: string, type: string): boolean {
  return isMachine(type) || isNetwork(type) || isFlowLog(type) || isQueryLogger(type) || sentinelSolution({ id, type }) !== null
}

/** A list with categories, or one that could not be read: then only the settings themselves can tell. */
function logsAnything(live: Collected<FactValues['log-categories']>): boolean {
  return live.ok ? live.value.categories.length > 0 : isFailure(live)
}
