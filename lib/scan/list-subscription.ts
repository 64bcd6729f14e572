import { closeInventory, forgetReads, resourcesOfTypes, saveInventoryPage, type Database } from '@/lib/db'
import { sqlServerOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Resource, Subscription } from '@/lib/domain/estate'
import { sentinelSolution } from './destinations'
import { KeySet } from '@/lib/domain/key-set'
import { isMachine } from './machines'
import { isQueryLogger, networkType } from './networks'
import { parentTypes, subResourcesOf } from './sub-resources'

/** Stores one subscription's inventory page by page, and knows of it what is read for all subscriptions at once. */
export class SubscriptionLister {
  /** Resources of the inventory, without those made from them. */
  resources = 0
  /** How many of them are machines. */
  machines = 0
  /** How many of them are virtual networks. */
  networks = 0
  /** Firewalls and DNS security policies. */
  readonly queryLoggers: ResourceKey[] = []
  /** Workspaces that a solution of Sentinel stands beside. */
  readonly sentinel: string[] = []
  /** True: something in it is new or otherwise than it was stored. */
  written = false
  private readonly listed = new KeySet()

  constructor(readonly subscription: Subscription, private readonly deps: { db: Database; estateId: number; seq: number }) {}

  /** Returns how many of these had not been listed yet: a subscription that failed is listed once more from the beginning. */
  async add(page: readonly Resource[]): Promise<number> {
    const fresh = page.filter((resource) => this.listed.add(toResourceKey(resource.id)))
    this.resources += fresh.length
    for (const resource of fresh) this.note(resource)
    await this.save(fresh)
    return fresh.length
  }

  /** Notes what is known from tables that are read for all subscriptions at once. */
  private note({ id, type }: Resource): void {
    if (isMachine(type)) this.machines += 1
    if (type === networkType) this.networks += 1
    if (isQueryLogger(type)) this.queryLoggers.push(toResourceKey(id))
    const sentinel = sentinelSolution({ id, type })
    if (sentinel !== null) this.sentinel.push(sentinel)
  }

  /** Ends a complete inventory: adds the sub-resources, and what was not listed is gone. */
  async close(): Promise<void> {
    const { db, estateId, seq } = this.deps
    const { subscriptionId } = this.subscription
    for await (const parents of resourcesOfTypes(db, estateId, subscriptionId, parentTypes)) {
      // A parent that this inventory did not list is gone, and its parts with it.
      const derived = parents.filter(({ id }) => this.listed.has(toResourceKey(id))).flatMap((parent) => subResourcesOf(parent, this.listed))
      for (const { id } of derived) this.listed.add(toResourceKey(id))
      await this.save(derived)
    }
    await closeInventory(db, estateId, seq, subscriptionId, this.listed)
  }

  /** A new or changed database may need an audit of its own, which is read with its server's. */
  private async save(resources: readonly Resource[]): Promise<void> {
    const { db, estateId, seq } = this.deps
    const { written } = await saveInventoryPage(db, estateId, seq, resources)
    if (written.length > 0) this.written = true
    const servers = new Set<ResourceKey>(written.flatMap((key) => sqlServerOf(key) ?? []))
    await forgetReads(db, estateId, seq, [...servers].map((subject) => ({ subject, source: 'sql-auditing' })))
  }
}
