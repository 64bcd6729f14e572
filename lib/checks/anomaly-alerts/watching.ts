import type { ActivityLogAlert, Alerting, ProcessingRule, QueryRule } from '@/lib/domain/alerting'
import { nameOf, subscriptionIdOf, toResourceKey, typeOf } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import { managementGroupKey, managementGroupPrefix } from '@/lib/domain/management-group'
import type { SentinelRule } from '@/lib/domain/sentinel'
import { memoByContext } from '../context-memo'
import { valueOf } from '../unread'
import { activityLogFeeds, arrival, type ActivityLogFeeds, type Unclear } from './activity-log-feeds'
import type { Delivery } from './delivery'
import { matchConditions, matchQueries, type Match } from './matching'
import { noticeOfActivity, noticeOfQuery, processingOver, type Notice, type Processing } from './notice'
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
  notice(event: ActivityEvent): Notice
}

export interface Watchers {
  candidates: readonly Candidate[]
  /** What lies over the whole subscription. */
  processing: Processing
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
  const arrivals = workspaces.map((scope) => {
    const feed = feeds.workspaces.get(toResourceKey(scope))
    return feed === undefined ? 'none' : arrival(feed, event)
  })
  if (arrivals.includes('all')) return 'all'
  return arrivals.find((one) => one !== 'none') ?? others
}

function ofAlert(rule: ActivityLogAlert, reach: Reach, processing: Processing, alerting: Alerting): Candidate {
  return {
    id: rule.id,
    name: nameOf(rule.id),
    form: 'activity log alert',
    enabled: rule.enabled,
    reach: () => reach,
    match: (event) => matchConditions(rule.conditions, event),
    notice: (event) => noticeOfActivity(rule, event, processing, alerting),
  }
}

function ofQuery(rule: QueryRule, reach: Candidate['reach'], notice: Notice): Candidate {
  return {
    id: rule.id,
    name: nameOf(rule.id),
    form: 'scheduled query rule',
    enabled: rule.enabled,
    reach,
    match: (event) => matchQueries(rule.queries, event),
    notice: () => notice,
  }
}

/** An incident in Sentinel is what people look at; an alert without one is seen by those alone who search for it. */
function ofSentinel({ id, name, enabled, createsIncidents, activityQuery }: SentinelRule, { receives }: SentinelWorkspace): Candidate[] {
  if (activityQuery === null) return []
  return [{
    id,
    name,
    form: 'Sentinel rule',
    enabled,
    reach: receives,
    match: (event) => matchQueries([activityQuery], event),
    notice: () => ({ delivery: createsIncidents ? { state: 'works' } : { state: 'unclear', why: 'it creates no incidents', reasonCode: 'unsupported' }, suppression: { state: 'works' } }),
  }]
}

/** The rules of the whole tenant that watch this subscription or a part of it. */
export const watchersOf = memoByContext((context: CheckContext): Watchers => {
  const { subscription, tenantId } = context.estate
  const alerting = valueOf(context.estate.fact(`/tenants/${tenantId}`, 'alerting'))
  if (subscription === null || alerting === undefined) return { candidates: [], processing: { additions: [], suppressions: [] }, unread: [] }
  const feeds = activityLogFeeds(context)
  const groupNames = new Set(context.estate.managementGroupNames.map((name) => name.toLowerCase()))
  const reach = (scopes: readonly string[]): Reach => reachOf(scopes, { subscriptionId: subscription.subscriptionId, tenantId, groupNames })
  const processing = processingOver(alerting, ({ scopes }: ProcessingRule) => reach(scopes) === 'all', context.scannedAt)
  const sentinel = sentinelWorkspaces(context)
  return {
    candidates: [
      ...alerting.activityLogAlerts.flatMap((rule) => {
        const far = reach(rule.scopes)
        return far === 'none' ? [] : ofAlert(rule, far, processing, alerting)
      }),
      ...alerting.queryRules.filter(({ queries }) => queries.length > 0).map((rule) => ofQuery(rule, (event) => queryReach(rule.scopes, event, feeds, reach), noticeOfQuery(rule, processing, alerting, context))),
      ...sentinel.flatMap((workspace) => (workspace.rules ?? []).flatMap((rule) => ofSentinel(rule, workspace))),
    ],
    processing,
    unread: sentinel.filter(({ rules }) => rules === null),
  }
})

/** What each rule that has to do with this event does about it; rules for other events are left out. */
export function verdictsOn(event: ActivityEvent, { candidates }: Watchers): RuleVerdict[] {
  return candidates.flatMap((candidate): RuleVerdict[] => {
    const verdict = verdictOn(event, candidate)
    const { id, name, form } = candidate
    return verdict === null ? [] : [{ ...verdict, id, name, form }]
  })
}

function verdictOn(event: ActivityEvent, candidate: Candidate): Delivery | null {
  const matched = candidate.match(event)
  if (matched.kind === 'other') return null
  const reach = candidate.reach(event)
  if (reach === 'none') return null
  if (!candidate.enabled) return { state: 'broken', why: 'is switched off' }
  if (matched.kind === 'some') return { state: 'broken', why: `is narrowed by ${matched.narrowedBy.join(' and ')}` }
  if (reach === 'part') return { state: 'broken', why: 'watches a part of the subscription alone' }
  const { delivery, suppression } = candidate.notice(event)
  if (delivery.state === 'broken') return { ...delivery, why: `reaches nobody: ${delivery.why}` }
  if (suppression.state === 'broken') return { ...suppression, why: `reaches nobody: ${suppression.why}` }
  if (matched.kind === 'unclear') return { state: 'unclear', why: `cannot be judged: ${matched.why}`, reasonCode: 'unsupported' }
  if (reach !== 'all') return { state: 'unclear', ...reach }
  for (const one of [delivery, suppression]) if (one.state === 'unclear') return { ...one, why: `cannot be judged: ${one.why}` }
  return { state: 'works' }
}

/** True when the subscription's own rules were read. */
export function isCovered(alerting: Alerting, subscriptionId: string): boolean {
  return alerting.covered.includes(subscriptionIdOf(subscriptionId) ?? subscriptionId.toLowerCase())
}

/** Whether a scheduled query rule on a workspace of the subscription reaches anyone, as processing rules leave it. */
export function deliveryOfQuery(rule: QueryRule, alerting: Alerting, context: CheckContext): Delivery {
  const { delivery, suppression } = noticeOfQuery(rule, watchersOf(context).processing, alerting, context)
  if (delivery.state === 'broken') return delivery
  return suppression.state === 'broken' || delivery.state === 'works' ? suppression : delivery
}
