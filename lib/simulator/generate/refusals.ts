import type { SimulatedTenant } from '../tenant'
import type { SubscriptionPlan } from './estate'

const deniedResources = 4

/** What the scanning identity may not read: settings in one subscription, and a few resources that a service has closed. */
export function refuseSome(tenant: SimulatedTenant, plans: SubscriptionPlan[]): void {
  if (plans.length < 4) return
  const refused = plans[plans.length - 2]
  if (refused)
    tenant.refuse(`/subscriptions/${refused.subscriptionId}`, {
      kinds: ['diagnostic-settings', 'diagnostic-settings-categories'],
    })

  let denied = 0
  for (const row of tenant.rows('resources')) {
    if (denied === deniedResources) return
    if (!row.resourceGroup.startsWith('databricks-rg-') || row.type !== 'microsoft.storage/storageaccounts') continue
    tenant.refuse(row.id, {
      kinds: ['diagnostic-settings', 'diagnostic-settings-categories', 'lifecycle'],
      denyAssignment: 'System deny assignment created by Azure Databricks',
    })
    denied++
  }
}
