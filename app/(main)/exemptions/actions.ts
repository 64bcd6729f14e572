'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import { approveExemption, endExemption, getDatabase, listExemptions, requestExemption } from '@/lib/db'
import { hasRole } from '@/lib/auth/person'
import { KeypointError } from '@/lib/errors'
import { webConfig } from '@/lib/auth/web-settings'
import { effectivePolicy } from '@/lib/jobs/effective-policy'
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
  const outcome = await toAnswer(() => requestExemption(getDatabase(), viewer, parsed.value, person.username))
  if (!outcome.ok) return { ...outcome, errors: {}, sent }
  revalidatePath('/exemptions')
  redirect('/exemptions')
}

export async function approveExemptionById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(async () => {
    const { exemptionApprover } = await effectivePolicy(getDatabase(), viewer.estateId, webConfig().policyPath)
    await approveExemption(getDatabase(), viewer, id, person.username, new Date(), exemptionApprover === 'another-person')
  })
  revalidatePath('/exemptions')
  return outcome.ok ? null : outcome
}

/** An Admin refuses or ends any; an Operator withdraws what they asked for. */
export async function endExemptionById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(async () => {
    const row = (await listExemptions(getDatabase(), viewer)).find((one) => one.id === id)
    const isOwnRequest = row !== undefined && row.approvedAt === null && row.requestedBy === person.username
    if (!isOwnRequest && !hasRole(person, 'Keypoint.Admin')) throw new KeypointError('forbidden', 'Ending an exemption needs the role Keypoint.Admin.', 'Ask an Admin.')
    await endExemption(getDatabase(), viewer, id, person.username)
  })
  revalidatePath('/exemptions')
  return outcome.ok ? null : outcome
}

function idOf(form: FormData): string | null {
  const parsed = z.uuid().safeParse(form.get('id'))
  return parsed.success ? parsed.data : null
}
