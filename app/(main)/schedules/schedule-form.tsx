'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import { formatIn } from '@/components/format'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button, buttonClass } from '@/components/ui/button'
import { described, Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { nameLengthMax } from '@/lib/domain/name-length'
import { ScopeFields } from './scope-fields'
import type { SubscriptionName } from './subscription-name'

/** The form's fields as text. */
export interface SentSchedule {
  name: string
  cron: string
  timeZone: string
  mode: string
  what: string
  subscriptions: string[]
  managementGroup: string
}

export interface ScheduleAnswer extends ActionAnswer {
  /** By field. */
  errors: Record<string, string>
  sent: SentSchedule
  /** The next runs when they were asked for, ISO 8601. */
  preview: string[]
}

interface ScheduleFormProps {
  /** Absent for a new one. */
  id?: string
  values: SentSchedule
  /** Those to choose among, and those that are chosen though they are deleted. */
  subscriptions: SubscriptionName[]
  timeZones: string[]
  action: (before: ScheduleAnswer | null, form: FormData) => Promise<ScheduleAnswer>
}

const modes = [
  { value: 'full', label: 'Full: everything is read again' },
  { value: 'incremental', label: 'Changes only: what may have changed since the scan before' },
]

export function ScheduleForm({ id, values, subscriptions, timeZones, action }: ScheduleFormProps) {
  const [answer, submit, pending] = useActionState(action, null)
  const errors = answer?.errors ?? {}
  const shown = answer?.sent ?? values
  return (
    <form action={submit} className="max-w-3xl space-y-5">
      {id !== undefined && <input type="hidden" name="id" value={id} />}
      {answer !== null && (
        <Notice kind={answer.ok ? 'info' : 'error'} role={answer.ok ? 'status' : 'alert'} title={answer.message}>
          {answer.preview.length > 0 && <ol className="tabular-nums">{answer.preview.map((run) => <li key={run}>{formatIn(answer.sent.timeZone, run)}</li>)}</ol>}
        </Notice>
      )}
      <Field id="name" label="Name" error={errors.name}>
        <input id="name" name="name" required maxLength={nameLengthMax} defaultValue={shown.name} className={inputClass} aria-describedby="name-error" aria-invalid={errors.name !== undefined} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="cron" label="Cron expression" hint="Minute, hour, day of month, month, day of week. 0 2 * * * is every night at two." error={errors.cron}>
          <input id="cron" name="cron" required defaultValue={shown.cron} autoComplete="off" spellCheck={false} className={`${inputClass} font-mono`} {...described('cron', errors)} />
        </Field>
        <Field id="timeZone" label="Time zone" hint="By whose clock it runs, summer time included." error={errors.timeZone}>
          <input id="timeZone" name="timeZone" required list="time-zones" defaultValue={shown.timeZone} autoComplete="off" className={inputClass} {...described('timeZone', errors)} />
        </Field>
      </div>
      <datalist id="time-zones">{timeZones.map((zone) => <option key={zone} value={zone}>{zone}</option>)}</datalist>
      <ScopeFields what={shown.what} chosen={shown.subscriptions} managementGroup={shown.managementGroup} subscriptions={subscriptions} errors={errors} />
      <fieldset className="min-w-0 space-y-1">
        <legend className="text-sm font-medium">Mode</legend>
        {modes.map(({ value, label }) => (
          <label key={value} className="flex min-h-7 items-center gap-2 text-sm">
            <input type="radio" name="mode" value={value} defaultChecked={shown.mode === value} className="size-4 accent-accent" />
            {label}
          </label>
        ))}
      </fieldset>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" name="intent" value="save" kind="primary" disabled={pending}>{pending ? 'Saving…' : 'Save'}</Button>
        <Button type="submit" name="intent" value="preview" disabled={pending}>Show the next runs</Button>
        <Link href="/schedules" className={buttonClass('quiet')}>Cancel</Link>
      </div>
    </form>
  )
}
