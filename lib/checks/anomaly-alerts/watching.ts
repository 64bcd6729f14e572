import type { ActivityLogAlert, ActivityQueryRule, Alerting, SuppressionRule } from '@/lib/domain/alerting'
import { nameOf, subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { ReasonCode } from '@/lib/domain/verdict'
import { memoByContext } from '../context-memo'
import { valueOf } from '../unread'
import { deliveryOf, suppressionOf, type AlertTraits, type Delivery } from './delivery'
import { matchConditions, matchQuery, type Match } from './matching'
import type { ActivityEvent } from './operations'

/** How far a rule's scopes reach over a subscription. */
type Reach = 'all' | 'part' | 'none' | 'unclear'

interface Candidate {
  id: string
  enabled: boolean
  reach: Exclude<Reach, 'none'>
  match(event: ActivityEvent): Match
  delivery: Delivery
  traits(event: ActivityEvent): AlertTraits
}

export interface Watchers {
  candidates: readonly Candidate[]
  /** Processing rules in force at all times that cover the whole subscription. */
  suppressions: readonly SuppressionRule[]
}

/** What one rule does about one event. `why` completes "the rule … ". */
export type RuleVerdict = Delivery & { id: string }

function reachOf(scopes: readonly string[], subscriptionId: string, tenantId: string): Reach {
  const own = `/subscriptions/${subscriptionId.toLowerCase()}`
  const root = `/providers/microsoft.management/managementgroups/${tenantId.toLowerCase()}`
  let reach: Reach = 'none'
  for (const scope of scopes.map(toResourceKey)) {
    if (scope === own || scope === root || scope === '/') return 'all'
    if (scope.startsWith('/providers/microsoft.management/managementgroups/')) reach = 'unclear'
    else if (scope.startsWith(`${own}/`) && reach === 'none') reach = 'part'
  }
  return reach
}

/** Workspaces that receive the administrative events of the subscription: a query there sees them. */
function workspacesFed(context: CheckContext, subscriptionId: string): Set<ResourceKey> {
  const settings = valueOf(context.estate.fact(`/subscriptions/${subscriptionId}`, 'diagnostic-settings')) ?? []
  const feeding = settings.filter(({ logs }) => logs.some(({ enabled, category, categoryGroup }) => enabled && (category === 'Administrative' || categoryGroup === 'allLogs')))
  return new Set(feeding.flatMap(({ workspaceId }) => (workspaceId === null ? [] : toResourceKey(workspaceId))))
}

function ofAlert(rule: ActivityLogAlert, reach: Candidate['reach'], alerting: Alerting): Candidate {
  return {
    id: rule.id,
    enabled: rule.enabled,
    reach,
    match: (event) => matchConditions(rule.conditions, event),
    delivery: deliveryOf(rule.actionGroupIds, alerting),
    traits: (event) => ({
      ...ruleTraits(rule.id),
      severity: ['sev4'],
      monitorservice: (event.category ?? []).map((category) => (category === 'servicehealth' ? category : `activitylog ${category}`)),
    }),
  }
}

function ofQuery(rule: ActivityQueryRule, reach: Candidate['reach'], alerting: Alerting): Candidate {
  return {
    id: rule.id,
    enabled: rule.enabled,
    reach,
    match: (event) => matchQuery(rule, event),
    delivery: deliveryOf(rule.actionGroupIds, alerting),
    traits: () => ({ ...ruleTraits(rule.id), monitorservice: ['log alerts v2'] }),
  }
}

function ruleTraits(id: string): AlertTraits {
  return { alertruleid: [id.toLowerCase()], alertrulename: [nameOf(id).toLowerCase()], monitorcondition: ['fired'], signaltype: ['log'] }
}

/** The rules of the whole tenant that watch this subscription or a part of it. */
export const watchersOf = memoByContext((context: CheckContext): Watchers => {
  const { subscription, tenantId } = context.estate
  const alerting = valueOf(context.estate.fact(`/tenants/${tenantId}`, 'alerting'))
  if (subscription === null || alerting === undefined) return { candidates: [], suppressions: [] }
  const { subscriptionId } = subscription
  const fed = workspacesFed(context, subscriptionId)
  const reach = (scopes: readonly string[]): Reach => reachOf(scopes, subscriptionId, tenantId)
  const queryReach = (scopes: readonly string[]): Reach => (scopes.some((scope) => fed.has(toResourceKey(scope))) ? 'all' : reach(scopes))
  return {
    candidates: [
      ...alerting.activityLogAlerts.flatMap((rule) => within(reach(rule.scopes), (far) => ofAlert(rule, far, alerting))),
      ...alerting.queryRules.flatMap((rule) => within(queryReach(rule.scopes), (far) => ofQuery(rule, far, alerting))),
    ],
    suppressions: alerting.suppressionRules.filter(({ enabled, always, scopes }) => enabled && always && reach(scopes) === 'all'),
  }
})

function within(reach: Reach, make: (reach: Candidate['reach']) => Candidate): Candidate[] {
  return reach === 'none' ? [] : [make(reach)]
}

/** What each rule that has to do with this event does about it; rules for other events are left out. */
export function verdictsOn(event: ActivityEvent, { candidates, suppressions }: Watchers): RuleVerdict[] {
  return candidates.flatMap((candidate): RuleVerdict[] => {
    const verdict = verdictOn(event, candidate, suppressions)
    return verdict === null ? [] : [{ ...verdict, id: candidate.id }]
  })
}

function verdictOn(event: ActivityEvent, { reach, enabled, delivery, match, traits }: Candidate, suppressions: readonly SuppressionRule[]): Delivery | null {
  const matched = match(event)
  if (matched.kind === 'other') return null
  if (!enabled) return { state: 'broken', why: 'is switched off' }
  if (matched.kind === 'some') return { state: 'broken', why: `is narrowed by ${matched.narrowedBy.join(' and ')}` }
  if (reach === 'part') return { state: 'broken', why: 'watches a part of the subscription alone' }
  if (delivery.state === 'broken') return { ...delivery, why: `reaches nobody: ${delivery.why}` }
  const suppressed = suppressionOf(suppressions, traits(event))
  if (suppressed.state === 'broken') return { ...suppressed, why: `reaches nobody: ${suppressed.why}` }
  const unclear = (why: string, reasonCode: ReasonCode): Delivery => ({ state: 'unclear', why, reasonCode })
  if (matched.kind === 'unclear') return unclear(`cannot be judged: ${matched.why}`, 'unsupported')
  if (reach === 'unclear') return unclear('watches a management group that may hold the subscription', 'unsupported')
  for (const one of [delivery, suppressed]) if (one.state === 'unclear') return unclear(`cannot be judged: ${one.why}`, one.reasonCode)
  return { state: 'works' }
}

/** True when the subscription's own rules were read. */
export function isCovered(alerting: Alerting, subscriptionId: string): boolean {
  return alerting.covered.includes(subscriptionIdOf(subscriptionId) ?? subscriptionId.toLowerCase())
}
