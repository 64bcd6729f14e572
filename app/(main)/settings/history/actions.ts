'use server'

import { revalidatePath } from 'next/cache'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, setHistoryDays } from '@/lib/db'
import { toAnswer } from '../../to-answer'

/** Saves for how long scans are kept in full; what is older goes the next time that history is pruned. */
export async function saveHistoryDays(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer> {
  const { viewer } = await requireViewer('Keypoint.Admin')
  const days = Number(form.get('days') || Number.NaN)
  const outcome = await toAnswer(() => setHistoryDays(getDatabase(), viewer, days))
  if (!outcome.ok) return outcome
  revalidatePath('/settings/history')
  return { ok: true, message: `Saved: scans are kept in full for ${days} days.` }
}
