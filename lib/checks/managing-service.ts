import { nameOf, resourceGroupOf, subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import type { Resource } from '@/lib/domain/estate'

export interface ManagingService {
  id: string
  name: string
  type: string
}

/**
 * The service that made the resource's group for itself and answers for what is in it; null for ordinary resources.
 * The inventory carries a managed group's owner in `managedBy`; an owner in the same group is the resource's own (a disk's
 * machine), since a managed group never holds its owner.
 */
export function managingService(resource: Resource): ManagingService | null {
  const owner = resource.managedBy
  if (owner === null || owner === '' || subscriptionIdOf(owner) === null) return null
  if (resourceGroupOf(owner)?.toLowerCase() === resource.resourceGroup.toLowerCase()) return null
  return { id: owner, name: nameOf(owner), type: typeOf(owner) ?? 'a service' }
}
