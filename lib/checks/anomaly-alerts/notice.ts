import type { ActivityLogAlert, AdditionRule, Alerting, ProcessingRule, QueryRule } from '@/lib/domain/alerting'
import { nameOf, subscriptionIdOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import { memoByScan } from '../context-memo'
import { valueOf } from '../unread'
import { deliveryWith, suppressionOf, type Delivery } from './delivery'
import type { ActivityEvent } from './operations'
import { applied, inForce, type AlertTraits, type Applied, type InForce } from './processing-rules'

/** Whether an alert reaches anyone. */
export interface Notice {
  /** By its own action groups and those that processing rules add. */
  delivery: Delivery
  /** Whether processing rules leave them to it. */
  suppression: Delivery
}

/** Processing rules in force. */
export interface Processing {
  additions: readonly InForce<AdditionRule>[]
  suppressions: readonly InForce<ProcessingRule>[]
}

/** Those of the tenant that lie over something. */
export function processingOver({ additionRules = [], suppressionRules }: Alerting, isOver: (rule: ProcessingRule) => boolean, scannedAt: string): Processing {
  return { additions: inForce(additionRules.filter(isOver), scannedAt), suppressions: inForce(suppressionRules.filter(isOver), scannedAt) }
}

const nothing: Processing = { additions: [], suppressions: [] }

/** @param isSureOf whether it is known that the alert fires where the processing rules lie. */
function noticeWith({ additions, suppressions }: Processing, traits: AlertTraits, actionGroupIds: readonly string[], alerting: Alerting, isSureOf = true): Notice {
  const of = <R extends ProcessingRule>(rules: readonly InForce<R>[]): Applied<R>[] => applied(rules, traits).map((each) => ({ ...each, sure: each.sure && isSureOf }))
  return { delivery: deliveryWith(of(additions), actionGroupIds, alerting), suppression: suppressionOf(of(suppressions)) }
}

function ruleTraits(id: string): AlertTraits {
  return { alertruleid: [id.toLowerCase()], alertrulename: [nameOf(id).toLowerCase()], monitorcondition: ['fired'], signaltype: ['log'] }
}

/** An alert on the activity log fires in the subscription that is judged, with the rules over all of it; those on Service Health they leave alone. */
export function noticeOfActivity({ id, actionGroupIds }: ActivityLogAlert, { category = [] }: ActivityEvent, over: Processing, alerting: Alerting): Notice {
  const traits = { ...ruleTraits(id), severity: ['sev4'], monitorservice: category.map((one) => `activitylog ${one}`) }
  return noticeWith(category.includes('servicehealth') ? nothing : over, traits, actionGroupIds, alerting)
}

/** The processing rules in force by subscription: a rule and what it is for lie in one. */
const bySubscription = memoByScan((context: CheckContext): ReadonlyMap<string, Processing> => {
  const alerting = valueOf(context.estate.fact(`/tenants/${context.estate.tenantId}`, 'alerting'))
  if (alerting === undefined) return new Map()
  const { additions, suppressions } = processingOver(alerting, () => true, context.scannedAt)
  const found = new Map<string, { additions: InForce<AdditionRule>[]; suppressions: InForce<ProcessingRule>[] }>()
  const at = (rule: ProcessingRule) => {
    const key = subscriptionIdOf(rule.scopes[0] ?? '') ?? ''
    const known = found.get(key) ?? { additions: [], suppressions: [] }
    found.set(key, known)
    return known
  }
  for (const each of additions) at(each.rule).additions.push(each)
  for (const each of suppressions) at(each.rule).suppressions.push(each)
  return found
})

/** True for a processing rule over all that a query runs over. */
function covers({ scopes }: ProcessingRule, rule: QueryRule): boolean {
  const own = scopes.map(toResourceKey)
  return rule.scopes.length > 0 && rule.scopes.map(toResourceKey).every((scope) => own.some((one) => scope === one || scope.startsWith(`${one}/`)))
}

const queryNotices = memoByScan(() => new WeakMap<QueryRule, Notice>())

/**
 * An alert of a query fires on what the query runs over, wherever the rows come from; unless they name what it fires on, which is then somewhere in the subscription
 * that is judged.
 */
export function noticeOfQuery(rule: QueryRule, over: Processing, alerting: Alerting, context: CheckContext): Notice {
  const traits = { ...ruleTraits(rule.id), monitorservice: ['log alerts v2'] }
  if (rule.byResource) return noticeWith(over, traits, rule.actionGroupIds, alerting, false)
  const known = queryNotices(context).get(rule)
  if (known) return known
  const { additions, suppressions } = bySubscription(context).get(subscriptionIdOf(rule.scopes[0] ?? '') ?? '') ?? nothing
  const covering = <R extends ProcessingRule>(rules: readonly InForce<R>[]): InForce<R>[] => rules.filter((each) => covers(each.rule, rule))
  const notice = noticeWith({ additions: covering(additions), suppressions: covering(suppressions) }, traits, rule.actionGroupIds, alerting)
  queryNotices(context).set(rule, notice)
  return notice
}
