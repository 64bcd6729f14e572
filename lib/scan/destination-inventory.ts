import { toWorkspace } from '@/lib/azure'
import { destinationPages, type Database } from '@/lib/db'
import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Resource, Workspace } from '@/lib/domain/estate'
import { KeySet } from '@/lib/domain/key-set'

/**
 * What logs can go to, over all subscriptions. A tenth of a large estate are storage accounts, and this is held as long as it is judged: their ids by their
 * hashes, and whole only what is asked of workspaces and of accounts.
 */
export class DestinationInventory {
  private readonly keys = new KeySet()
  private readonly workspacesByKey = new Map<ResourceKey, Workspace>()
  /** Ids by name in lower case. */
  private readonly accounts = new Map<string, string>()

  /** @param page workspaces with their properties; of others only id, name and type are looked at. */
  add(page: readonly Resource[]): void {
    for (const resource of page) {
      const key = toResourceKey(resource.id)
      this.keys.add(key)
      if (resource.type === 'microsoft.operationalinsights/workspaces') this.workspacesByKey.set(key, toWorkspace(resource))
      if (resource.type === 'microsoft.storage/storageaccounts') this.accounts.set(resource.name.toLowerCase(), resource.id)
    }
  }

  has(key: ResourceKey): boolean {
    return this.keys.has(key)
  }

  /** In the order in which they were added. */
  get workspaces(): readonly Workspace[] {
    return [...this.workspacesByKey.values()]
  }

  workspace(key: ResourceKey): Workspace | undefined {
    return this.workspacesByKey.get(key)
  }

  /** The id of the storage account with that name, in any casing, which no other account of Azure has. */
  accountNamed(name: string): string | undefined {
    return this.accounts.get(name.toLowerCase())
  }
}

/** The destinations that are stored and not gone, of subscriptions out of sight too, in the order of their keys. */
export async function loadDestinationInventory(db: Database, estateId: number): Promise<DestinationInventory> {
  const inventory = new DestinationInventory()
  for await (const page of destinationPages(db, estateId)) inventory.add(page)
  return inventory
}
