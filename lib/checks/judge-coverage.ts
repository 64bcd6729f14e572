import type { CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import type { Severity } from '@/lib/domain/verdict'
import { isComplete, type Coverage } from './coverage'
import { readActionOf, refusalEvidence } from './destination'
import type { EffectiveLogging } from './effective-logging'
import { loggingEvidence, requiredEvidence } from './evidence'
import type { RequiredSet } from './required-categories'
import { are, listInWords } from './wording'

/** Evidence of a question about categories: what was asked, what was found. */
export function coverageEvidence(required: RequiredSet, coverage: Coverage, effective: EffectiveLogging, context: CheckContext, extra?: Evidence): Evidence {
  const { missing, unreadable, undetermined } = coverage
  return {
    ...loggingEvidence(effective, context),
    required: requiredEvidence(required),
    ...(missing.length > 0 && { missing }),
    ...(unreadable.length > 0 && { onlyToUnreadable: unreadable }),
    ...(undetermined.length > 0 && { undetermined }),
    ...extra,
  }
}

/** Unknown because the logs go only where we cannot look, or where a transformation may drop them. */
export function unreadableJudgement(coverage: Coverage, evidence: Evidence, severity: Severity): Judgement {
  const [first] = coverage.unreadableDestinations
  const where = first ? first.id : 'a destination'
  if (first?.unclear) {
    const { reasonCode, why, permission } = first.unclear
    return { verdict: 'unknown', reasonCode, reason: `${listInWords(coverage.unreadable)} ${are(coverage.unreadable)} sent only to ${where}, and whether it keeps them is not told. ${why}`, evidence: { ...evidence, ...refusalEvidence(first.unclear) }, severity, ...(permission !== undefined && { permission }) }
  }
  return {
    verdict: 'unknown',
    reasonCode: 'permission-denied',
    reason: `${listInWords(coverage.unreadable)} ${are(coverage.unreadable)} sent only to ${where}, in a subscription that cannot be read.`,
    evidence: { ...evidence, ...(first && { refusedOn: first.id }) },
    severity,
    permission: readActionOf[first?.kind ?? 'workspace'],
  }
}

/** Unknown because nobody says what is in the required set, or in a group that is switched on. */
export function undeterminedJudgement(required: RequiredSet, coverage: Coverage, evidence: Evidence, severity: Severity): Judgement {
  const reason = required.categories.length + required.anyOf.length === 0
    ? 'Azure lists this type as having logs, but neither Azure nor the catalogue names its categories.'
    : required.decidedBy === 'unknown'
      ? 'Some logs are sent, but neither Azure nor the catalogue says which categories of this type are audit logs.'
      : `A category group is on, but neither Azure nor the catalogue says whether it holds ${listInWords(coverage.undetermined)}.`
  return { verdict: 'unknown', reasonCode: 'unsupported', reason, evidence, severity }
}

/** The verdict where nothing is missing for certain and not everything is there: what cannot be looked at first, then what nobody tells. */
export function unsettledJudgement(required: RequiredSet, coverage: Coverage, evidence: Evidence, severity: Severity): Judgement {
  return coverage.unreadable.length > 0 ? unreadableJudgement(coverage, evidence, severity) : undeterminedJudgement(required, coverage, evidence, severity)
}

/** True when everything required is there and the list of what is required can be relied on. */
export function isSurelyComplete(required: RequiredSet, coverage: Coverage, effective: EffectiveLogging): boolean {
  if (!isComplete(coverage)) return false
  const { profile } = effective
  const lowerBound = profile.source === 'none' || (profile.source === 'catalogue' && profile.catalogType?.complete === false)
  if (required.decidedBy !== 'unknown' && !(required.decidedBy === 'all-categories' && lowerBound)) return true
  if (!lowerBound) return true
  // A list that may lack categories is complete only by the group that holds all of them.
  return effective.openGroups.some(({ group }) => group === 'alllogs')
}
