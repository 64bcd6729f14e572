import { z } from 'zod'
import { isManagementGroupName } from '@/lib/domain/management-group'
import { nameLengthMax } from '@/lib/domain/name-length'
import { cronProblem, isTimeZone, type ScheduleInput } from '@/lib/domain/schedule'
import type { ScanScope } from '@/lib/domain/scan'
import { errorsByField } from '../form-input'
import type { SentSchedule } from './schedule-form'

const scheduleForm = z.object({
  id: z.guid().optional(),
  name: z.string().trim().min(1, 'Give it a name.').max(nameLengthMax, `The name can have at most ${nameLengthMax} characters.`),
  cron: z.string().trim().superRefine((cron, context) => {
    const problem = cronProblem(cron)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  }),
  timeZone: z.string().trim().refine(isTimeZone, 'This time zone is not known; write it as in Europe/Berlin.'),
  mode: z.enum(['full', 'incremental']),
  what: z.enum(['everything', 'subscriptions', 'managementGroup']),
  subscriptions: z.array(z.guid().transform((id) => id.toLowerCase())),
  managementGroup: z.string().trim(),
}).superRefine(({ what, subscriptions, managementGroup }, context) => {
  if (what === 'subscriptions' && subscriptions.length === 0) context.addIssue({ code: 'custom', path: ['subscriptions'], message: 'Choose at least one subscription.' })
  if (what === 'managementGroup' && !isManagementGroupName(managementGroup)) {
    context.addIssue({ code: 'custom', path: ['managementGroup'], message: 'Write the group’s name (its id, not its display name).' })
  }
})

/** What the schedule form sends, checked; or what is wrong, by field. */
export function parseScheduleForm(form: FormData): { ok: true; value: ScheduleInput & { id?: string } } | { ok: false; errors: Record<string, string> } {
  const sent = sentBy(form)
  const parsed = scheduleForm.safeParse({ ...sent, id: String(form.get('id') ?? '') || undefined })
  if (!parsed.success) return { ok: false, errors: errorsByField(parsed.error) }
  const { id, name, cron, timeZone, mode } = parsed.data
  return { ok: true, value: { ...(id !== undefined && { id }), name, cron, timeZone, mode, scope: scopeOf(parsed.data) } }
}

function scopeOf({ what, subscriptions, managementGroup }: z.infer<typeof scheduleForm>): ScanScope {
  switch (what) {
    case 'everything': return {}
    case 'subscriptions': return { subscriptions: [...new Set(subscriptions)] }
    case 'managementGroup': return { managementGroup }
  }
}

/** The fields as they came, so that nothing has to be typed again. */
export function sentBy(form: FormData): SentSchedule {
  const text = (name: string) => String(form.get(name) ?? '')
  return {
    name: text('name'), cron: text('cron'), timeZone: text('timeZone'), mode: text('mode'), what: text('what'), subscriptions: form.getAll('subscription').map(String),
    managementGroup: text('managementGroup'),
  }
}
