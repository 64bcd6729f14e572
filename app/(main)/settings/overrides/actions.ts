'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import type { PolicyOverride } from '@/lib/domain/policy'
import { changePolicy } from '../change-policy'
import { textOf, versionOf } from '../policy-fields'
import type { PolicyAnswer } from '../policy-form'
import { overrideFromForm } from './override-input'

/** The override's place in the list, as the form names it; -1 for a new one. */
function placeOf(form: FormData): number {
  const place = Number(textOf(form, 'place') || '-1')
  return Number.isInteger(place) ? place : -1
}

/** Saves a new override at the end of the list, or an edited one in its place; then shows the list. */
export async function saveOverride(_before: PolicyAnswer | null, form: FormData): Promise<PolicyAnswer> {
  await requireViewer('Keypoint.Admin')
  const parsed = overrideFromForm(form)
  if (!parsed.ok) return { ok: false, message: parsed.errors.rules ?? 'Nothing was saved: see the fields marked below.', errors: parsed.errors }
  const place = placeOf(form)
  const answer = await changePolicy(versionOf(form), (stored) => ({
    ...stored,
    overrides: stored.overrides[place] === undefined ? [...stored.overrides, parsed.value] : stored.overrides.with(place, parsed.value),
  }))
  if (!answer.ok) return { ...answer, errors: {} }
  redirect('/settings/overrides')
}

const changeSchema = z.enum(['up', 'down', 'remove'])

/** Moves an override one place up or down, or removes it. */
export async function changeOverrides(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer> {
  await requireViewer('Keypoint.Admin')
  const place = placeOf(form)
  const change = changeSchema.safeParse(form.get('change'))
  if (!change.success) return { ok: false, message: 'What to do with the override was not named. Reload the page and try again.' }
  return changePolicy(versionOf(form), (stored) => ({ ...stored, overrides: changed(stored.overrides, place, change.data) }))
}

function changed(overrides: readonly PolicyOverride[], place: number, change: z.infer<typeof changeSchema>): PolicyOverride[] {
  const one = overrides[place]
  if (one === undefined) return [...overrides]
  const others = overrides.toSpliced(place, 1)
  if (change === 'remove') return others
  return others.toSpliced(Math.max(0, place + (change === 'up' ? -1 : 1)), 0, one)
}
