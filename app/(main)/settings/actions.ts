'use server'

import { redirect } from 'next/navigation'
import { scanHref } from '@/components/links'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import { requestJudging } from '@/lib/jobs/request-scan'
import { toAnswer } from '../to-answer'
import { changePolicy } from './change-policy'
import type { PolicyAnswer } from './policy-form'
import { parsePolicyForm } from './policy-input'

/** Saves what an Admin decided as the next version of the policy; what the form does not show stays as it is. */
export async function savePolicyForm(_before: PolicyAnswer | null, form: FormData): Promise<PolicyAnswer> {
  await requireViewer('Keypoint.Admin')
  const parsed = parsePolicyForm(form)
  if (!parsed.ok) return { ok: false, message: 'Nothing was saved: see the fields marked below.', errors: parsed.errors }
  const { version, retentionDays, ...rest } = parsed.value
  return { ...(await changePolicy(version, (stored) => ({ ...stored, ...rest, retentionDays }))), errors: {} }
}

/** Judges what was last read under the policy as it is now, and leads to the page of that judging. */
export async function judgeAgain(): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const outcome = await toAnswer(() => requestJudging({ viewer, requestedBy: person.name }))
  if (!outcome.ok) return outcome
  redirect(scanHref(outcome.value.scanId))
}
