import type { ActionGroup, AdditionRule, Alerting, ProcessingRule } from '@/lib/domain/alerting'
import { nameOf, subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { dayMs } from '@/lib/domain/day'
import type { ReasonCode } from '@/lib/domain/verdict'
import { whyUnread } from '../unread-rules'

/** Whether a rule reaches anyone. */
export type Delivery =
  | { state: 'works' }
  | { state: 'broken'; why: string }
  /** `permission`: the action whose grant would tell. */
  | { state: 'unclear'; why: string; reasonCode: ReasonCode; permission?: string }

const groupsByKey = new WeakMap<Alerting, Map<ResourceKey, ActionGroup>>()

function actionGroup(id: string, alerting: Alerting): ActionGroup | undefined {
  let known = groupsByKey.get(alerting)
  if (!known) {
    known = new Map(alerting.actionGroups.map((group) => [toResourceKey(group.id), group]))
    groupsByKey.set(alerting, known)
  }
  return known.get(toResourceKey(id))
}

function groupDelivery(id: string, alerting: Alerting): Delivery {
  const group = actionGroup(id, alerting)
  const name = nameOf(id)
  if (group === undefined) {
    return alerting.covered.includes(subscriptionIdOf(id) ?? '')
      ? { state: 'broken', why: `its action group ${name} no longer exists` }
      : { state: 'unclear', why: `its action group ${name} is in a subscription that cannot be read`, ...whyUnread(alerting, [subscriptionIdOf(id) ?? ''], 'Microsoft.Insights/actionGroups/read') }
  }
  if (!group.enabled) return { state: 'broken', why: `its action group ${name} is switched off` }
  if (Object.keys(group.receivers).length > 0) return { state: 'works' }
  return { state: 'broken', why: group.disabledReceivers > 0 ? `every receiver of its action group ${name} is switched off` : `its action group ${name} has no receiver` }
}

/** One action group that works is enough. */
function deliveryOf(actionGroupIds: readonly string[], alerting: Alerting): Delivery {
  if (actionGroupIds.length === 0) return { state: 'broken', why: 'it calls no action group' }
  const all = actionGroupIds.map((id) => groupDelivery(id, alerting))
  const broken = all.flatMap((one) => (one.state === 'broken' ? one.why : []))
  return all.find(({ state }) => state === 'works') ?? all.find(({ state }) => state === 'unclear') ?? { state: 'broken', why: broken.join(' and ') }
}

/** A processing rule, and when it is in force: `lasting` now and for long, `recurring` again and again. */
export interface InForce<R extends ProcessingRule> {
  rule: R
  force: 'lasting' | 'recurring'
}

export type Suppression = InForce<ProcessingRule>

/** Days from the scan on that a rule must hold for; a shorter one is a maintenance that passes. */
const lastingDays = 30

/** When a rule is in force; `passing`: not now, or for a while only. */
function forceOf({ always, schedule }: ProcessingRule, scannedAt: string): Suppression['force'] | 'passing' {
  if (always) return 'lasting'
  if (schedule === undefined) return 'passing'
  const now = Date.parse(scannedAt)
  const [from, until] = [timeOf(schedule.from), timeOf(schedule.until)]
  if ((from !== null && from > now) || (until !== null && until < now)) return 'passing'
  if (schedule.recurring) return 'recurring'
  return until === null || until - now >= lastingDays * dayMs ? 'lasting' : 'passing'
}

/** Times without a zone are of the rule's own, which hours do not matter for. */
function timeOf(text: string | null): number | null {
  const time = text === null ? Number.NaN : Date.parse(/(z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
  return Number.isNaN(time) ? null : time
}

/** Those of some processing rules that are on and in force for more than a while. */
export function inForce<R extends ProcessingRule>(rules: readonly R[], scannedAt: string): InForce<R>[] {
  return rules.flatMap((rule) => {
    const force = rule.enabled ? forceOf(rule, scannedAt) : 'passing'
    return force === 'passing' ? [] : { rule, force }
  })
}

/** What an alert is to processing rules, in lower case; a field that is not here cannot be told beforehand. */
export type AlertTraits = Readonly<Record<string, readonly string[]>>

function conditionHolds({ field, operator, values }: ProcessingRule['conditions'][number], traits: AlertTraits): boolean | null {
  const own = traits[field?.toLowerCase() ?? '']
  if (own === undefined) return null
  const asked = values.map((value) => value.toLowerCase())
  const some = (test: (a: string, b: string) => boolean): boolean => own.some((a) => asked.some((b) => test(a, b)))
  switch (operator?.toLowerCase()) {
    case 'equals': return some((a, b) => a === b)
    case 'notequals': return !some((a, b) => a === b)
    case 'contains': return some((a, b) => a.includes(b))
    case 'doesnotcontain': return !some((a, b) => a.includes(b))
    default: return null
  }
}

/** Whether all conditions of a processing rule hold for an alert; null: it cannot be told. */
export function takes({ conditions }: ProcessingRule, traits: AlertTraits): boolean | null {
  const held = conditions.map((condition) => conditionHolds(condition, traits))
  return held.includes(false) ? false : held.includes(null) ? null : true
}

/** A processing rule in force that adds action groups; `isFor` null: whether to this alert cannot be told. */
export interface Addition extends InForce<AdditionRule> {
  isFor: boolean | null
}

/** Whether anyone is reached by the alert's own action groups and those that processing rules add to it. */
export function deliveryWith(additions: readonly Addition[], actionGroupIds: readonly string[], alerting: Alerting): Delivery {
  const isSure = ({ force, isFor }: Addition): boolean => isFor === true && force === 'lasting'
  const delivery = deliveryOf([...actionGroupIds, ...additions.filter(isSure).flatMap(({ rule }) => rule.actionGroupIds)], alerting)
  if (delivery.state !== 'broken') return delivery
  const perhaps = additions.find((each) => each.isFor !== false && !isSure(each) && deliveryOf(each.rule.actionGroupIds, alerting).state !== 'broken')
  if (perhaps === undefined) return delivery
  const when = perhaps.isFor === true ? 'adds one at recurring times alone' : 'may add one'
  return { state: 'unclear', why: `${delivery.why}, and the processing rule ${nameOf(perhaps.rule.id)} ${when}`, reasonCode: 'unsupported' }
}

/** Whether a processing rule that covers the whole subscription takes the action groups off this alert. */
export function suppressionOf(suppressions: readonly Suppression[], traits: AlertTraits): Delivery {
  let unclear: string | undefined
  for (const { rule, force } of suppressions) {
    const taken = takes(rule, traits)
    if (taken === false) continue
    const sure = taken === true
    if (sure && force === 'lasting') return { state: 'broken', why: `the processing rule ${nameOf(rule.id)} takes its action groups off` }
    unclear ??= `the processing rule ${nameOf(rule.id)} ${sure ? 'takes its action groups off at recurring times' : 'may take its action groups off'}`
  }
  return unclear === undefined ? { state: 'works' } : { state: 'unclear', why: unclear, reasonCode: 'unsupported' }
}
