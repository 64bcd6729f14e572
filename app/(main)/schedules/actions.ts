'use server'

import { redirect } from 'next/navigation'
import { revalidatePath } from 'next/cache'
import { scanHref } from '@/components/links'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { scanRights } from '@/lib/auth/delegated-access'
import { requireViewer } from '@/lib/auth/require-viewer'
import { enableSchedule, getDatabase, getSchedule, removeSchedule, saveSchedule } from '@/lib/db'
import { nextRuns } from '@/lib/domain/schedule'
import { requestScan } from '@/lib/jobs/request-scan'
import { log } from '@/lib/log'
import { idOf } from '../form-input'
import { toAnswer } from '../to-answer'
import type { ScheduleAnswer } from './schedule-form'
import { parseScheduleForm, sentBy } from './schedule-input'

const previewed = 5
const notNamed: ActionAnswer = { ok: false, message: 'The schedule was not named. Reload the page and try again.' }

/** Saves a new or changed schedule and leads to the list; or shows its next runs without saving. */
export async function saveScheduleForm(_before: ScheduleAnswer | null, form: FormData): Promise<ScheduleAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const parsed = parseScheduleForm(form)
  const sent = sentBy(form)
  if (!parsed.ok) return { ok: false, message: 'Nothing was saved: see the fields marked below.', errors: parsed.errors, sent, preview: [] }
  if (form.get('intent') === 'preview') {
    const preview = nextRuns(parsed.value, new Date(), previewed).map((run) => run.toISOString())
    return { ok: true, message: 'The next runs would be as below. Nothing was saved yet.', errors: {}, sent, preview }
  }
  const outcome = await toAnswer(() => saveSchedule(getDatabase(), viewer, parsed.value, person.username))
  if (!outcome.ok) return { ...outcome, errors: {}, sent, preview: [] }
  log('info', 'a schedule was saved', { scheduleId: outcome.value.id, by: person.username })
  revalidatePath('/schedules')
  redirect('/schedules')
}

/** Pauses a schedule, or resumes it where the form says `resume`. */
export async function pauseSchedule(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const id = idOf(form)
  if (id === null) return notNamed
  const enabled = form.get('value') === 'resume'
  const outcome = await toAnswer(() => enableSchedule(getDatabase(), viewer, id, enabled))
  if (outcome.ok) log('info', `a schedule was ${enabled ? 'resumed' : 'paused'}`, { scheduleId: id, by: person.username })
  revalidatePath('/schedules')
  return outcome.ok ? null : outcome
}

/** Removes a schedule; its scans are kept. */
export async function removeScheduleById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(() => removeSchedule(getDatabase(), viewer, id))
  if (outcome.ok) log('info', 'a schedule was removed', { scheduleId: id, by: person.username })
  revalidatePath('/schedules')
  return outcome.ok ? null : outcome
}

/** Starts a scan like the schedule's, beside its plan, and leads to it. */
export async function runScheduleNow(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Operator')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(async () => {
    const { scope, mode } = await getSchedule(getDatabase(), viewer, id)
    const rights = await scanRights(person, { mode, scope })
    return requestScan({ viewer, requestedBy: person.name, mode, scope, ...rights })
  })
  if (!outcome.ok) return outcome
  redirect(scanHref(outcome.value.scanId))
}
