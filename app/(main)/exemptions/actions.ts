'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import { approveExemption, endExemption, getDatabase, requestExemption, takeBackRejection } from '@/lib/db'
import { hasRole } from '@/lib/auth/person'
import type { Viewer } from '@/lib/domain/viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
import { idOf } from '../form-input'
import { toAnswer } from '../to-answer'
import type { ExemptionAnswer } from './exemption-form'
import { parseExemptionForm, sentBy } from './exemption-input'

const notNamed: ActionAnswer = { ok: false, message: 'The exemption was not named. Reload the page and try again.' }

/** Asks for an exemption and leads to the list. */
export async function askForExemption(_before: ExemptionAnswer | null, form: FormData): Promise<ExemptionAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const parsed = parseExemptionForm(form)
  const sent = sentBy(form)
  if (!parsed.ok) return { ok: false, message: 'Nothing was sent: see the fields marked below.', errors: parsed.errors, sent }
  const outcome = await toAnswer(async () => requestExemption(getDatabase(), viewer, parsed.value, person, new Date(), await wantsAnother(viewer)))
  if (!outcome.ok) return { ...outcome, errors: {}, sent }
  revalidatePath('/exemptions')
  redirect('/exemptions')
}

/** Puts a requested exemption in force. */
export async function approveExemptionById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(async () => {
    await approveExemption(getDatabase(), viewer, id, person, new Date(), await wantsAnother(viewer))
  })
  revalidatePath('/exemptions')
  return outcome.ok ? null : outcome
}

/** An Admin refuses or ends any; an Operator withdraws what they asked for. */
export async function endExemptionById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(() => endExemption(getDatabase(), viewer, id, person, hasRole(person, 'Keypoint.Admin') ? 'any' : 'own-requests'))
  revalidatePath('/exemptions')
  return outcome.ok ? null : outcome
}

/** Lets the next scan take over again what was refused or ended here though it stands in Azure Policy. */
export async function takeBackRejectionById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(() => takeBackRejection(getDatabase(), viewer, id, person))
  revalidatePath('/exemptions')
  return outcome.ok ? null : outcome
}

/** Whether the policy wants another person to approve than whoever asked. */
async function wantsAnother({ estateId }: Viewer): Promise<boolean> {
  return (await effectivePolicy(getDatabase(), estateId, webConfig().policyPath)).exemptionApprover === 'another-person'
}
