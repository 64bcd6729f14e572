import { closeInventory, forgetReads, resourcesOfTypes, saveInventoryPage, type Database } from '@/lib/db'
import { sqlServerOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Resource, Subscription } from '@/lib/domain/estate'
import { sentinelSolution } from './destinations'
import { KeySet } from '@/lib/domain/key-set'
import { isMachine } from './machines'
import { isFlowLog, isNetwork, isQueryLogger } from './networks'
import { parentTypes, subResourcesOf } from './sub-resources'

/** Stores one subscription's inventory page by page, and knows of it what is read for all subscriptions at once. */
export class SubscriptionLister {
  /** Resources of the inventory, without those made from them. */
  resources = 0
  /** Machines, networks, what logs name resolution and solutions of Sentinel. */
  readonly noted: Pick<Resource, 'id' | 'type'>[] = []
  /** True: something in it is new or otherwise than it was stored. */
  written = false
  private readonly listed = new KeySet()

  constructor(readonly subscription: Subscription, private readonly deps: { db: Database; estateId: number; seq: number }) {}

  /** Returns how many of these had not been listed yet: a subscription that failed is listed once more from the beginning. */
  async add(page: readonly Resource[]): Promise<number> {
    const fresh = page.filter((resource) => this.listed.add(toResourceKey(resource.id)))
    this.resources += fresh.length
    for (const { id, type } of fresh) if (isNoted(id, type)) this.noted.push({ id, type })
    await this.save(fresh)
    return fresh.length
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

/** True for what is known from tables that are read for all subscriptions at once. */
function isNoted(id: string, type: string): boolean {
  return isMachine(type) || isNetwork(type) || isFlowLog(type) || isQueryLogger(type) || sentinelSolution({ id, type }) !== null
}
