'use server'

import type { ActionAnswer } from '@/components/ui/action-answer'
import { changePolicy } from '../change-policy'
import { versionOf } from '../policy-fields'
import { checksFromForm } from './checks-input'

/** Saves which checks are asked, how severe they are and what else counts. */
export async function saveChecks(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer> {
  return changePolicy(versionOf(form), checksFromForm(form))
}
