import type { ActionGroup, AdditionRule, Alerting, ProcessingRule } from '@/lib/domain/alerting'
import { nameOf, subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { ReasonCode } from '@/lib/domain/verdict'
import { whyUnread } from '../unread-rules'
import type { Applied } from './processing-rules'

/** Whether a rule reaches anyone. */
export type Delivery =
  | { state: 'works' }
  | { state: 'broken'; why: string }
  /** `permission`: the action whose grant would tell; `refusedOn`: the id of what it is wanted on. */
  | { state: 'unclear'; why: string; reasonCode: ReasonCode; permission?: string; refusedOn?: string }

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

/** Whether anyone is reached by the alert's own action groups and those that processing rules add to it. */
export function deliveryWith(additions: readonly Applied<AdditionRule>[], actionGroupIds: readonly string[], alerting: Alerting): Delivery {
  const isSure = ({ force, sure }: Applied<AdditionRule>): boolean => sure && force === 'lasting'
  const delivery = deliveryOf([...actionGroupIds, ...additions.filter(isSure).flatMap(({ rule }) => rule.actionGroupIds)], alerting)
  if (delivery.state !== 'broken') return delivery
  const perhaps = additions.find((each) => !isSure(each) && deliveryOf(each.rule.actionGroupIds, alerting).state !== 'broken')
  if (perhaps === undefined) return delivery
  const when = perhaps.sure ? 'adds one at recurring times alone' : 'may add one'
  return { state: 'unclear', why: `${delivery.why}, and the processing rule ${nameOf(perhaps.rule.id)} ${when}`, reasonCode: 'unsupported' }
}

/** Whether processing rules take the action groups off an alert. */
export function suppressionOf(suppressions: readonly Applied<ProcessingRule>[]): Delivery {
  const lasting = suppressions.find(({ sure, force }) => sure && force === 'lasting')
  if (lasting !== undefined) return { state: 'broken', why: `the processing rule ${nameOf(lasting.rule.id)} takes its action groups off` }
  const [first] = suppressions
  if (first === undefined) return { state: 'works' }
  const when = first.sure ? 'takes its action groups off at recurring times' : 'may take its action groups off'
  return { state: 'unclear', why: `the processing rule ${nameOf(first.rule.id)} ${when}`, reasonCode: 'unsupported' }
}
