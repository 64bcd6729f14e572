'use server'

import { revalidatePath } from 'next/cache'
import { requireViewer } from '@/lib/auth/require-viewer'
import { currentPolicy, getDatabase, savePolicy } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import { toAnswer } from '../to-answer'
import { parsePolicyForm } from './policy-input'
import type { PolicyAnswer } from './policy-form'

/** Saves what an Admin decided as the next version of the policy; what the form does not show stays as it is. */
export async function savePolicyForm(_before: PolicyAnswer | null, form: FormData): Promise<PolicyAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const parsed = parsePolicyForm(form)
  if (!parsed.ok) return { ok: false, message: 'Nothing was saved: see the fields marked below.', errors: parsed.errors, sent: sentBy(form) }
  const db = getDatabase()
  const stored = (await currentPolicy(db, viewer.estateId))?.policy ?? defaultPolicy
  const { retentionDays, ...rest } = parsed.value
  const policy = { ...stored, ...rest, retentionDays: { ...stored.retentionDays, ...retentionDays } }
  const outcome = await toAnswer(() => savePolicy(db, viewer, policy, person.username))
  if (!outcome.ok) return { ...outcome, errors: {}, sent: sentBy(form) }
  revalidatePath('/settings')
  return { ok: true, message: `Saved as version ${outcome.value.version}. The next scan judges by it.`, errors: {}, sent: null }
}

function sentBy(form: FormData): PolicyAnswer['sent'] {
  const text = (name: string) => String(form.get(name) ?? '')
  return { workspaces: form.getAll('workspace').map(String), otherWorkspaces: text('otherWorkspaces'), total: text('total'), interactive: text('interactive') }
}
