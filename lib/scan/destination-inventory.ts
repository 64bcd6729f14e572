import { z } from 'zod'
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
  private readonly accounts = new Map<string, string[]>()
  private readonly closed = new KeySet()
  /** Of closed accounts that make some. */
  private readonly exceptions = new Map<ResourceKey, readonly string[]>()

  /** @param page workspaces with their properties, storage accounts with those of their firewall; of others only id, name and type are looked at. */
  add(page: readonly Resource[]): void {
    for (const resource of page) {
      const key = toResourceKey(resource.id)
      this.keys.add(key)
      if (resource.type === 'microsoft.operationalinsights/workspaces') this.workspacesByKey.set(key, toWorkspace(resource))
      if (resource.type === 'microsoft.storage/storageaccounts') {
        const name = resource.name.toLowerCase()
        this.accounts.set(name, [...(this.accounts.get(name) ?? []), resource.id])
        if (keepsServicesOut(resource.properties)) {
          this.closed.add(key)
          const exceptions = exceptionsIn(resource.properties)
          if (exceptions.length > 0) this.exceptions.set(key, exceptions)
        }
      }
    }
  }

  has(key: ResourceKey): boolean {
    return this.keys.has(key)
  }

  /** True for a storage account that services of Azure cannot write to. */
  isClosed(key: ResourceKey): boolean {
    return this.closed.has(key)
  }

  /** What the firewall of a closed account lets in all the same: `Logging`, `Metrics`. */
  exceptionsOf(key: ResourceKey): readonly string[] {
    return this.exceptions.get(key) ?? []
  }

  /** In the order in which they were added. */
  get workspaces(): readonly Workspace[] {
    return [...this.workspacesByKey.values()]
  }

  workspace(key: ResourceKey): Workspace | undefined {
    return this.workspacesByKey.get(key)
  }

  /** Ids of the storage account with that name, in any casing: one in all of Azure, and those that it had before it was moved out of a subscription that is out of sight now. */
  accountsNamed(name: string): readonly string[] {
    return this.accounts.get(name.toLowerCase()) ?? []
  }
}

const firewall = z.object({
  networkAcls: z.object({ defaultAction: z.string(), bypass: z.string() }),
  publicNetworkAccess: z.string().nullish(),
})

/**
 * Whether the firewall of a storage account lets nobody in but who is named, and makes no exception for services of Azure: those that write logs come as such
 * (https://learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services). Within a security perimeter other rules hold, which are not read.
 */
function keepsServicesOut(properties: Record<string, unknown>): boolean {
  const read = firewall.safeParse(properties)
  if (!read.success || read.data.publicNetworkAccess?.toLowerCase() === 'securedbyperimeter') return false
  const { defaultAction, bypass } = read.data.networkAcls
  return defaultAction.toLowerCase() === 'deny' && !/\bazureservices\b/i.test(bypass)
}

function exceptionsIn(properties: Record<string, unknown>): string[] {
  const { data } = firewall.safeParse(properties)
  return (data?.networkAcls.bypass ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '' && name.toLowerCase() !== 'none')
}

/** The destinations that are stored and not gone, of subscriptions out of sight too, in the order of their keys. */
export async function loadDestinationInventory(db: Database, estateId: number): Promise<DestinationInventory> {
  const inventory = new DestinationInventory()
  for await (const page of destinationPages(db, estateId)) inventory.add(page)
  return inventory
}
