import type { AlertCondition, AlertLeaf, QueryRule } from '@/lib/domain/alerting'
import { answerOf } from './activity-query'
import { eventOfPolicy, type ActivityEvent } from './operations'

/** What a rule makes of an event: it is for others, for all events of the kind, or for some of them alone. */
export type Match = { kind: 'other' } | { kind: 'all' } | { kind: 'some'; narrowedBy: string[] } | { kind: 'unclear'; why: string }

/** Fields that say which operation a rule is for. */
const naming = ['operationname', 'resourcetype', 'resourceprovider', 'resourceprovidername']
const identifying = ['category', ...naming]

function holds({ field, equals, containsAny }: AlertLeaf, event: ActivityEvent): boolean {
  const values = event[field?.toLowerCase() ?? '']
  if (values === undefined) return false
  if (equals !== null && !values.includes(equals.toLowerCase())) return false
  if (containsAny.length > 0 && !values.some((value) => containsAny.some((part) => value.includes(part.toLowerCase())))) return false
  return equals !== null || containsAny.length > 0
}

function fieldsOf(condition: AlertCondition): string[] {
  return (condition.anyOf.length > 0 ? condition.anyOf : [condition]).map(({ field }) => field ?? 'a field without a name')
}

/** Why a rule that only a built-in policy would have so cannot be judged. */
function filedElsewhere(category: string): string {
  return `it watches the category ${category}, which a built-in policy of Azure asks for, while the documentation files the operation under Administrative`
}

/**
 * What a rule makes of an event. One that names the operation under the category of a built-in policy may or may not be raised; one on that category alone is for the
 * alerts of Defender or the effects of Azure Policy, which the documentation files there.
 */
export function matchConditions(conditions: readonly AlertCondition[], event: ActivityEvent): Match {
  const match = matchFields(conditions, event)
  const policy = match.kind === 'other' ? eventOfPolicy(event) : undefined
  if (policy === undefined || !conditions.some((condition) => fieldsOf(condition).every((name) => naming.includes(name.toLowerCase())))) return match
  const asPolicy = matchFields(conditions, policy.event)
  return asPolicy.kind === 'all' ? { kind: 'unclear', why: filedElsewhere(policy.category) } : asPolicy
}

/** Every entry of `allOf` must hold, and of an `anyOf` one. An event holds no value for a field that only some have (the caller, a group), so such an entry narrows. */
function matchFields(conditions: readonly AlertCondition[], event: ActivityEvent): Match {
  if (conditions.length === 0) return { kind: 'other' }
  const failing = conditions.filter((condition) => (condition.anyOf.length > 0 ? !condition.anyOf.some((leaf) => holds(leaf, event)) : !holds(condition, event)))
  if (failing.length === 0) return { kind: 'all' }
  const fields = failing.map(fieldsOf)
  if (fields.some((names) => names.every((name) => identifying.includes(name.toLowerCase())))) return { kind: 'other' }
  return { kind: 'some', narrowedBy: [...new Set(fields.flat())].sort() }
}

function matchAsPolicy(queries: QueryRule['queries'], event: ActivityEvent): Match {
  const policy = eventOfPolicy(event)
  const names = (text: string): boolean => event.operationname?.some((operation) => text.toLowerCase().includes(operation)) === true
  const watches = policy !== undefined && queries.some(({ text, onAny }) => onAny && names(text) && answerOf(text, policy.event).kind === 'all')
  return watches ? { kind: 'unclear', why: filedElsewhere(policy.category) } : { kind: 'other' }
}

/** A rule counts when a query of it gives every row of the event and a single row is enough. */
export function matchQueries(queries: QueryRule['queries'], event: ActivityEvent): Match {
  const found = queries.map(({ text, onAny }) => ({ onAny, answer: answerOf(text, event) })).filter(({ answer }) => answer.kind !== 'other')
  if (found.length === 0) return matchAsPolicy(queries, event)
  if (found.some(({ answer, onAny }) => answer.kind === 'all' && onAny)) return { kind: 'all' }
  if (found.some(({ answer, onAny }) => answer.kind === 'unclear' && onAny)) return { kind: 'unclear', why: 'its query may leave some events out' }
  return { kind: 'some', narrowedBy: [...new Set(found.flatMap(({ answer }) => (answer.kind === 'some' ? answer.narrowedBy : ['its threshold or dimensions'])))].sort() }
}
