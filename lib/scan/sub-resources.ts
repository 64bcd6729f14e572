import { toResourceKey } from '@/lib/domain/arm-id'
import type { ListedKeys } from '@/lib/db'
import type { Resource } from '@/lib/domain/estate'

const storageServicesByKind: Record<string, readonly string[]> = {
  storage: ['blobServices', 'fileServices', 'queueServices', 'tableServices'],
  storagev2: ['blobServices', 'fileServices', 'queueServices', 'tableServices'],
  blobstorage: ['blobServices'],
  blockblobstorage: ['blobServices'],
  filestorage: ['fileServices'],
}

/** Types that have sub-resources which Resource Graph does not list. */
export const parentTypes = ['microsoft.storage/storageaccounts', 'microsoft.sql/servers'] as const

/**
 * Sub-resources that log on their own and that Resource Graph does not list: the services of a storage account by its
 * kind, and `master` of a SQL server (it carries the server's audit).
 * @param listed keys of what the inventory did list, so that nothing is made twice.
 */
export function subResourcesOf(resource: Resource, listed: ListedKeys): Resource[] {
  if (resource.type === 'microsoft.storage/storageaccounts') {
    const services = servicesOf(resource)
    return services.map((service) => child(resource, `${service}/default`, `${resource.name}/${service}`)).filter((r) => !listed.has(toResourceKey(r.id)))
  }
  // Synapse's logical servers are of this type too, but their kind tells them apart and they have no master of their own.
  if (resource.type === 'microsoft.sql/servers' && !(resource.kind ?? '').toLowerCase().includes('analytics')) {
    return [child(resource, 'databases/master', `${resource.name}/master`)].filter((r) => !listed.has(toResourceKey(r.id)))
  }
  return []
}

/** A premium account of a general kind takes page blobs and nothing else. */
function servicesOf({ kind, skuName }: Resource): readonly string[] {
  const services = storageServicesByKind[(kind ?? 'storagev2').toLowerCase()] ?? []
  return /^premium/i.test(skuName ?? '') && services.length > 1 ? ['blobServices'] : services
}

function child(parent: Resource, path: string, name: string): Resource {
  const childType = path.split('/')[0] ?? ''
  return {
    ...parent,
    id: `${parent.id}/${path}`,
    name,
    type: `${parent.type}/${childType.toLowerCase()}`,
    kind: null,
    skuName: null,
    properties: {},
    derivedFrom: parent.id,
  }
}
