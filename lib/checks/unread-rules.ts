import type { Alerting } from '@/lib/domain/alerting'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Judgement } from '@/lib/domain/finding'

type Why = Pick<Extract<Judgement, { verdict: 'unknown' }>, 'reasonCode' | 'permission'>

/** What Azure answered in place of the rules of a subscription (lower-case id) that were not read; undefined: it left them out without a word. */
export function ruleFailure(alerting: Alerting, subscriptionId: string): ReadFailure | undefined {
  return alerting.failures?.find(({ subscriptions }) => subscriptions.includes(subscriptionId))?.failure
}

/** Why rules of some of these subscriptions (lower-case ids) were not read. One that is out of sight comes first: a grant cures it, and time does not. */
export function whyUnread(alerting: Alerting, subscriptions: readonly string[], permission: string): Why {
  const failures = subscriptions.map((id) => ruleFailure(alerting, id))
  const failure = failures.includes(undefined) ? undefined : (failures.find((one) => one?.reason === 'permission-denied') ?? failures[0])
  if (failure === undefined) return { reasonCode: 'permission-denied', permission }
  return failure.reason === 'permission-denied' ? { reasonCode: failure.reason, permission: failure.action ?? permission } : { reasonCode: failure.reason }
}
