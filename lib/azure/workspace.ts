import { z } from 'zod'
import type { Resource, Workspace } from '../domain/estate'
import { number, text } from './shape'

const properties = z.object({
  provisioningState: text.catch(null),
  customerId: text.catch(null),
  retentionInDays: number.catch(null),
  workspaceCapping: z.object({ dailyQuotaGb: number, dataIngestionStatus: text }).nullish().catch(null),
  defaultDataCollectionRuleResourceId: text.catch(null),
  features: z.object({ immediatePurgeDataOn30Days: z.unknown() }).nullish().catch(null),
})

/** A Log Analytics workspace from its row in the inventory; a state that Azure does not give is `Succeeded`. */
export function toWorkspace(resource: Resource): Workspace {
  const read = properties.parse(resource.properties)
  return {
    id: resource.id,
    name: resource.name,
    location: resource.location,
    subscriptionId: resource.subscriptionId,
    customerId: read.customerId,
    provisioningState: read.provisioningState ?? 'Succeeded',
    retentionInDays: read.retentionInDays,
    dailyQuotaGb: read.workspaceCapping?.dailyQuotaGb ?? null,
    dataIngestionStatus: read.workspaceCapping?.dataIngestionStatus ?? null,
    defaultRuleId: read.defaultDataCollectionRuleResourceId,
    immediatePurgeDataOn30Days: String(read.features?.immediatePurgeDataOn30Days).toLowerCase() === 'true',
  }
}
