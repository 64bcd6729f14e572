import { databaseTypes, type Azure } from '@/lib/azure'
import {
  childIds, closeInventory, failedReads, loadFact, resourcesOfTypes, saveFacts, saveInventoryPage, unreadResources, type Database, type ReadTarget,
} from '@/lib/db'
import { toResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type Collected } from '@/lib/domain/collected'
import type { Resource, SqlAuditing, Subscription } from '@/lib/domain/estate'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CategoryLists } from './category-lists'
import { sentinelSolution } from './destinations'
import { KeySet } from './key-set'
import { isMachine } from './machines'
import { isNetwork, isQueryLogger } from './networks'
import type { FailedReads } from './part-status'
import { parentTypes, subResourcesOf } from './sub-resources'
import { WorkQueue } from './work-queue'

/** Reads in flight per subscription: enough to spend ARM's 25 a second at a second of latency, few enough to be fair. */
const readsAtOnce = 16
const factsPerWrite = 200
/** Reads that wait in memory while the inventory arrives; what exceeds them is planned from the database afterwards. */
const waitingMost = 1_500

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

  /**
   * @param since reads of this scan or a later one are not repeated.
   * @param eager true: reading begins with the first page of the inventory; false: when it is complete.
   */
  constructor(readonly subscription: Subscription, private readonly deps: CollectDeps, private readonly since: number, private readonly eager: boolean) {}

  /** Takes a page of the inventory: stores it and, where eager, starts reading what it calls for. */
  async add(page: readonly Resource[]): Promise<void> {
    const { db, estateId, seq } = this.deps
    const fresh = page.filter((resource) => this.listed.add(toResourceKey(resource.id)))
    this.resources += fresh.length
    for (const { id, type } of fresh) if (isMachine(type) || isNetwork(type) || isQueryLogger(type) || sentinelSolution({ id, type }) !== null) this.noted.push({ id, type })
    await saveInventoryPage(db, estateId, seq, fresh)
    if (this.eager) for (const resource of fresh) if (this.waiting < waitingMost) this.take(resource)
  }

  /** Adds the sub-resources, ends the inventory, reads whatever is unread and writes what is left. */
  async finish(complete: boolean): Promise<void> {
    const { db, estateId, seq } = this.deps
    const { subscriptionId } = this.subscription
    // Out of sight: what is stored of it is of an earlier scan, and all of it will be unknown.
    if (!complete) return this.settle()
    await this.addSubResources()
    await closeInventory(db, estateId, seq, subscriptionId, this.listed)
    this.readScope()
    await this.settle()
    for await (const targets of unreadResources(db, { estateId, subscriptionId, source: 'diagnostic-settings', since: this.since })) {
      for (const target of targets) this.take(target)
      await this.queue.idle()
    }
    await this.settle()
    // After the settings, which tell whether a server's audit arrives anywhere.
    for await (const servers of unreadResources(db, { estateId, subscriptionId, source: 'sql-auditing', since: this.since, types: ['microsoft.sql/servers'] })) {
      for (const server of servers) this.plan(() => this.readSqlAuditing(server))
      await this.queue.idle()
    }
    // In every scan, since no change of a diagnostic setting tells of them.
    for await (const servers of unreadResources(db, { estateId, subscriptionId, source: 'database-parameters', since: seq, types: databaseTypes })) {
      for (const server of servers) this.plan(async () => this.keep(server.id, 'database-parameters', await this.deps.azure.readDatabaseParameters(server)))
      await this.queue.idle()
    }
    await this.settle()
  }

  /** Reads that failed and stand so now, also those that an interrupted attempt at this scan made. */
  async failures(): Promise<FailedReads[]> {
    return failedReads(this.deps.db, this.deps.estateId, this.deps.seq, this.subscription.subscriptionId, ownSources)
  }

  /** What the subscription itself is asked: in every scan, since it is little. */
  private readScope(): void {
    const id = `/subscriptions/${this.subscription.subscriptionId}`
    const { azure } = this.deps
    this.plan(() => this.readSettings(id))
    this.plan(async () => this.keep(id, 'defender-plans', await azure.readDefenderPlans(this.subscription.subscriptionId)))
    this.plan(async () => this.keep(id, 'security-contacts', await azure.readSecurityContacts(this.subscription.subscriptionId)))
  }

  private async addSubResources(): Promise<void> {
    const { db, estateId, seq } = this.deps
    for await (const parents of resourcesOfTypes(db, estateId, this.subscription.subscriptionId, parentTypes)) {
      // A parent that this inventory did not list is gone, and its parts with it.
      const derived = parents.filter(({ id }) => this.listed.has(toResourceKey(id))).flatMap((parent) => subResourcesOf(parent, this.listed))
      for (const { id } of derived) this.listed.add(toResourceKey(id))
      await saveInventoryPage(db, estateId, seq, derived)
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

  private async readSqlAuditing(server: ReadTarget): Promise<void> {
    const { azure, db, estateId } = this.deps
    const read = await azure.readSqlAuditing(server.id)
    await this.keep(server.id, 'sql-auditing', read)
    if (read.ok && (await this.hasRealTarget(server, read.value))) return
    // Where the server's audit reaches nothing, each database may have its own.
    for (const id of await childIds(db, estateId, server.id, 'microsoft.sql/servers/databases')) {
      await this.keep(id, 'sql-auditing', await azure.readSqlAuditing(id))
    }
  }

  private async hasRealTarget(server: ReadTarget, audit: SqlAuditing): Promise<boolean> {
    if (audit.state !== 'Enabled') return false
    if (audit.storageEndpoint !== null) return true
    if (!audit.isAzureMonitorTargetEnabled) return false
    const master = await loadFact(this.deps.db, this.deps.estateId, toResourceKey(`${server.id}/databases/master`), 'diagnostic-settings')
    return master?.ok === true && master.value.some((setting) => setting.logs.some((entry) => entry.enabled))
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
    if (facts.length > 0) await saveFacts(db, estateId, seq, facts)
  }
}

/** A list with categories, or one that could not be read: then only the settings themselves can tell. */
function logsAnything(live: Collected<FactValues['log-categories']>): boolean {
  return live.ok ? live.value.categories.length > 0 : isFailure(live)
}
