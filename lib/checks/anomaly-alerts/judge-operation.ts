import type { CheckContext, Subject } from '@/lib/domain/check'
import { nameOf } from '@/lib/domain/arm-id'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { readActionOf, refusalEvidence } from '../destination'
import { unreadJudgement } from '../unread'
import { ruleFailure, whyUnread } from '../unread-rules'
import { listInWords } from '../wording'
import { transformationsRead } from '../workspace-transformation'
import type { ActivityEvent, WatchedOperation } from './operations'
import { sentinelPermissions } from './sentinel-watching'
import { isCovered, verdictsOn, watchersOf, type RuleVerdict } from './watching'

export const alertPermissions = [
  'Microsoft.Insights/activityLogAlerts/read',
  'Microsoft.Insights/actionGroups/read',
  'Microsoft.Insights/scheduledQueryRules/read',
  'Microsoft.AlertsManagement/actionRules/read',
  'Microsoft.Insights/diagnosticSettings/read',
  readActionOf.workspace,
  transformationsRead,
  ...sentinelPermissions,
] as const
const [permission] = alertPermissions

/** Rules in evidence: enough to see what is there. */
const rulesShown = 10

interface EventVerdict {
  event: ActivityEvent
  rules: RuleVerdict[]
  state: 'works' | 'broken' | 'unclear'
}

function eventVerdict(event: ActivityEvent, rules: RuleVerdict[]): EventVerdict {
  const state = rules.some((rule) => rule.state === 'works') ? 'works' : rules.some((rule) => rule.state === 'unclear') ? 'unclear' : 'broken'
  return { event, rules, state }
}

function sayOf(rule: RuleVerdict): string {
  return rule.state === 'works' ? 'watches and reaches someone' : rule.why
}

function evidenceOf(operation: WatchedOperation, verdicts: readonly EventVerdict[]): Evidence {
  const byRule = new Map<string, { id: string; name?: string; form: string; says: string[] }>()
  for (const rule of verdicts.flatMap(({ rules }) => rules)) {
    // The id of a rule of Sentinel ends in a GUID.
    const known = byRule.get(rule.id) ?? { id: rule.id, ...(rule.form === 'Sentinel rule' && { name: rule.name }), form: rule.form, says: [] }
    byRule.set(rule.id, known)
    if (!known.says.includes(sayOf(rule))) known.says.push(sayOf(rule))
  }
  const rules = [...byRule.values()]
  return {
    ...(operation.operations.length > 0 ? { operations: operation.operations } : { category: operation.category }),
    rules: rules.slice(0, rulesShown),
    ...(rules.length > rulesShown && { moreRules: rules.length - rulesShown }),
  }
}

/** Names of what an event is, for a reason. */
function eventName(event: ActivityEvent, operation: WatchedOperation): string {
  const name = event.operationname?.[0]
  return operation.operations.find((one) => one.toLowerCase() === name) ?? event['properties.incidenttype']?.[0] ?? name ?? operation.category
}

function whyBroken(rules: readonly RuleVerdict[]): string {
  const [first] = rules.flatMap((rule) => (rule.state === 'broken' ? `the ${rule.form === 'Sentinel rule' ? rule.form : 'rule'} ${rule.name} ${rule.why}` : []))
  if (first === undefined) return 'no alert rule watches the subscription for it'
  return rules.length > 1 ? `${first}, and so on for ${rules.length - 1} more` : first
}

/** Whether someone is told when the operation happens anywhere in the subscription. */
export function judgeOperation(operation: WatchedOperation, subject: Subject, context: CheckContext): Judgement | undefined {
  if (subject.kind !== 'subscription') return undefined
  if (subject.subscription.state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
  const read = context.estate.fact(`/tenants/${context.estate.tenantId}`, 'alerting')
  if (!read?.ok) return unreadJudgement('The alert rules', read, permission)
  const alerting = read.value
  if (!isCovered(alerting, subject.id)) {
    const failure = ruleFailure(alerting, nameOf(subject.id).toLowerCase())
    if (failure !== undefined) return unreadJudgement('The alert rules of the subscription', failure, permission)
    return { verdict: 'unknown', reasonCode: 'permission-denied', reason: 'The alert rules of the subscription are not in sight.', permission, evidence: { read: { source: 'Resource Graph' } } }
  }

  const watchers = watchersOf(context)
  const verdicts = operation.events.map((event) => eventVerdict(event, verdictsOn(event, watchers)))
  const evidence = evidenceOf(operation, verdicts)
  const missing = verdicts.filter(({ state }) => state !== 'works')
  const [worst] = missing.filter(({ state }) => state === 'broken').concat(missing)
  if (worst === undefined) {
    const names = [...new Set(verdicts.flatMap(({ rules }) => rules.filter(({ state }) => state === 'works').slice(0, 1).map(({ name, form }) => (form === 'Sentinel rule' ? `the Sentinel rule ${name}` : name))))]
    return { verdict: 'pass', reason: `Someone is told when ${operation.happens}: by ${listInWords(names)}.`, evidence }
  }
  if (worst.state === 'unclear') {
    const [rule] = worst.rules.flatMap((one) => (one.state === 'unclear' ? one : []))
    const reason = `Whether anyone is told when ${operation.happens} cannot be told: the rule ${rule?.name ?? ''} ${rule?.why ?? ''}.`
    return { verdict: 'unknown', reasonCode: rule?.reasonCode ?? 'unsupported', reason, evidence: { ...evidence, ...refusalEvidence(rule ?? {}) }, ...(rule?.permission && { permission: rule.permission }) }
  }
  if (alerting.unread.length > 0) {
    return {
      verdict: 'unknown', ...whyUnread(alerting, alerting.unread, permission), evidence: { ...evidence, unreadSubscriptions: alerting.unread.slice(0, rulesShown) },
      reason: `No alert that can be read is raised when ${operation.happens}, and a rule may live in a subscription whose rules could not be read.`,
    }
  }
  const sentinel = watchers.unread.find(({ receives }) => receives(worst.event) !== 'none')?.unclear
  if (sentinel) {
    return {
      verdict: 'unknown', reasonCode: sentinel.reasonCode, ...(sentinel.permission && { permission: sentinel.permission }),
      evidence: { ...evidence, unreadSentinel: watchers.unread.map(({ id }) => id).slice(0, rulesShown) },
      reason: `No alert that can be read is raised when ${operation.happens}, and ${sentinel.why}.`,
    }
  }
  const which = missing.length < verdicts.length ? ` (${eventName(worst.event, operation)})` : ''
  return { verdict: 'fail', reason: `Nobody is told when ${operation.happens}${which}: ${whyBroken(worst.rules)}.`, evidence }
}
