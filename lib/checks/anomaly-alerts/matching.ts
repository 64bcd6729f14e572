import type { AlertCondition, AlertLeaf, QueryRule } from '@/lib/domain/alerting'
import { answerOf } from './activity-query'
import type { ActivityEvent } from './operations'

/** What a rule makes of an event: it is for others, for all events of the kind, or for some of them alone. */
export type Match = { kind: 'other' } | { kind: 'all' } | { kind: 'some'; narrowedBy: string[] } | { kind: 'unclear'; why: string }

/** Fields that say which operation a rule is for. */
const identifying = ['category', 'operationname', 'resourcetype', 'resourceprovider', 'resourceprovidername']

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

/** Every entry of `allOf` must hold, and of an `anyOf` one. An event holds no value for a field that only some have (the caller, a group), so such an entry narrows. */
export function matchConditions(conditions: readonly AlertCondition[], event: ActivityEvent): Match {
  if (conditions.length === 0) return { kind: 'other' }
  const failing = conditions.filter((condition) => (condition.anyOf.length > 0 ? !condition.anyOf.some((leaf) => holds(leaf, event)) : !holds(condition, event)))
  if (failing.length === 0) return { kind: 'all' }
  const fields = failing.map(fieldsOf)
  if (fields.some((names) => names.every((name) => identifying.includes(name.toLowerCase())))) return { kind: 'other' }
  return { kind: 'some', narrowedBy: [...new Set(fields.flat())].sort() }
}

/** A rule counts when a query of it gives every row of the event and a single row is enough. */
export function matchQueries(queries: QueryRule['queries'], event: ActivityEvent): Match {
  const found = queries.map(({ text, onAny }) => ({ onAny, answer: answerOf(text, event) })).filter(({ answer }) => answer.kind !== 'other')
  const [first] = found
  if (first === undefined) return { kind: 'other' }
  if (found.some(({ answer, onAny }) => answer.kind === 'all' && onAny)) return { kind: 'all' }
  if (found.some(({ answer, onAny }) => answer.kind === 'unclear' && onAny)) return { kind: 'unclear', why: 'its query may leave some events out' }
  return { kind: 'some', narrowedBy: [...new Set(found.flatMap(({ answer }) => (answer.kind === 'some' ? answer.narrowedBy : ['its threshold or dimensions'])))].sort() }
}
