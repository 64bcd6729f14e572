import { KeypointError } from '@/lib/errors'
import { SimulatedTenant, type ManagementGroupNode } from '../tenant'
import { company, managementGroups } from './company'
import { subscriptionBodies, subscriptionRows } from './containers'
import { defenderAlerts } from './defender-alerts'
import { Estate } from './estate'
import { activityEvents } from './events'
import { generatedFacts } from './facts'
import { fillSubscription } from './fill'
import { endpointProtection, guestAssignments, ruleAssociations } from './machine-evidence'
import { joinNetworks } from './networks'
import { planSubscriptions, usualSubscriptions } from './plan'
import { buildPlatform } from './platform'
import { policyExemptions } from './policy-exemptions'
import { refuseSome } from './refusals'

export const smallestTenant = 10
export const largestTenant = 1_000_000

export interface GenerateOptions {
  /** Rows of the `resources` table, 10 to 1,000,000: a million take a minute or two and 1.7 GB. */
  resources: number
  seed: number
  /** By size without it. */
  subscriptions?: number
}

/**
 * The project's own demo tenant: the same for the same numbers. Rows are made at once, what ARM answers about them when asked.
 * @throws KeypointError `invalid` for a size outside the limits.
 */
export function generateTenant({
  resources,
  seed,
  subscriptions = usualSubscriptions(resources),
}: GenerateOptions): SimulatedTenant {
  const most = Math.floor(resources / 5)
  if (
    !Number.isInteger(resources) ||
    resources < smallestTenant ||
    resources > largestTenant ||
    subscriptions < 1 ||
    subscriptions > most
  ) {
    throw new KeypointError(
      'invalid',
      `A tenant of ${resources} resources in ${subscriptions} subscriptions cannot be generated.`,
      `Ask for ${smallestTenant} to ${largestTenant} resources, and for one subscription at least and one for each five resources at most.`,
    )
  }
  const estate = new Estate(seed)
  const plans = planSubscriptions(seed, resources, subscriptions)
  const [platform] = plans
  if (!platform) throw new Error('a tenant has at least one subscription')

  const book = buildPlatform(estate, platform, plans, Math.max(3, Math.round(platform.resources * 0.6)))
  for (const plan of plans) book.disciplines.set(plan.subscriptionId, plan.discipline)
  for (const plan of plans)
    fillSubscription(estate, plan === platform ? { ...plan, resources: plan.resources - estate.resources.length } : plan, book)

  joinNetworks(estate)

  const root: ManagementGroupNode = { name: estate.tenantId, displayName: 'Tenant Root Group', parent: null }
  const groups = managementGroups.map((each) => ({ ...each, parent: each.parent ?? estate.tenantId }))
  const tenant = new SimulatedTenant({
    tenantId: estate.tenantId,
    displayName: company.name,
    subscriptions: subscriptionBodies(estate, plans),
    managementGroups: [root, ...groups],
    placement: new Map(plans.map((plan) => [plan.subscriptionId, plan.group])),
    tables: {
      resources: estate.resources,
      resourcecontainers: [...subscriptionRows(estate, plans), ...estate.groups],
      insightsresources: ruleAssociations(estate),
      securityresources: [...endpointProtection(estate, plans, book), ...defenderAlerts(estate, plans, book)],
      guestconfigurationresources: guestAssignments(estate),
      policyresources: policyExemptions(estate, plans),
    },
    events: activityEvents(estate, plans, book),
    facts: generatedFacts(estate, plans, book),
  })
  refuseSome(tenant, plans)
  return tenant
}
