import type { ActivityLogAlert, AdditionRule, Alerting, ProcessingRule, QueryRule } from '@/lib/domain/alerting'
import { nameOf, subscriptionIdOf, toResourceKey, typeOf } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import { managementGroupKey, managementGroupPrefix } from '@/lib/domain/management-group'
import type { SentinelRule } from '@/lib/domain/sentinel'
import { memoByContext } from '../context-memo'
import { valueOf } from '../unread'
import { activityLogFeeds, carries, type ActivityLogFeeds, type Unclear } from './activity-log-feeds'
import { deliveryWith, inForce, suppressionOf, takes, type AlertTraits, type Delivery, type InForce, type Suppression } from './delivery'
import { matchConditions, matchQueries, type Match } from './matching'
import type { ActivityEvent } from './operations'
import { sentinelWorkspaces, type SentinelWorkspace } from './sentinel-watching'

/** How far a rule's scopes reach over a subscription. */
type Reach = 'all' | 'part' | 'none' | Unclear

interface Candidate {
  id: string
  name: string
  form: 'activity log alert' | 'scheduled query rule' | 'Sentinel rule'
  enabled: boolean
  reach(event: ActivityEvent): Reach
  match(event: ActivityEvent): Match
  /** Before processing rules take action groups off. */
  delivery(event: ActivityEvent): Delivery
  /** Null: processing rules have no say in it. */
  traits(event: ActivityEvent): AlertTraits | null
}

export interface Watchers {
  candidates: readonly Candidate[]
  /** Processing rules that cover the whole subscription and are in force for long, or again and again. */
  suppressions: readonly Suppression[]
  /** Workspaces whose rules of Sentinel could not be read. */
  unread: readonly SentinelWorkspace[]
}

/** What one rule does about one event. `why` completes "the rule … ". */
export type RuleVerdict = Delivery & Pick<Candidate, 'id' | 'name' | 'form'>

function reachOf(scopes: readonly string[], { subscriptionId, tenantId, groupNames }: { subscriptionId: string; tenantId: string; groupNames: ReadonlySet<string> }): Reach {
  const own = `/subscriptions/${subscriptionId.toLowerCase()}`
  const root = managementGroupKey(tenantId)
  let reach: Reach = 'none'
  for (const scope of scopes.map(toResourceKey)) {
    if (scope === own || scope === root || scope === '/') return 'all'
    if (scope.startsWith(managementGroupPrefix)) {
      if (groupNames.has(nameOf(scope))) return 'all'
      if (groupNames.size === 0) reach = { why: 'watches a management group that may hold the subscription', reasonCode: 'unsupported' }
    } else if (scope.startsWith(`${own}/`) && reach === 'none') reach = 'part'
  }
  return reach
}

/** A query on a workspace sees what arrives there, from whichever subscription. */
function queryReach(scopes: readonly string[], event: ActivityEvent, feeds: ActivityLogFeeds, reach: (scopes: readonly string[]) => Reach): Reach {
  const isWorkspace = (scope: string): boolean => typeOf(scope) === 'microsoft.operationalinsights/workspaces'
  const workspaces = scopes.filter(isWorkspace)
  const others = reach(scopes.filter((scope) => !isWorkspace(scope)))
  if (workspaces.length === 0 || others === 'all') return others
  if (feeds.state === 'unread') return feeds.why
  const fed = workspaces.some((scope) => {
    const feed = feeds.workspaces.get(toResourceKey(scope))
    return feed !== undefined && carries(feed.categories, event)
  })
  return fed ? 'all' : others
}

/** What an alert of the activity log is to processing rules; null: they leave Service Health alerts alone. */
function activityTraits(id: string, { category = [] }: ActivityEvent): AlertTraits | null {
  if (category.includes('servicehealth')) return null
  return { ...ruleTraits(id), severity: ['sev4'], monitorservice: category.map((one) => `activitylog ${one}`) }
}

function ofAlert(rule: ActivityLogAlert, reach: Reach, additions: readonly InForce<AdditionRule>[], alerting: Alerting): Candidate {
  return {
    id: rule.id,
    name: nameOf(rule.id),
    form: 'activity log alert',
    enabled: rule.enabled,
    reach: () => reach,
    match: (event) => matchConditions(rule.conditions, event),
    delivery: (event) => {
      const traits = activityTraits(rule.id, event)
      return deliveryWith(traits === null ? [] : additions.map((each) => ({ ...each, isFor: takes(each.rule, traits) })), rule.actionGroupIds, alerting)
    },
    traits: (event) => activityTraits(rule.id, event),
  }
}

/** An alert of a query fires on what the query runs over, so that processing rules for all of that are for it, unless rows name what it fires on. */
function covers({ scopes }: ProcessingRule, rule: QueryRule): boolean {
  const own = scopes.map(toResourceKey)
  return rule.scopes.length > 0 && rule.scopes.map(toResourceKey).every((scope) => own.some((one) => scope === one || scope.startsWith(`${one}/`)))
}

/** Before processing rules take action groups off. */
function queryDelivery(rule: QueryRule, alerting: Alerting, scannedAt: string): Delivery {
  const traits = queryTraits(rule.id)
  const additions = inForce(alerting.additionRules ?? [], scannedAt).map((each) => {
    const isFor = rule.byResource || covers(each.rule, rule) ? takes(each.rule, traits) : false
    return { ...each, isFor: rule.byResource && isFor ? null : isFor }
  })
  return deliveryWith(additions, rule.actionGroupIds, alerting)
}

function ofQuery(rule: QueryRule, reach: Candidate['reach'], delivery: Delivery): Candidate {
  return {
    id: rule.id,
    name: nameOf(rule.id),
    form: 'scheduled query rule',
    enabled: rule.enabled,
    reach,
    match: (event) => matchQueries(rule.queries, event),
    delivery: () => delivery,
    traits: () => queryTraits(rule.id),
  }
}

function queryTraits(id: string): AlertTraits {
  return { ...ruleTraits(id), monitorservice: ['log alerts v2'] }
}

function ruleTraits(id: string): AlertTraits {
  return { alertruleid: [id.toLowerCase()], alertrulename: [nameOf(id).toLowerCase()], monitorcondition: ['fired'], signaltype: ['log'] }
}

/** An incident in Sentinel is what people look at; an alert without one is seen by those alone who search for it. */
function ofSentinel({ id, name, enabled, createsIncidents, activityQuery }: SentinelRule, { unclear, receives }: SentinelWorkspace): Candidate[] {
  if (activityQuery === null) return []
  return [{
    id,
    name,
    form: 'Sentinel rule',
    enabled,
    reach: (event) => (receives(event) ? (unclear ?? 'all') : 'none'),
    match: (event) => matchQueries([activityQuery], event),
    delivery: () => (createsIncidents ? { state: 'works' } : { state: 'unclear', why: 'it creates no incidents', reasonCode: 'unsupported' }),
    traits: () => null,
  }]
}

/** The rules of the whole tenant that watch this subscription or a part of it. */
export const watchersOf = memoByContext((context: CheckContext): Watchers => {
  const { subscription, tenantId } = context.estate
  const alerting = valueOf(context.estate.fact(`/tenants/${tenantId}`, 'alerting'))
  if (subscription === null || alerting === undefined) return { candidates: [], suppressions: [], unread: [] }
  const feeds = activityLogFeeds(context)
  const groupNames = new Set(context.estate.managementGroupNames.map((name) => name.toLowerCase()))
  const reach = (scopes: readonly string[]): Reach => reachOf(scopes, { subscriptionId: subscription.subscriptionId, tenantId, groupNames })
  const overAll = <R extends ProcessingRule>(rules: readonly R[]): InForce<R>[] => inForce(rules.filter(({ scopes }) => reach(scopes) === 'all'), context.scannedAt)
  const additions = overAll(alerting.additionRules ?? [])
  const sentinel = sentinelWorkspaces(context)
  return {
    candidates: [
      ...alerting.activityLogAlerts.flatMap((rule) => {
        const far = reach(rule.scopes)
        return far === 'none' ? [] : ofAlert(rule, far, additions, alerting)
      }),
      ...alerting.queryRules.filter(({ queries }) => queries.length > 0).map((rule) => ofQuery(rule, (event) => queryReach(rule.scopes, event, feeds, reach), queryDelivery(rule, alerting, context.scannedAt))),
      ...sentinel.flatMap((workspace) => (workspace.rules ?? []).flatMap((rule) => ofSentinel(rule, workspace))),
    ],
    suppressions: overAll(alerting.suppressionRules),
    unread: sentinel.filter(({ rules }) => rules === null),
  }
})

/** What each rule that has to do with this event does about it; rules for other events are left out. */
export function verdictsOn(event: ActivityEvent, { candidates, suppressions }: Watchers): RuleVerdict[] {
  return candidates.flatMap((candidate): RuleVerdict[] => {
    const verdict = verdictOn(event, candidate, suppressions)
    const { id, name, form } = candidate
    return verdict === null ? [] : [{ ...verdict, id, name, form }]
  })
}

function verdictOn(event: ActivityEvent, candidate: Candidate, suppressions: readonly Suppression[]): Delivery | null {
  const matched = candidate.match(event)
  if (matched.kind === 'other') return null
  const reach = candidate.reach(event)
  if (reach === 'none') return null
  if (!candidate.enabled) return { state: 'broken', why: 'is switched off' }
  if (matched.kind === 'some') return { state: 'broken', why: `is narrowed by ${matched.narrowedBy.join(' and ')}` }
  if (reach === 'part') return { state: 'broken', why: 'watches a part of the subscription alone' }
  const delivery = candidate.delivery(event)
  if (delivery.state === 'broken') return { ...delivery, why: `reaches nobody: ${delivery.why}` }
  const traits = candidate.traits(event)
  const suppressed: Delivery = traits === null ? { state: 'works' } : suppressionOf(suppressions, traits)
  if (suppressed.state === 'broken') return { ...suppressed, why: `reaches nobody: ${suppressed.why}` }
  if (matched.kind === 'unclear') return { state: 'unclear', why: `cannot be judged: ${matched.why}`, reasonCode: 'unsupported' }
  if (reach !== 'all') return { state: 'unclear', ...reach }
  for (const one of [delivery, suppressed]) if (one.state === 'unclear') return { ...one, why: `cannot be judged: ${one.why}` }
  return { state: 'works' }
}

/** True when the subscription's own rules were read. */
export function isCovered(alerting: Alerting, subscriptionId: string): boolean {
  return alerting.covered.includes(subscriptionIdOf(subscriptionId) ?? subscriptionId.toLowerCase())
}

/** Whether a scheduled query rule on a workspace of the subscription reaches anyone, as processing rules of the subscription leave it. */
export function deliveryOfQuery(rule: QueryRule, alerting: Alerting, context: CheckContext): Delivery {
  const delivery = queryDelivery(rule, alerting, context.scannedAt)
  if (delivery.state === 'broken') return delivery
  const suppressed = suppressionOf(watchersOf(context).suppressions, queryTraits(rule.id))
  return suppressed.state === 'broken' || delivery.state === 'works' ? suppressed : delivery
}
