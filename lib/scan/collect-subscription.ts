import type { Azure } from '@/lib/azure'
import { toResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type Collected, type ReadFailure } from '@/lib/domain/collected'
import type { DiagnosticSetting, Resource, SqlAuditing, Subscription } from '@/lib/domain/estate'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CategoryLists } from './category-lists'
import type { ReferencedDestinations } from './destinations'
import { subResourcesOf } from './sub-resources'
import { WorkQueue } from './work-queue'

/** Reads in flight per subscription: enough to spend ARM's 25 a second at a second of latency, few enough to be fair. */
const readsAtOnce = 16
const factsPerWrite = 200

export interface CollectDeps {
  azure: Azure
  catalog: LogCatalog
  categories: CategoryLists
  referenced: ReferencedDestinations
  now: () => string
  saveFacts: (facts: Fact[]) => Promise<void>
  onPlanned: (reads: number) => void
  onDone: (reads: number) => void
  signal: AbortSignal
}

/** Collects one subscription's evidence while its inventory is still arriving. */
export class SubscriptionCollector {
  readonly resources: Resource[] = []
  readonly failures: ReadFailure[] = []
  private readonly listed = new Set<string>()
  private readonly queue = new WorkQueue(readsAtOnce)
  private buffer: Fact[] = []
  /** `master` databases that send some log. */
  private readonly loggingMasters = new Set<string>()

  constructor(readonly subscription: Subscription, private readonly deps: CollectDeps) {
    this.plan(() => this.readSettings(`/subscriptions/${subscription.subscriptionId}`))
  }

  /** Takes a page of the inventory and starts reading what it calls for. */
  add(page: Resource[]): void {
    for (const resource of page) {
      const key = toResourceKey(resource.id)
      if (this.listed.has(key)) continue
      this.listed.add(key)
      this.take(resource)
    }
  }

  /** Adds the sub-resources, waits for all reads and writes what is left. */
  async finish(): Promise<void> {
    const derived = this.resources.flatMap((resource) => subResourcesOf(resource, this.listed))
    for (const resource of derived) this.take(resource)
    await this.queue.idle()
    // After the settings, which tell whether a server's audit arrives anywhere.
    for (const server of this.resources.filter((r) => r.type === 'microsoft.sql/servers')) this.plan(() => this.readSqlAuditing(server))
    await this.queue.idle()
    await this.flush()
  }

  private take(resource: Resource): void {
    this.resources.push(resource)
    if (this.deps.catalog.mayEmitLogs(resource.type)) {
      this.plan(async () => {
        await this.deps.categories.of(resource)
        await this.readSettings(resource.id)
      })
    } else {
      // A type the catalogue does not know: the live category list tells whether it logs at all.
      this.plan(async () => {
        const live = await this.deps.categories.of(resource)
        if (live.ok ? live.value.categories.length > 0 : isFailure(live)) await this.readSettings(resource.id)
      })
    }
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
    const read = await this.deps.azure.readDiagnosticSettings(id)
    if (read.ok) {
      this.noteDestinations(read.value)
      const key = toResourceKey(id)
      if (key.endsWith('/databases/master') && read.value.some((setting) => setting.logs.some((entry) => entry.enabled))) this.loggingMasters.add(key)
    }
    await this.keep(id, 'diagnostic-settings', read)
  }

  private async readSqlAuditing(server: Resource): Promise<void> {
    const read = await this.deps.azure.readSqlAuditing(server.id)
    await this.keep(server.id, 'sql-auditing', read)
    if (read.ok && this.hasRealTarget(server, read.value)) return
    // Where the server's audit reaches nothing, each database may have its own.
    const prefix = `${toResourceKey(server.id)}/databases/`
    for (const database of this.resources) {
      if (database.type !== 'microsoft.sql/servers/databases' || !toResourceKey(database.id).startsWith(prefix)) continue
      await this.keep(database.id, 'sql-auditing', await this.deps.azure.readSqlAuditing(database.id))
    }
  }

  private hasRealTarget(server: Resource, audit: SqlAuditing): boolean {
    if (audit.state !== 'Enabled') return false
    return audit.storageEndpoint !== null || (audit.isAzureMonitorTargetEnabled && this.loggingMasters.has(toResourceKey(`${server.id}/databases/master`)))
  }

  private noteDestinations(settings: DiagnosticSetting[]): void {
    for (const setting of settings) this.deps.referenced.add(setting)
  }

  private async keep<S extends FactSource>(subject: string, source: S, read: Collected<FactValues[S]>): Promise<void> {
    if (isFailure(read)) this.failures.push(read)
    const fact: Fact<S> = { subject: toResourceKey(subject), source, subscriptionId: this.subscription.subscriptionId, read, readAt: this.deps.now() }
    this.buffer.push(fact)
    if (this.buffer.length >= factsPerWrite) await this.flush()
  }

  private async flush(): Promise<void> {
    const facts = this.buffer
    this.buffer = []
    if (facts.length > 0) await this.deps.saveFacts(facts)
  }
}
