import type { CheckContext } from '@/lib/domain/check'
import { dayMs } from '@/lib/domain/day'
import type { GuestAssignment, GuestRule } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { kindEvidence, type Machine } from './machine'
import { unreadJudgement } from './unread'
import { are, listInWords } from './wording'

export const guestPermission = 'Microsoft.GuestConfiguration/guestConfigurationAssignments/read'

/** Days after which a result of guest configuration says nothing of today: the machine is off, or its agent is. */
const staleAfterDays = 7

type Unknown = Extract<Judgement, { verdict: 'unknown' }>

/** What guest configuration says of a machine: fresh results, and those that cannot be used. */
export interface GuestReport {
  fresh: GuestAssignment[]
  stale: GuestAssignment[]
  pending: GuestAssignment[]
}

/** The machine's results of guest configuration; or why there are none to look at. */
export function guestReport(machine: Machine, context: CheckContext): GuestReport | Unknown {
  const read = context.estate.fact(machine.id, 'guest-assignments')
  if (!read?.ok) return unreadJudgement('The results of guest configuration', read, guestPermission)
  const oldest = new Date(Date.parse(context.scannedAt) - staleAfterDays * dayMs).toISOString().slice(0, 10)
  const report: GuestReport = { fresh: [], stale: [], pending: [] }
  for (const assignment of [...read.value].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!isDecided(assignment.status) || assignment.checkedOn === null) report.pending.push(assignment)
    else if (assignment.checkedOn < oldest) report.stale.push(assignment)
    else report.fresh.push(assignment)
  }
  return report
}

function isDecided(status: string): boolean {
  return /^(non)?compliant$/i.test(status)
}

/** True for what Azure calls compliant: neither `NonCompliant` nor a state on the way to an answer. */
export function isCompliant(status: string): boolean {
  return /^compliant$/i.test(status)
}

export interface RuleResult {
  passed: boolean
  assignment: string
  rule: GuestRule | null
}

/**
 * What the fresh reports say of one rule, by its id or words. `implied`: assignments that hold the rule, so that a compliant
 * whole tells that it passed where the report does not list it. Undefined: nothing says it.
 */
export function ruleResult({ fresh }: GuestReport, named: RegExp, implied: RegExp): RuleResult | undefined {
  const listed = fresh.flatMap((assignment) =>
    assignment.rules
      .filter((rule) => isDecided(rule.status) && named.test([rule.id, ...rule.words].join(' ')))
      .map((rule) => ({ passed: isCompliant(rule.status), assignment: assignment.name, rule })))
  const failed = listed.find(({ passed }) => !passed)
  if (failed ?? listed[0]) return failed ?? listed[0]
  const whole = fresh.find((assignment) => implied.test(assignment.name) && isCompliant(assignment.status))
  return whole && { passed: true, assignment: whole.name, rule: null }
}

export function guestEvidence(report: GuestReport): Evidence {
  const short = ({ name, status, checkedOn, rules, rulesReported }: GuestAssignment): Evidence => ({
    name, status, checkedOn, rulesReported, ...(rules.length > 0 && { rules }),
  })
  return { assignments: [...report.fresh, ...report.stale, ...report.pending].map(short) }
}

/** The verdict where no fresh report says it. `what` follows "says whether". */
export function notReported(machine: Machine, report: GuestReport, what: string): Unknown {
  const names = (list: readonly GuestAssignment[]): string[] => list.map(({ name }) => name)
  const { fresh, stale, pending } = report
  let why = 'no guest configuration is assigned to the machine'
  if (fresh.length > 0) why = `the latest ${fresh.length === 1 ? 'report' : 'reports'} of ${listInWords(names(fresh))} ${are(fresh) === 'is' ? 'does' : 'do'} not name it`
  else if (stale.length > 0) why = `the last result of ${listInWords(names(stale))} is of ${stale.map(({ checkedOn }) => checkedOn ?? '').sort().at(-1) ?? ''}`
  else if (pending.length > 0) why = `${listInWords(names(pending))} ${are(pending)} still pending`
  return { verdict: 'unknown', reasonCode: 'not-onboarded', reason: `Nothing says whether ${what}: ${why}.`, evidence: { ...kindEvidence(machine), ...guestEvidence(report) } }
}
