import { expect, it } from 'vitest'
import type { Finding } from '@/lib/domain/finding'
import type { ReasonCode, Severity, Verdict } from '@/lib/domain/verdict'
import { toResourceKey } from '@/lib/domain/arm-id'
import { unwordedCodes } from '@/lib/domain/evidence-words'
import { judgeSubjects } from '../judge'
import { findCheck } from '../list'
import { contextOf, type EstateLiteral } from './estate-builder'
import { expectPasteable } from './pasteable'
import { kindsMissing } from './remediation-kinds'

/** One judged case: an estate, whom the check is asked about, and what an expert says. */
export interface JudgedCase {
  /** Why the verdict is right. */
  because: string
  estate: EstateLiteral
  /** Id of the subject. */
  of: string
  /** `none`: there must be no finding at all. */
  verdict: Verdict | 'none'
  reasonCode?: ReasonCode
  severity?: Severity
  permission?: string
  /** Part of the reason. */
  says?: string | RegExp
}

/** The judgement of one check about one subject; undefined when there is no finding. */
export function judgementOf(check: string, estate: EstateLiteral, of: string): Finding | undefined {
  const found = findCheck(check)
  if (!found) throw new Error(`no check ${check}`)
  return judgeSubjects(contextOf(estate), [found]).find((finding) => toResourceKey(finding.resourceId) === toResourceKey(of))
}

/** Where a read was refused or failed, the cure is to let it be read, and no remediation is shown. */
function asksForAction({ judgement }: Finding): boolean {
  return judgement.verdict === 'fail' || (judgement.verdict === 'unknown' && (judgement.reasonCode === 'unsupported' || judgement.reasonCode === 'not-onboarded'))
}

/** One test per case; each also proves that a pass or fail carries evidence, an unknown its code, and that what to do can be pasted. */
export function judgedCases(check: string, cases: readonly JudgedCase[]): void {
  it.each(cases.map((one) => [`${one.verdict}: ${one.because}`, one] as const))('%s', (_, one) => {
    const finding = judgementOf(check, one.estate, one.of)
    if (one.verdict === 'none') {
      expect(finding).toBeUndefined()
      return
    }
    const judgement = finding?.judgement
    expect(`${judgement?.verdict}: ${judgement?.reason}`).toMatch(new RegExp(`^${one.verdict}: `))
    if (one.says !== undefined) expect(judgement?.reason).toMatch(one.says)
    if (one.severity) expect(finding?.severity).toBe(one.severity)
    if (judgement?.verdict === 'unknown') {
      expect(judgement.reasonCode).toBe(one.reasonCode)
      if (one.permission) {
        expect(judgement.permission).toBe(one.permission)
        expect(findCheck(check)?.permissions, 'permissions that the check lists').toContain(one.permission)
      }
    }
    if (judgement?.verdict === 'pass' || judgement?.verdict === 'fail') expect(Object.keys(judgement.evidence).length).toBeGreaterThan(0)
    expect(judgement?.reason).toMatch(/^\S.*[^.]\.$/s)
    expect(judgement?.reason).not.toMatch(/undefined|null|NaN|\.\.|  /)
    expect(unwordedCodes(judgement?.evidence ?? {}), 'codes that lib/domain/evidence-words.ts has no words for').toEqual([])
    const judged = findCheck(check)
    if (finding === undefined || judged === undefined || !asksForAction(finding)) return
    const remediation = expectPasteable(judged, finding, contextOf(one.estate).policy)
    if (judgement?.verdict === 'fail') expect(kindsMissing(check, remediation), 'kinds of remediation that are missing').toEqual([])
  })
}
