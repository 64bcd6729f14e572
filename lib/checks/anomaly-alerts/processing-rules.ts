import type { ProcessingRule } from '@/lib/domain/alerting'
import { dayMs } from '@/lib/domain/day'

/** `lasting`: now and for long; `recurring`: again and again. */
type Force = 'lasting' | 'recurring'

/** A processing rule, and when it is in force. */
export interface InForce<R extends ProcessingRule> {
  rule: R
  force: Force
}

/** One that is for an alert, as far as can be told beforehand. */
export interface Applied<R extends ProcessingRule> extends InForce<R> {
  sure: boolean
}

/** Days from the scan on that a rule must hold for; a shorter one is a maintenance that passes. */
const lastingDays = 30

/** When a rule is in force; `passing`: not now, or for a while only. */
function forceOf({ always, schedule }: ProcessingRule, scannedAt: string): Force | 'passing' {
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
function takes({ conditions }: ProcessingRule, traits: AlertTraits): boolean | null {
  const held = conditions.map((condition) => conditionHolds(condition, traits))
  return held.includes(false) ? false : held.includes(null) ? null : true
}

/** Those of some rules that are, or may be, for an alert within their scopes. */
export function applied<R extends ProcessingRule>(rules: readonly InForce<R>[], traits: AlertTraits): Applied<R>[] {
  return rules.flatMap((each) => {
    const takesIt = takes(each.rule, traits)
    return takesIt === false ? [] : { ...each, sure: takesIt === true }
  })
}
