'use server'

import { revalidatePath } from 'next/cache'
import { formatCounted, formatDay } from '@/components/format'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, setHistoryDays, shortenedTo, type Shortened } from '@/lib/db'
import { log } from '@/lib/log'
import { toAnswer } from '../../to-answer'
import type { HistoryAnswer } from './history-form'

/**
 * Saves for how long scans are kept in full; what is older goes the next time that history is pruned. A shorter time is saved once the form says `confirmed` with
 * the same number of days: before that, the answer tells what would go.
 */
export async function saveHistoryDays(_before: HistoryAnswer | null, form: FormData): Promise<HistoryAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const db = getDatabase()
  const days = Number(form.get('days') || Number.NaN)
  const isConfirmed = form.get('confirmed') === String(days)
  const outcome = await toAnswer(async () => {
    const shortened = isConfirmed ? null : await shortenedTo(db, viewer, days)
    if (shortened === null) await setHistoryDays(db, viewer, days, person.username, isConfirmed)
    return shortened
  })
  if (!outcome.ok) return { ...outcome, toConfirm: null }
  if (outcome.value !== null) return { ok: false, message: `Keep scans in full for ${days} days only?`, toConfirm: { days, consequence: consequenceOf(outcome.value) } }
  log('info', 'for how long history is kept was saved', { days, by: person.username })
  revalidatePath('/settings/history')
  return { ok: true, message: `Saved: scans are kept in full for ${days} days.`, toConfirm: null }
}

function consequenceOf({ scans, before }: Shortened): string {
  if (scans === 0) return `No scan that is kept in full is from before ${formatDay(before)}; from now on, scans lose their findings that much earlier.`
  return `${formatCounted(scans, 'scan')} from before ${formatDay(before)} ${scans === 1 ? 'loses its' : 'lose their'} findings within a day, and nothing brings them back.`
}
