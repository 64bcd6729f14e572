import type { GraphRow } from '../graph-row'
import type { SubscriptionBody } from '../tenant'
import { managementGroups } from './company'
import type { Estate, SubscriptionPlan } from './estate'

export function subscriptionBodies(estate: Estate, plans: SubscriptionPlan[]): SubscriptionBody[] {
  return plans.map((plan) => ({
    id: `/subscriptions/${plan.subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: plan.subscriptionId,
    tenantId: estate.tenantId,
    displayName: plan.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
    tags: { environment: plan.environment },
  }))
}

/** Subscriptions as `resourcecontainers` lists them, each with the chain of its management groups. */
export function subscriptionRows(estate: Estate, plans: SubscriptionPlan[]): GraphRow[] {
  return plans.map((plan) => ({
    id: `/subscriptions/${plan.subscriptionId}`,
    name: plan.displayName,
    type: 'microsoft.resources/subscriptions',
    tenantId: estate.tenantId,
    kind: '',
    location: '',
    resourceGroup: '',
    subscriptionId: plan.subscriptionId,
    managedBy: '',
    sku: null,
    plan: null,
    properties: {
      state: 'Enabled',
      managementGroupAncestorsChain: chainOf(estate.tenantId, plan.group),
      subscriptionPolicies: { quotaId: 'EnterpriseAgreement_2014-09-01', spendingLimit: 'Off' },
    },
    tags: { environment: plan.environment },
    identity: null,
    zones: null,
    extendedLocation: null,
  }))
}

function chainOf(tenantId: string, group: string): { name: string; displayName: string }[] {
  const found = managementGroups.find((each) => each.name === group)
  if (!found) return [{ name: tenantId, displayName: 'Tenant Root Group' }]
  return [{ name: found.name, displayName: found.displayName }, ...chainOf(tenantId, found.parent ?? '')]
}
