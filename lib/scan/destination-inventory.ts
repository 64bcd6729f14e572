import { z } from 'zod'
import { toWorkspace } from '@/lib/azure'
import { destinationPages, type Database } from '@/lib/db'
import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { StorageFirewall } from '@/lib/domain/check'
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
  private readonly unclear = new KeySet()
  /** Of accounts that are not open: the resources that are let in by name. */
  private readonly named = new Map<ResourceKey, ResourceKey[]>()
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
        this.addFirewall(key, resource.properties)
      }
    }
  }

  has(key: ResourceKey): boolean {
    return this.keys.has(key)
  }

  private addFirewall(key: ResourceKey, properties: Record<string, unknown>): void {
    const found = firewallBy(properties)
    if (found === 'open') return
    this[found].add(key)
    const named = namedBy(properties)
    if (named.length > 0) this.named.set(key, named)
    const exceptions = found === 'closed' ? exceptionsIn(properties) : []
    if (exceptions.length > 0) this.exceptions.set(key, exceptions)
  }

  /** Whether services of Azure can write to a storage account. */
  firewallOf(key: ResourceKey): StorageFirewall {
    if (this.closed.has(key)) return 'closed'
    return this.unclear.has(key) ? 'unclear' : 'open'
  }

  /** True where the firewall of a storage account that is not open names the resource. */
  admits(key: ResourceKey, resource: ResourceKey): boolean {
    return this.named.get(key)?.some((pattern) => isNamed(resource, pattern)) === true
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
const namedResources = z.object({ networkAcls: z.object({ resourceAccessRules: z.array(z.object({ resourceId: z.string() })) }) })

/**
 * Whether a storage account lets in services of Azure: those that write logs come as such
 * (https://learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services). Within a security perimeter other rules hold, which are not read.
 */
function firewallBy(properties: Record<string, unknown>): StorageFirewall {
  const read = firewall.safeParse(properties)
  const access = read.data?.publicNetworkAccess?.toLowerCase()
  if (!read.success || access === 'securedbyperimeter') return 'open'
  const { defaultAction, bypass } = read.data.networkAcls
  if (/\bazureservices\b/i.test(bypass)) return 'open'
  if (defaultAction.toLowerCase() === 'deny') return 'closed'
  return access === 'disabled' ? 'unclear' : 'open'
}

/** The resources that a firewall lets in by name, in lower case; `*` stands for any name (https://learn.microsoft.com/azure/storage/common/storage-network-security-resource-instances). */
function namedBy(properties: Record<string, unknown>): ResourceKey[] {
  const read = namedResources.safeParse(properties)
  return read.success ? read.data.networkAcls.resourceAccessRules.map(({ resourceId }) => toResourceKey(resourceId)) : []
}

function isNamed(key: ResourceKey, pattern: ResourceKey): boolean {
  const names = key.split('/')
  const asked = pattern.split('/')
  return names.length === asked.length && asked.every((one, index) => one === '*' || one === names[index])
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
